"""What the home municipality knows, and that it is not here yet."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery, UUIDField
from django.utils.translation import gettext as _

from access.domain.codes import Action, Category
from access.gate import Gate, rows
from access.models import LegalEntity, OrgUnit
from journal.models import Stay
from lms_epj.core.addresses import path_to
from lms_epj.core.prepared import Prepared, Slot
from messaging.composing.kinds import KINDS
from messaging.models import InformationGap
from messaging.selectors.parties import home_party
from messaging.services.compose import sending_category

WHOLE_TIME = timedelta(days=365)
ASK = KINDS["foresporsel"]
_MUNICIPALITY = LegalEntity.objects.filter(municipality_number=OuterRef("municipality_number"), kind="municipality", valid_to=None)
_OPEN = Prepared(
    lambda: InformationGap.objects.filter(
        stay=Slot("stay", UUIDField()), mode=InformationGap.Mode.MESSAGE, received_at__isnull=True, closed_at__isnull=True
    ).annotate(municipality=Subquery(_MUNICIPALITY.values("name")[:1]))[:1]
)


def notice(gate: Gate, patient: UUID, stay: Stay | None) -> dict[str, Any] | None:
    """«Opplysninger fra Enebakk er ikke mottatt», for as long as they are not, with the time since they were asked for."""
    if stay is None or stay.status not in Stay.PRESENT:
        return None
    gap = _OPEN.first(stay=stay.pk)
    if gap is None:
        return None
    return {
        "template": "messaging/gap_notice.html", "municipality": (gap.municipality or "").removesuffix(" kommune"), "since": gap.started_at,
        "asked_at": gap.asked_at, "waited": duration(minutes(gap.asked_at or gap.started_at, gate.now)),
        "question_url": path_to("patient_message", patient, gap.question_id) if gap.question_id else "",
        "ask_url": path_to("gap_ask", patient) if may_ask(gate, gap) else "", "reachable": reachable(gap, gate.now),
    }  # fmt: skip


def may_ask(gate: Gate, gap: InformationGap) -> bool:
    return gap.asked_at is None and gate.may(Action.SEND, Category.LOGISTICS) and sending_category(gate, ASK) is not None and reachable(gap, gate.now)


def reachable(gap: InformationGap, at: datetime) -> bool:
    """Whether the municipality has an address that a question can be sent to."""
    return home_party(gap.municipality_number, (ASK.type, "DIALOG_HELSEFAGLIG"), at) is not None


def minutes(since: datetime, until: datetime) -> int:
    return int((until - since).total_seconds() // 60)


def duration(count: int) -> str:
    """«35 min», «2 t 5 min», «3 døgn»: as one would say it."""
    hours, left = divmod(count, 60)
    if hours >= 48:
        return _("%(days)s døgn") % {"days": hours // 24}
    return _("%(hours)s t %(minutes)s min") % {"hours": hours, "minutes": left} if hours else _("%(minutes)s min") % {"minutes": left}


def open_gap(stay: UUID) -> InformationGap | None:
    return _OPEN.first(stay=stay)


def figures(gate: Gate, since: datetime) -> list[dict[str, Any]]:
    """Both ways side by side, for the acting ward: [{mode, stays, received, never, lacking, asked, median, ninth, longest}], the shared record first."""
    if gate.unit["kind"] != OrgUnit.Kind.OBSERVATION_WARD:
        return []
    found = {row["mode"]: row for row in rows("gap_figures", since, gate.now + timedelta(minutes=1))}
    none = {"stays": 0, "received": 0, "never": 0, "lacking": 0, "asked": 0, "median": None, "ninth": None, "longest": None}
    return [none | found.get(mode, {}) | {"mode": mode, "label": label} for mode, label in InformationGap.Mode.choices]
