"""A roster's own set-up: its lines, who is in it, which eves count as holidays, and who keeps it. And the beginning of a unit's shift plan."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from access.gate import call
from access.views.common import text_field
from ops.domain.calendar import EVES
from ops.models import Party, Roster
from ops.selectors.lines import levels_of
from ops.selectors.mine import kept_rosters
from ops.services.acting import DutyError
from ops.services.setup import Level, RosterValues, roster_save, shift_plan_begin
from ops.views.common import after, fault, page, read_uuid
from ops.views.plan import roster_of
from ops.views.reading import names_of, read_number

MOST_LEVELS = 8


def shift_plan(request: HttpRequest) -> HttpResponse:
    """POST: the leader begins the unit's shift plan, and comes to its set-up."""
    if request.method != "POST":
        raise PermissionDenied
    return after("duty_roster", "satt-opp", shift_plan_begin())


def roster_setup(request: HttpRequest, roster: UUID) -> HttpResponse:
    """GET shows the form; POST saves all of it."""
    found = roster_of(roster)
    leads = call("sets_up_roster", roster)
    if not leads and roster not in kept_rosters(request.gate):
        raise PermissionDenied(_("Denne vaktordningen er ikke din å endre. Forsøket er logget."))
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            roster_save(roster=found, values=read_values(request, found, leads), now=request.gate.now)
            return after("duty_plan", "satt-opp", roster)
        except DutyError as error:
            errors = fault(error, getattr(error, "field", "form"))
    return _form(request, found, leads, errors)


def read_values(request: HttpRequest, roster: Roster, leads: bool) -> RosterValues:
    sent = request.POST
    levels = [
        Level(number, name[:60], bool(sent.get(f"level_promised_{number}")), read_number(sent, f"level_wait_{number}", 1, 240, otherwise=5))
        for number in range(1, MOST_LEVELS + 1)
        if (name := sent.get(f"level_name_{number}", "").strip())
    ]
    chosen = [one for text in sent.getlist("parties") if (one := read_uuid(text))]
    people = [one for text in sent.getlist("people") if (one := read_uuid(text))] if roster.unit_id else []
    return RosterValues(
        levels, chosen, [code for code in sent.getlist("eves") if code in EVES], people, names_of(sent.get("keepers", "")) if leads else None
    )


def _form(request: HttpRequest, roster: Roster, leads: bool, errors: list[dict[str, str]]) -> HttpResponse:
    sent = request.POST if errors else None
    known = {level.number: level for level in levels_of(roster)}
    shown = min(MOST_LEVELS, max(known, default=0) + 2)
    levels = [
        {"number": number, "name": sent.get(f"level_name_{number}", "") if sent else level.name if level else "", "wait": sent.get(f"level_wait_{number}", "") if sent else str(level.wait_minutes) if level else "",
         "promised": bool(sent.get(f"level_promised_{number}")) if sent else level.promised if level else True}
        for number in range(1, shown + 1) for level in [known.get(number)]
    ]  # fmt: skip
    members = {str(one.id) for one in roster.parties.all()}
    ticked = set(sent.getlist("parties")) if sent else members
    eves = set(sent.getlist("eves")) if sent else set(roster.eves)
    context: dict[str, Any] = {"people": [], "parties": []}
    if roster.unit_id:
        picked = set(sent.getlist("people")) if sent else None
        context["people"] = [
            one | {"checked": one["user"] in picked if picked is not None else one["party"] in members} for one in call("duty_people", roster.id)
        ]
        others = roster.parties.exclude(user_id__in=[one["user"] for one in context["people"]])
    else:
        others = Party.objects.filter(active=True).select_related("legal_entity").order_by("kind", "name")
    context["parties"] = [{"party": one, "checked": str(one.id) in ticked} for one in others]
    keepers = text_field("keepers", _("Har ansvar for vaktordningen"), sent.get("keepers", "") if sent else "\n".join(call("duty_holders", "edit_roster", roster.id)) if leads else "",
                         rows=3, hint=_("Brukernavn, ett på hver linje. De lager rotasjonene og kan svare for den som er syk."))  # fmt: skip
    return page(
        request, "setup_roster", "", errors=errors, roster=roster, leads=leads, levels=levels, eves=[{"code": code, "name": name, "checked": code in eves} for code, name in EVES.items()],
        keepers=keepers, crumbs=[{"label": _("Vakt"), "url": reverse("duty")}, {"label": roster.name, "url": reverse("duty_plan", args=[roster.id])}], **context,
    )  # fmt: skip
