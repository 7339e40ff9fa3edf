"""What the home municipality knows, and that it is not here yet."""

from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import DateTimeField, Exists, OuterRef, Q, Subquery, UUIDField
from django.utils.translation import gettext as _

from access.domain.codes import Action, Category
from access.gate import Gate, rows
from access.models import LegalEntity, OrgUnit
from journal.models import Stay
from lms_epj.core.addresses import path_to
from lms_epj.core.prepared import Prepared, Slot
from messaging.composing.kinds import FALLBACK, KINDS, NURSES
from messaging.formats.write import outgoing_standard
from messaging.models import CommunicationParty, InformationGap
from messaging.services.compose import sending_category

WHOLE_TIME = timedelta(days=365)
ASK = KINDS["foresporsel"]
ASKED_BY = (ASK.type, FALLBACK.type)


def _can_be_asked() -> Exists:
    """Whether the municipality's nursing service takes a question, now: as home_party, but within the one query of the page."""
    at = Slot("at", DateTimeField())
    home = LegalEntity.objects.filter(municipality_number=OuterRef(OuterRef("municipality_number")), kind="municipality", valid_to=None)
    takes = reduce(or_, (Q(receives__contains={kind: [outgoing_standard(kind).version]}) for kind in ASKED_BY))
    services = CommunicationParty.objects.filter(takes, unit__isnull=True, service_type=NURSES, parent__org_number__in=home.values("org_number"))
    return Exists(services.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=at), valid_from__lte=at).exclude(transport=""))


_MUNICIPALITY = LegalEntity.objects.filter(municipality_number=OuterRef("municipality_number"), kind="municipality", valid_to=None)
_OPEN = Prepared(
    lambda: InformationGap.objects.filter(
        stay=Slot("stay", UUIDField()), mode=InformationGap.Mode.MESSAGE, received_at__isnull=True, closed_at__isnull=True
    ).annotate(municipality=Subquery(_MUNICIPALITY.values("name")[:1]), reachable=_can_be_asked())[:1]
)


def notice(gate: Gate, patient: UUID, stay: Stay | None) -> dict[str, Any] | None:
    """«Opplysninger fra Enebakk er ikke mottatt», for as long as they are not, with the time since they were asked for."""
    if stay is None or stay.status not in Stay.PRESENT:
        return None
    gap = open_gap(stay.pk, gate.now)
    if gap is None:
        return None
    return {
        "template": "messaging/gap_notice.html", "municipality": (gap.municipality or "").removesuffix(" kommune"), "since": gap.started_at,
        "asked_at": gap.asked_at, "waited": duration(minutes(gap.asked_at or gap.started_at, gate.now)),
        "question_url": path_to("patient_message", patient, gap.question_id) if gap.question_id else "",
        "ask_url": path_to("gap_ask", patient) if may_ask(gate, gap) else "", "reachable": gap.reachable,
    }  # fmt: skip


def may_ask(gate: Gate, gap: InformationGap) -> bool:
    return gap.asked_at is None and gate.may(Action.SEND, Category.LOGISTICS) and sending_category(gate, ASK) is not None and gap.reachable


def minutes(since: datetime, until: datetime) -> int:
    return int((until - since).total_seconds() // 60)


def duration(count: int) -> str:
    """«35 min», «2 t 5 min», «3 døgn»: as one would say it."""
    hours, left = divmod(count, 60)
    if hours >= 48:
        return _("%(days)s døgn") % {"days": hours // 24}
    return _("%(hours)s t %(minutes)s min") % {"hours": hours, "minutes": left} if hours else _("%(minutes)s min") % {"minutes": left}


def open_gap(stay: UUID, at: datetime) -> InformationGap | None:
    """With the municipality's name, and whether it can be asked."""
    return _OPEN.first(stay=stay, at=at)


def figures(gate: Gate, since: datetime) -> list[dict[str, Any]]:
    """Both ways side by side, for the acting ward: [{mode, stays, received, never, lacking, asked, median, ninth, longest}], the shared record first."""
    if gate.unit["kind"] != OrgUnit.Kind.OBSERVATION_WARD:
        return []
    found = {row["mode"]: row for row in rows("gap_figures", since, gate.now + timedelta(minutes=1))}
    none = {"stays": 0, "received": 0, "never": 0, "lacking": 0, "asked": 0, "median": None, "ninth": None, "longest": None}
    return [none | found.get(mode, {}) | {"mode": mode, "label": label} for mode, label in InformationGap.Mode.choices]
