"""The stay page: where a stay stands, the decisions taken, and the messages that are owed."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.domain.codes import Action, Category
from access.gate import Gate
from journal import around
from journal.models import DischargeCheck, Isolation, Placement, Stay, StayDecision
from journal.services import leaving
from lms_epj.core.addresses import path_to

OWED = {"epikrise": gettext_noop("Epikrise"), "discharge_report": gettext_noop("Utskrivningsrapport")}


def newest_stay(patient: UUID) -> Stay | None:
    """The one that is open, else the last."""
    stays = Stay.objects.filter(patient=patient).select_related("bed", "ward", "responsible_nurse", "responsible_doctor")
    open_stay = stays.filter(status__in=[Stay.Status.EXPECTED, *Stay.PRESENT]).first()
    return open_stay or stays.order_by("-event_at", "-id").first()


def stay_facts(gate: Gate, stay: Stay) -> dict[str, Any]:
    """What the page shows of a stay. ``owed``: messages that nobody has sent yet, as waiting."""
    nurse, doctor = stay.responsible_nurse, stay.responsible_doctor
    decisions = StayDecision.objects.filter(stay=stay).select_related("author").order_by("-event_at", "-id")
    return {
        "status": stay.get_status_display(), "state": stay.status, "ward": stay.ward.name, "bed": stay.bed.number if stay.bed else None,
        "cause": stay.cause, "referrer": stay.referrer, "nurse": nurse.get_full_name() if nurse else "",
        "doctor": doctor.get_full_name() if doctor else "", "expected_at": stay.expected_at, "admitted_at": stay.admitted_at,
        "planned_discharge_at": stay.planned_discharge_at, "discharged_at": stay.discharged_at, "destination": stay.destination,
        "decisions": [
            {"outcome": row.get_outcome_display(), "reason": row.reason, "author": row.author.get_full_name(), "at": row.event_at} for row in decisions
        ],
        "places": places(stay), "checklist": checklist_of(stay), "checked": stay.status == Stay.Status.DISCHARGED,
        "owed": [
            {"text": _(OWED.get(item["kind"], item["kind"])), "to": _(item["to"]), "sent_at": item.get("sent_at"), "url": item.get("url", "")}
            for item in around.with_sent(gate, stay, stay.owed)
        ],
    }  # fmt: skip


def places(stay: Stay) -> list[dict[str, Any]]:
    """Where the patient has lain in this stay, the newest first: [{since, until, ward, bed, reason, by}]."""
    rows = list(Placement.objects.filter(stay=stay.pk).select_related("ward", "bed", "author").order_by("event_at", "id"))
    ends = [*(row.event_at for row in rows[1:]), stay.discharged_at]
    return [
        {"since": row.event_at, "until": until, "ward": row.ward.name, "bed": row.bed.number if row.bed else None, "reason": row.reason, "by": row.author.get_full_name()}
        for row, until in zip(rows, ends, strict=False)
    ][::-1]  # fmt: skip


def checklist_of(stay: Stay) -> list[dict[str, Any]]:
    """What is done before leaving. While the patient is here: each item and who said it. Afterwards: what the patient left without, and why."""
    if stay.status in Stay.PRESENT:
        urls = {leaving.MEDICINES: path_to("med_carry", stay.patient_id)}
        urls |= {key: f"{path_to('note_new', stay.patient_id)}?template={key}" for key in (leaving.LETTER, leaving.NURSING)}
        return [
            _line(item.key, item.label, item.done, item.check) | {"said": item.said, "url": "" if item.done else urls.get(item.key, "")}
            for item in leaving.checklist(stay)
        ]
    if stay.status != Stay.Status.DISCHARGED:
        return []
    rows = DischargeCheck.objects.filter(stay=stay.pk).select_related("author").order_by("event_at", "id")
    return [
        _line(key, leaving.label_of(key), row.state in leaving.SETTLED, row) | {"said": False, "url": ""}
        for key, row in leaving.newest_checks(rows).items()
    ]


def _line(key: str, label: str, done: bool, check: DischargeCheck | None) -> dict[str, Any]:
    return {
        "key": key, "label": label, "done": done, "state": check.get_state_display() if check else "", "remark": check.remark if check else "",
        "by": check.author.get_full_name() if check else "", "at": check.event_at if check else None,
    }  # fmt: skip


def isolations(gate: Gate, patient: UUID) -> dict[str, Any]:
    """{isolations: [...] newest first, isolate_url, end_url}: also those that ended, and what this person may do with the one in force."""
    rows = list(
        Isolation.objects.filter(patient=patient).select_related("author", "ordered_by", "ended_by", "unit").order_by("-event_at", "-id")[:20]
    )
    running = next((row for row in rows if row.ended_at is None), None)
    writes = gate.may(Action.WRITE, Category.CRITICAL) and gate.unit["kind"] in ("observation_ward", "nursing_home")
    return {
        "isolations": rows, "isolate_url": path_to("isolation_new", patient) if writes and running is None else "",
        "end_url": path_to("isolation_end", patient, running.pk) if writes and running is not None else "",
    }  # fmt: skip
