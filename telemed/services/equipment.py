"""Checks, faults, moves and replacements of equipment (R48–R50)."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from access.gate import Gate
from access.models import OrgUnit
from journal.services.checks import refuse, require_text
from telemed.domain.spans import Span
from telemed.models import Booking, Equipment, EquipmentMove, Fault, FunctionCheck, Resource, Slot
from telemed.selectors.equipment import manages
from telemed.services.slots import check_open, told_when_taken


def check_record(*, gate: Gate, equipment: Equipment, passed: bool, battery: int | None, remark: str = "") -> FunctionCheck:
    """It was tried now. One that failed is told of in the calendar; one that cannot be used is reported as a fault."""
    if battery is not None and not 0 <= battery <= 100:
        raise refuse("battery", _("Skriv batteriet i prosent, fra 0 til 100."), "battery")
    if not passed and not remark.strip():
        raise refuse("missing", _("Skriv hva som ikke virket."), "remark")
    made = FunctionCheck(
        equipment=equipment, checked_at=gate.now, checked_by_id=gate.user_id, passed=passed, battery=battery, remark=remark.strip()[:120]
    )
    made.save(force_insert=True)
    return made


def fault_report(*, gate: Gate, equipment: Equipment, text: str, case_number: str = "", expected_at: datetime | None = None) -> Fault:
    """Out of order from now on. What is booked stands until it gets a replacement."""
    fault = Fault(
        equipment=equipment, text=require_text(text, "text", _("Skriv hva som er galt."))[:200], case_number=case_number.strip(), expected_at=expected_at,
        reported_at=gate.now, reported_by_id=gate.user_id,
    )  # fmt: skip
    try:
        with transaction.atomic():
            fault.save(force_insert=True)
    except IntegrityError as error:
        if "fault_one_open" not in str(error):
            raise
        raise refuse("reported", _("Feilen er meldt fra før. Last siden på nytt.")) from None
    return fault


def fault_close(*, gate: Gate, fault: Fault) -> None:
    """It works again."""
    _require_manager(gate, fault.equipment_id)
    if not Fault.objects.filter(pk=fault.pk, closed_at=None).update(closed_at=gate.now, closed_by_id=gate.user_id):
        raise refuse("closed", _("Feilen er lukket fra før. Last siden på nytt."))


def equipment_move(*, gate: Gate, equipment: Equipment, unit: OrgUnit, place: str, remark: str = "") -> EquipmentMove:
    """From now on it stands there. Fixed equipment is not moved."""
    _require_manager(gate, equipment.pk)
    if not equipment.mobile:
        raise refuse("fixed", _("Utstyret er fast montert og kan ikke flyttes."))
    made = EquipmentMove(
        equipment=equipment, unit=unit, place=require_text(place, "place", _("Skriv hvor utstyret står nå."))[:80], moved_at=gate.now,
        moved_by_id=gate.user_id, remark=remark.strip()[:120],
    )  # fmt: skip
    made.save(force_insert=True)
    return made


def replace(*, gate: Gate, booking: Booking, old: Resource, new: Resource) -> Slot:
    """Gives a booking another piece for the same time; the old one is free of it.

    Raises NotFree when the new one was taken meanwhile: then nothing has changed.
    """
    span = Span(booking.starts_at, booking.ends_at)
    check_open([new], span, gate.now)
    with told_when_taken([new], span, gate.now):
        if not Slot.objects.filter(booking=booking, resource=old, active=True).update(active=False):
            raise refuse("gone", _("Timen har ikke lenger dette utstyret. Last siden på nytt."))
        made = Slot(booking=booking, resource=new, during=DateTimeTZRange(span.start, span.end))
        made.save(force_insert=True)
    return made


def _require_manager(gate: Gate, resource: UUID) -> None:
    if not manages(gate, resource):
        raise PermissionDenied(_("Du forvalter ikke dette utstyret. Be den som gjør det. Forsøket er logget."))
