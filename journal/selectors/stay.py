"""The stay page: where a stay stands, the decisions taken, and the messages that are owed."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.gate import Gate
from journal import around
from journal.models import Stay, StayDecision

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
        "owed": [
            {"text": _(OWED.get(item["kind"], item["kind"])), "to": _(item["to"]), "sent_at": item.get("sent_at"), "url": item.get("url", "")}
            for item in around.with_sent(gate, stay, stay.owed)
        ],
    }  # fmt: skip
