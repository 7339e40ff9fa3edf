"""Orders: written, signed by a doctor, changed by a stop and a new one, stopped. What is ordered is never rewritten."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from access.domain.codes import Action, Category
from access.gate import Gate
from journal.codes.medicines import atc_of
from journal.domain import cave
from journal.models import CriticalInfo, MedOrder
from journal.services.checks import refuse, require_text
from journal.services.entries import change, check_may, entry_columns, stay_of_unit
from journal.services.errors import Conflict, JournalError
from lms_epj.core.formatting import format_day_month

IN_CAVE = (CriticalInfo.Kind.ALLERGY, CriticalInfo.Kind.INTOLERANCE)
ORDERED = (
    "kind", "generic", "brand", "atc", "fest_id", "form", "strength", "dose", "unit_text", "route", "times", "every_days", "ends_at", "min_interval",
    "max_per_day", "volume_ml", "rate", "indication", "instruction", "double_control", "medication_id",
)  # fmt: skip


def signs_orders(gate: Gate) -> bool:
    """A doctor's act, by the profession that the role demands; the database asks the same."""
    return gate.role["required_profession"] == "doctor" and gate.may(Action.WRITE, Category.MEDICATION)


def cave_hits(patient: UUID, ordered: cave.Ordered) -> list[str]:
    """What the reader may see that the patient has reacted to, and that this medicine meets."""
    known = CriticalInfo.objects.filter(patient_id=patient, ended_at__isnull=True, kind__in=IN_CAVE).values_list("substance", flat=True)
    return cave.hits(ordered, known)


def order_write(
    *,
    gate: Gate,
    patient: UUID,
    values: Mapping[str, Any],
    starts_at: datetime,
    cave_reason: str = "",
    sign: bool = False,
    origin: UUID | None = None,
) -> MedOrder:
    """Writes an order. A doctor's is signed at once where ``sign``; another's waits for the doctor, and is not given until then.

    Raises JournalError when it meets something the patient has reacted to and ``cave_reason`` says nothing of it.
    """
    check_may(gate, Action.WRITE, Category.MEDICATION)
    if sign and not signs_orders(gate):
        raise JournalError("doctor_only", _("Bare lege signerer forordninger. Lagre den som forslag."))
    row = MedOrder(
        **entry_columns(gate, patient, Category.MEDICATION, None, stay_of_unit(gate, patient), origin=origin or values.get("medication_id")),
        **{name: values[name] for name in ORDERED if name in values}, starts_at=starts_at, cave_reason=cave_reason.strip(),
        origin_id=origin or values.get("medication_id"),
    )  # fmt: skip
    row.atc = row.atc or atc_of(row.generic)
    found = cave_hits(patient, cave.Ordered(row.generic, row.brand, row.atc))
    if found and not row.cave_reason:
        message = _("Pasienten har CAVE %(substances)s. Velg et annet legemiddel, eller skriv hvorfor.") % {"substances": ", ".join(found)}
        raise refuse("cave", message, "cave_reason")
    if sign:
        row.signed_by_id, row.signed_at = gate.user_id, gate.now
    row.save(force_insert=True)
    return row


def orders_sign(*, gate: Gate, patient: UUID, versions: Mapping[UUID, int]) -> list[MedOrder]:
    """Signs these orders as they were read, all or none.

    Raises Conflict when one was signed, stopped or changed by another meanwhile.
    """
    if not signs_orders(gate):
        raise JournalError("doctor_only", _("Bare lege signerer forordninger."))
    if not versions:
        raise JournalError("nothing", _("Ingen forordninger er valgt."))
    rows = {row.pk: row for row in MedOrder.objects.filter(patient_id=patient, pk__in=versions).select_related("signed_by")}
    with transaction.atomic():
        for key in sorted(versions):  # one order of locks, or two doctors could wait for each other
            row = rows.get(key)
            if row is None or row.stopped_at or row.signed_at:
                raise _taken(row)
            if not row.cave_reason and (found := cave_hits(patient, cave.Ordered(row.generic, row.brand, row.atc))):
                words = {"name": row.generic, "substances": ", ".join(found)}
                raise refuse(
                    "cave", _("%(name)s: pasienten har CAVE %(substances)s. Stopp forslaget, eller forordne på nytt og skriv hvorfor.") % words
                )
            change(row, lock_version=versions[key], signed_by_id=gate.user_id, signed_at=gate.now)
    return list(rows.values())


def _taken(row: MedOrder | None) -> Conflict:
    if row is not None and row.signed_by:
        return Conflict(_("%(name)s er allerede signert av %(who)s. Ingenting er lagret.") % {"name": row.generic, "who": row.signed_by}, row)
    return Conflict(_("En av forordningene er stoppet eller endret. Ingenting er lagret. Se listen på nytt."), row)


def order_stop(*, gate: Gate, row: MedOrder, reason: str, lock_version: int) -> MedOrder:
    """From now on no dose is given. One that waits for a signature is withdrawn by whoever writes there; a signed one is stopped by a doctor.

    Raises Conflict when another stopped or signed it meanwhile.
    """
    check_may(gate, Action.WRITE, Category.MEDICATION)
    if row.signed_at and not signs_orders(gate):
        raise JournalError("doctor_only", _("Bare lege stopper en signert forordning. Ring lege, eller før dosen som ikke gitt."))
    reason = require_text(reason, "reason", _("Skriv hvorfor."))
    if row.stopped_at:
        raise JournalError("stopped", _("Forordningen er allerede stoppet."))
    return change(row, lock_version=lock_version, stopped_by_id=gate.user_id, stopped_at=gate.now, stop_reason=reason)


def order_change(
    *, gate: Gate, row: MedOrder, values: Mapping[str, Any], starts_at: datetime, cave_reason: str, reason: str, lock_version: int
) -> MedOrder:
    """Stops the order as it was and goes on with it as it is now, signed; both stay readable."""
    if not signs_orders(gate):
        raise JournalError("doctor_only", _("Bare lege endrer forordninger."))
    kept = {name: getattr(row, name) for name in ORDERED}
    if all(kept[name] == value for name, value in values.items() if name in kept):
        raise JournalError("nothing_changed", _("Ingenting er endret."))
    with transaction.atomic():
        order_stop(gate=gate, row=row, reason=reason, lock_version=lock_version)
        return order_write(
            gate=gate, patient=row.patient_id, values=kept | dict(values), starts_at=starts_at, cave_reason=cave_reason, sign=True, origin=row.pk
        )


def orders_end(*, gate: Gate, rows: Iterable[MedOrder], reason: str, at: datetime) -> None:
    """What runs in a stay ends with it."""
    for row in rows:
        change(row, lock_version=row.lock_version, stopped_by_id=gate.user_id, stopped_at=at, stop_reason=reason)


def rhythm(order: MedOrder) -> str:
    """«kl. 08, 14 og 20», «ved behov, inntil 6 ganger i døgnet, minst 4 timer mellom», «hver 7. dag kl. 08»."""
    if order.kind == MedOrder.Kind.AS_NEEDED:
        parts = [_("ved behov")]
        if order.max_per_day:
            parts.append(_("inntil %(count)s ganger i døgnet") % {"count": order.max_per_day})
        if order.min_interval:
            hours, minutes = divmod(order.min_interval, 60)
            parts.append(
                _("minst %(hours)s t %(minutes)s min mellom") % {"hours": hours, "minutes": minutes}
                if minutes
                else _("minst %(hours)s timer mellom") % {"hours": hours}
            )
        return ", ".join(parts)
    clock = ", ".join(f"{at:%H:%M}" for at in order.times)
    if order.kind == MedOrder.Kind.ONCE:
        return _("én gang, %(day)s kl. %(clock)s") % {"day": format_day_month(order.starts_at), "clock": clock}
    if order.every_days == 1:
        return _("kl. %(clock)s") % {"clock": clock}
    return _("hver %(days)s. dag kl. %(clock)s") % {"days": order.every_days, "clock": clock}
