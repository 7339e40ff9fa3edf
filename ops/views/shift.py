"""One shift or one gap: who has it, and what can be done with it – take it, ask one, ask all, put somebody in."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from access.views.common import text_field
from lms_epj.core.formatting import format_date, format_time
from ops.domain.resolver import at
from ops.domain.rules import Segment
from ops.models import DutyMessage, Party, Roster, RosterLevel
from ops.selectors.lines import levels_of, lines_between, parties
from ops.selectors.mine import kept_rosters, own_parties
from ops.selectors.resting import rest_warning
from ops.services.acting import DutyError
from ops.services.duty import duty_override, duty_take
from ops.services.swaps import Offered, swap_ask
from ops.views.common import after, fault, hours_words, page, read_level, read_moment, read_typed, read_uuid, span_words

AHEAD_DAYS = 120


class Shown:
    """The shift of the address, as it stands now."""

    def __init__(self, request: HttpRequest, roster: UUID) -> None:
        self.now: datetime = request.gate.now
        self.roster = Roster.objects.select_related("system", "unit").prefetch_related("levels", "parties").filter(id=roster).first()
        number, begins, ends = read_level(request.GET.get("trinn")), read_moment(request.GET.get("fra")), read_moment(request.GET.get("til"))
        if self.roster is None:
            raise Http404
        levels = {level.number: level for level in levels_of(self.roster)}
        if number not in levels or begins is None or ends is None or not begins < ends:
            raise Http404
        self.level: RosterLevel = levels[number]
        self.begins, self.ends = begins, ends
        line = lines_between([self.roster], begins, ends)[roster, number]
        self.segment: Segment | None = at(line, max(begins, min(self.now, line[-1].ends) if line else begins)) if line else None
        known = parties()
        self.holder: Party | None = known.get(self.segment.party) if self.segment else None
        self.own = [party for party in own_parties(request.gate) if party in self.roster.parties.all()]
        self.keeps = roster in kept_rosters(request.gate)
        self.others = sorted((party for party in self.roster.parties.all() if party.active and party != self.holder), key=lambda party: party.name)
        self.speaks = self.holder is None or self.holder in self.own or self.keeps
        self.over = ends <= self.now

    @property
    def address(self) -> str:
        return f"{reverse('duty_shift', args=[self.roster.id])}"


def shift(request: HttpRequest, roster: UUID) -> HttpResponse:
    """GET shows it; POST does one of the acts."""
    shown = Shown(request, roster)
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            code = _act(request, shown)
            return after("duty_mine" if code == "tatt" else "duty_swaps" if code == "spurt" else "duty", code)
        except DutyError as error:
            errors = fault(error)
            shown = Shown(request, roster)
    return page(request, "shift", "", errors=errors, **_context(request, shown))


def _act(request: HttpRequest, shown: Shown) -> str:
    sent, holder = request.POST, shown.holder
    begins, ends = shown.begins, shown.ends
    if sent.get("del"):  # a part of it
        begins, ends = _typed_span(sent)
    match sent.get("act"):
        case "take":
            party = _chosen(sent.get("party"), shown.own)
            duty_take(
                roster=shown.roster.id,
                level=shown.level.number,
                begins=begins,
                ends=ends,
                party=party.id,
                seen=read_uuid(sent.get("seen")),
                reason=sent.get("reason", ""),
            )
            return "tatt"
        case "ask":
            receiver = read_uuid(sent.get("receiver"))
            swap_ask(
                roster=shown.roster.id, offered=Offered(shown.level.number, begins, ends), giver=holder.id if holder else None, receiver=receiver,
                back=_back(sent.get("back", "")) if receiver else None, note=sent.get("note", ""),
            )  # fmt: skip
            return "spurt"
        case "override":
            party = _chosen(sent.get("party"), list(shown.roster.parties.all()))
            begins, ends = _typed_span(sent)
            duty_override(roster=shown.roster.id, level=shown.level.number, begins=begins, ends=ends, party=party.id, reason=sent.get("reason", ""))
            return "endret"
    raise DutyError(_("Velg hva som skal gjøres."))


def _typed_span(sent: Any) -> tuple[datetime, datetime]:
    return read_typed(sent.get("from_day", ""), sent.get("from_time", "")), read_typed(sent.get("to_day", ""), sent.get("to_time", ""))


def _chosen(text: str | None, among: list[Party]) -> Party:
    found = next((party for party in among if str(party.id) == text), None)
    if found is None:
        raise DutyError(_("Velg hvem som skal ha vakten."))
    return found


def _back(text: str) -> Offered | None:
    """A shift of the other's, as the list of them names it: level|from|to."""
    level, _bar, rest = text.partition("|")
    begins, _bar, ends = rest.partition("|")
    found = read_level(level), read_moment(begins), read_moment(ends)
    return Offered(*found) if None not in found else None


def _context(request: HttpRequest, shown: Shown) -> dict[str, Any]:
    begins, ends = max(shown.begins, shown.now), shown.ends
    return {
        "shown": shown, "when": span_words(shown.begins, shown.ends), "hours": hours_words(shown.begins, shown.ends), "rest": span_words(begins, ends) if begins < ends else "",
        "tight": [(party.name, rest) for party in shown.own if party != shown.holder and begins < ends and (rest := rest_warning(party, begins, ends))],
        "told": told_of(shown), "address": request.get_full_path(), "fields": span_fields(begins, ends), "backs": _backs(shown),
        "crumbs": [{"label": _("Vakt"), "url": reverse("duty")}, {"label": shown.roster.name, "url": reverse("duty_plan", args=[shown.roster.id])}],
        "reason": text_field("reason", _("Hvorfor"), request.POST.get("reason", ""), hint=_("For eksempel syk, avtalt på telefon"), maxlength=300),
        "note": text_field("note", _("Beskjed"), request.POST.get("note", ""), maxlength=300),
    }  # fmt: skip


def told_of(shown: Shown) -> str:
    """Who has been asked about it, where somebody has: names, and how many of them were reached."""
    asked = DutyMessage.objects.filter(
        roster=shown.roster, level=shown.level.number, kind="asked", swap__state="open", span__overlap=(shown.begins, shown.ends)
    )
    rows = list(asked.select_related("party").order_by("party__name"))
    return ", ".join(row.party.name for row in rows)


def span_fields(begins: datetime, ends: datetime) -> list[dict[str, Any]]:
    """From and to, as a person writes them."""
    return [
        text_field("from_day", _("Fra dato"), format_date(begins), inputmode="numeric"), text_field("from_time", _("kl."), format_time(begins), inputmode="numeric"),
        text_field("to_day", _("Til dato"), format_date(ends), inputmode="numeric"), text_field("to_time", _("kl."), format_time(ends), inputmode="numeric"),
    ]  # fmt: skip


def _backs(shown: Shown) -> list[dict[str, str]]:
    """Shifts of the others that the giver may take in return."""
    if shown.holder is None or not shown.speaks:
        return []
    lines = lines_between([shown.roster], shown.now, shown.now + timedelta(days=AHEAD_DAYS))
    names = {party.id: party.name for party in shown.others}
    found = []
    for (_roster, level), line in lines.items():
        for one in line:
            if one.party in names and one.begins > shown.now:
                value = f"{level}|{one.begins.isoformat()}|{one.ends.isoformat()}"
                found.append(
                    {
                        "value": value,
                        "label": f"{names[one.party]}: {span_words(one.begins, one.ends)}",
                        "party": str(one.party),
                        "begins": one.begins.isoformat(),
                    }
                )
    return sorted(found, key=lambda one: one["begins"])[:60]
