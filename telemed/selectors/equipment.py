"""The register of equipment, whether each piece works, and what it was used for."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from guardian.core import ObjectPermissionChecker

from access.gate import Gate, call, rows
from access.models import OrgUnit, User
from lms_epj.core.clock import oslo_date, start_of_day
from lms_epj.core.formatting import format_near_day, format_near_moment, format_time
from telemed.models import Equipment, EquipmentMove, Fault, FunctionCheck, Resource
from telemed.services.bookings import GRACE

LOW_BATTERY = 30
USE_DAYS = 30


def manages(gate: Gate, resource: UUID) -> bool:
    """Whether the acting person holds this piece (an object permission), or the plan of the entity that has it; the database asks again."""
    held = ObjectPermissionChecker(User(id=gate.user_id, is_active=True)).has_perm("manage_resource", Resource(id=resource))
    return held or call("registers_resource", resource)


def equipment_rows(gate: Gate, keys: list[UUID] | None = None) -> list[dict[str, Any]]:
    """All that is in use, with its state: {equipment, resource, state, text, fault, check, due, support}."""
    newest = FunctionCheck.objects.filter(equipment=OuterRef("pk")).order_by("-checked_at", "-id")
    found = (
        Equipment.objects.filter(resource__ended_at=None)
        .select_related("resource", "resource__unit", "owner")
        .annotate(check_id=Subquery(newest.values("id")[:1]))
    )
    if keys is not None:
        found = found.filter(pk__in=keys)
    found = list(found.order_by("resource__position", "resource__name"))
    checks = FunctionCheck.objects.in_bulk([one.check_id for one in found if one.check_id])
    faults = {one.equipment_id: one for one in Fault.objects.filter(equipment__in=found, closed_at=None)}
    return [_row(gate, one, checks.get(one.check_id), faults.get(one.pk)) for one in found]


def _row(gate: Gate, one: Equipment, check: FunctionCheck | None, fault: Fault | None) -> dict[str, Any]:
    due = start_of_day(oslo_date(check.checked_at) + timedelta(days=one.check_days)) if check else None
    state, text = "ok", _("Klart")
    if fault:
        state, text = "off", _("Ute av drift")
    elif check is None:
        state, text = "warn", _("Ikke testet")
    elif not check.passed:
        state, text = "warn", _("Test feilet")
    elif due is not None and due <= start_of_day(oslo_date(gate.now)):
        state, text = ("warn", _("Ikke testet i dag")) if one.check_days == 1 else ("warn", _("Test forfalt"))
    elif check.battery is not None and check.battery < LOW_BATTERY:
        state, text = "warn", _("Batteri %(n)d %%") % {"n": check.battery}
    else:
        text = _("Testet %(at)s") % {
            "at": format_time(check.checked_at) if oslo_date(check.checked_at) == oslo_date(gate.now) else format_near_day(check.checked_at, gate.now)
        }
    support = ", ".join(filter(None, (one.support_name, one.support_phone)))
    return {
        "equipment": one, "resource": one.resource, "state": state, "text": text, "fault": fault, "check": check, "due": due, "support": support,
        "url": reverse("equipment_item", args=[one.pk]),
    }  # fmt: skip


def fault_words(gate: Gate, fault: Fault) -> str:
    """«Mikrofon. Sak 2291. Ventes klar ons. 10:00»"""
    parts = [fault.text.rstrip(".")]
    if fault.case_number:
        parts.append(_("Sak %(number)s") % {"number": fault.case_number})
    if fault.expected_at:
        parts.append(_("Ventes klar %(at)s") % {"at": format_near_moment(fault.expected_at, gate.now)})
    return ". ".join(parts)


def affected(gate: Gate, resource: UUID) -> list[dict[str, Any]]:
    """Bookings that count on it from now on, as times: what for is told where it may be seen."""
    return rows("bookings_on", resource, gate.now - GRACE)


def replacements(gate: Gate, equipment: Equipment, start: datetime, end: datetime) -> list[Resource]:
    """Pieces of the same kind that work, and are open and free at the time; those of the same unit first."""
    from telemed.domain.spans import Span
    from telemed.selectors.times import is_open, taken_times

    others = [
        row["resource"]
        for row in equipment_rows(gate)
        if row["equipment"].type == equipment.type and row["state"] != "off" and row["resource"].pk != equipment.pk
    ]
    closed = {one.pk for one in is_open(others, Span(start, end))} if others else set()
    taken = taken_times([one.pk for one in others], start, end)
    free = [one for one in others if one.pk not in closed and not taken[one.pk]]
    return sorted(free, key=lambda one: one.unit_id != equipment.resource.unit_id)


def use_rows(gate: Gate) -> list[dict[str, Any]]:
    """Sessions and hours of the last days, per place and piece: where it stood then (R49)."""
    used = rows("equipment_use", gate.now - timedelta(days=USE_DAYS), gate.now)
    found = {one.pk: one for one in Resource.objects.exclude(kind=Resource.Kind.PERSON).select_related("unit__legal_entity")}
    units = {one.pk: one for one in OrgUnit.objects.filter(pk__in={row["unit_id"] for row in used}).select_related("legal_entity")}
    shown = [
        {
            "name": found[row["resource_id"]].name, "entity": units[row["unit_id"]].legal_entity.name, "place": row["place"] or units[row["unit_id"]].name,
            "sessions": row["sessions"], "hours": (row["minutes"] or 0) / 60,
        }
        for row in used
    ]  # fmt: skip
    idle = found.keys() - {row["resource_id"] for row in used}
    shown += [
        {"name": one.name, "entity": one.unit.legal_entity.name, "place": one.place or one.unit.name, "sessions": 0, "hours": 0}
        for one in found.values() if one.pk in idle and one.ended_at is None
    ]  # fmt: skip
    return sorted(shown, key=lambda row: (row["entity"], row["place"], -row["sessions"], row["name"]))


def history(equipment: Equipment) -> dict[str, Any]:
    """The latest moves, checks and faults."""
    return {
        "moves": EquipmentMove.objects.filter(equipment=equipment).select_related("unit", "moved_by").order_by("-moved_at", "-id")[:10],
        "checks": FunctionCheck.objects.filter(equipment=equipment).select_related("checked_by").order_by("-checked_at", "-id")[:10],
        "faults": Fault.objects.filter(equipment=equipment).select_related("reported_by").order_by("-reported_at")[:10],
    }  # fmt: skip
