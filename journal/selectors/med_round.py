"""The round of a ward: every dose that should be given now, patient by patient in the order of the beds."""

from collections import Counter
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from access.gate import Gate, call
from journal.domain.doses import State
from journal.models import CriticalInfo, MedOrder, Stay
from journal.selectors.frame import patients_among
from journal.selectors.medication import Sheet, order_line
from journal.services.med_orders import IN_CAVE
from lms_epj.core.formatting import format_list_name, format_time

TEMPLATES = ["ADMITTED", "SERVICE_HEALTH"]
BACK, AHEAD = timedelta(hours=12), timedelta(hours=12)
NOW = (State.DUE, State.LATE)
JUST_DONE = timedelta(hours=2)
LATE_TOGETHER = timedelta(hours=3)  # what is later than this is thought about dose by dose


def round_context(gate: Gate) -> dict[str, Any]:
    """{patients: [{id, name, bed, cave, lines: [{…, slot}], places}], unsigned: [{id, name, count}], waiting, next}. Everyone who is shown is disclosed, and so logged."""
    ids = gate.disclose(call("unit_patients", TEMPLATES))
    people = {person.pk: person for person in patients_among(ids)}
    sheet = Sheet(ids, gate.now - BACK, gate.now + AHEAD, gate.now)
    stays = {stay.patient_id: stay for stay in Stay.objects.filter(patient_id__in=ids, status__in=Stay.PRESENT).select_related("bed")}
    known: dict[Any, list[str]] = {}
    for item in CriticalInfo.objects.filter(patient_id__in=ids, ended_at__isnull=True, kind__in=IN_CAVE):
        known.setdefault(item.patient_id, []).append(item.substance)
    found: dict[Any, dict[str, Any]] = {}
    unsigned: Counter[Any] = Counter()
    later = []
    for order in sheet.orders:
        if not order.signed_at:
            unsigned[order.patient_id] += 1
            continue
        if order.kind == MedOrder.Kind.AS_NEEDED:
            continue
        line = order_line(sheet, order, known.get(order.patient_id, []))
        later += [slot["due_at"] for slot in line["slots"] if slot["state"] == State.PENDING]
        for slot in line["slots"]:
            done = slot["dose"] is not None and slot["due_at"] > gate.now - JUST_DONE
            if slot["state"] in NOW or done:
                row = found.setdefault(order.patient_id, {"lines": []})
                row["lines"].append(line | {"slot": slot})
    patients = [_patient(gate, people[key], stays.get(key), known.get(key, []), row["lines"]) for key, row in found.items() if key in people]
    patients.sort(key=lambda row: (row["bed"] is None, row["bed"] or 0, row["name"]))
    upcoming = min(later, default=None)
    return {
        "patients": patients, "unit": gate.unit, "waiting": sum(line["slot"]["state"] in NOW for row in patients for line in row["lines"]),
        "unsigned": [{"id": key, "name": format_list_name(people[key].family_name, people[key].given_name), "count": count} for key, count in unsigned.items()], "may_give": gate.role["may_chart"], "actor": gate.user_id,
        "next": _("Neste: %(count)s doser kl. %(clock)s") % {"count": later.count(upcoming), "clock": format_time(upcoming)} if upcoming else "",
    }  # fmt: skip


def _patient(gate: Gate, person: Any, stay: Stay | None, known: list[str], lines: list[dict[str, Any]]) -> dict[str, Any]:
    lines.sort(key=lambda line: (line["slot"]["due_at"], line["order"].generic))
    together = gate.now - LATE_TOGETHER
    ready = [
        line["slot"]["place"]
        for line in lines
        if line["slot"]["state"] in NOW and line["slot"]["due_at"] > together and _may_give(gate, line["slot"])
    ]
    return {
        "id": person.pk, "name": format_list_name(person.family_name, person.given_name), "born": person.birth_date, "number": person.number,
        "bed": stay.bed.number if stay and stay.bed else None, "cave": ", ".join(known), "lines": lines, "places": ready,
    }  # fmt: skip


def _may_give(gate: Gate, slot: dict[str, Any]) -> bool:
    """Whether this person may give it as it stands: what takes two has been controlled, by another."""
    return not slot["wants_control"] or (slot["control"] is not None and slot["control"].author_id != gate.user_id)
