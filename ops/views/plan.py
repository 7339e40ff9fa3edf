"""A roster's own page: its rules, who is in it, what has been changed, and what was said at the last hand-over. And who answered at any moment."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from access.gate import call
from access.views.common import text_field
from lms_epj.core.formatting import MONTHS, WEEKDAYS, format_date, format_moment, format_near_moment, format_time, oslo
from lms_epj.core.words import say
from ops.domain.resolver import at
from ops.domain.rules import EVERY_DAY, Holidays
from ops.models import Act, Handover, Party, Release, Roster
from ops.selectors.levels import in_force, terms_of
from ops.selectors.lines import begun, levels_of, lines_between, parties, rosters
from ops.selectors.mine import kept_rosters, own_parties
from ops.services.acting import DutyError
from ops.services.duty import handover_read, handover_write
from ops.services.plan import Named, live_rules
from ops.views.common import DAY, after, fault, midnight, page, read_day, read_typed, read_uuid, span_words, until_words
from ops.views.grid import Grid
from ops.views.overview import day_heads

NOON = timedelta(minutes=1)
WEEK = 7 * DAY
LOOKED = timedelta(days=60)


def roster_of(roster: UUID) -> Roster:
    found = Roster.objects.select_related("system", "unit__legal_entity").prefetch_related("levels", "parties").filter(id=roster).first()
    if found is None:
        raise Http404
    return found


def plan(request: HttpRequest, roster: UUID) -> HttpResponse:
    """GET shows it, with a week of it; POST writes what the next one on call should know, or says that it is read."""
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            return after("duty_plan", _handover(request, roster), roster)
        except DutyError as error:
            errors = fault(error, "text")
    found, known, now = roster_of(roster), parties(), request.gate.now
    members = sorted(found.parties.all(), key=lambda party: party.name)
    keeps, own = roster in kept_rosters(request.gate), [party for party in own_parties(request.gate) if party in members]
    today = oslo(now).date()
    first = read_day(request.GET.get("uke"), today)
    first -= first.weekday() * DAY
    begins, ends = midnight(first), midnight(first + WEEK)
    grid = Grid([found], lines_between([found], begins, ends), known, first, begins, ends, now, begun([found]))
    terms = in_force(terms_of(found.system_id), today) if found.system_id else None
    return page(
        request, "plan", "", errors=errors, roster=found, rules=[rule_words(named, known, number) for number, named in enumerate(live_rules(found))],
        levels=changing(found, known, now), members=members, keeps=keeps, sets_up=keeps or call("sets_up_roster", roster), writes=keeps or bool(own), terms=terms,
        handovers=handovers(found, bool(own), request.gate.user_id, now), changes=changes(found, known, now), text=text_field("text", _("Til neste vakt"), rows=3, maxlength=4000),
        published=found.published_to and format_date(found.published_to), grid=grid, days=day_heads(first, 7, today), before=(first - WEEK).isoformat(), following=(first + WEEK).isoformat(),
        week_label=_("Uke %(number)s") % {"number": first.isocalendar().week}, month_label=f"{say(MONTHS[first.month - 1])} {first.year}".capitalize(),
    )  # fmt: skip


def _handover(request: HttpRequest, roster: UUID) -> str:
    read = read_uuid(request.POST.get("read"))
    if read:
        handover_read(handover=read)
        return "lest"
    handover_write(roster=roster, text=request.POST.get("text", "")[:4000])
    return "overlevert"


def changing(roster: Roster, known: dict[UUID, Party], now: datetime) -> list[dict[str, Any]]:
    """Each line with who answers, until when, and who comes on then."""
    lines, found = lines_between([roster], now, now + LOOKED), []
    for level in levels_of(roster):
        line = lines[roster.id, level.number]
        one = at(line, now)
        following = next((each for each in line if each.begins > now), None)
        ends = one.ends if one else now
        hole = span_words(ends, following.begins) if level.promised and following and following.begins > ends else ""
        found.append({
            "level": level, "hole": hole, "known": bool(line) and ends < now + LOOKED, "now": known.get(one.party) if one else None,
            "until": until_words(one.ends, now) if one and one.ends < now + LOOKED else "",
            "next": known.get(following.party) if following else None, "next_when": span_words(following.begins, following.ends) if following else "",
        })  # fmt: skip
    return found


def handovers(roster: Roster, member: bool, user: UUID, now: datetime, most: int = 5) -> list[dict[str, Any]]:
    """The newest first. ``reads``: whether the one who looks may say that it is read."""
    rows = Handover.objects.filter(roster=roster).select_related("written_by", "read_by").order_by("-written_at")[:most]
    return [
        {"note": one, "near": format_near_moment(one.written_at, now), "reads": member and one.read_at is None and one.written_by_id != user}
        for one in rows
    ]


def changes(roster: Roster, known: dict[UUID, Party], now: datetime) -> list[dict[str, Any]]:
    """What was changed by hand, the newest first, with who did it and why."""
    acts = Act.objects.filter(roster=roster).select_related("made_by").order_by("-id")[:30]
    found = [
        {"at": act.made_at, "when": span_words(act.span.lower, act.span.upper), "what": act.get_kind_display(), "to": known[act.party_id].name,
         "from": known[act.instead_of_id].name if act.instead_of_id else "", "by": act.made_by.get_full_name() if act.made_by else "", "why": act.reason}
        for act in acts
    ]  # fmt: skip
    released = Release.objects.filter(roster=roster).select_related("made_by").order_by("-made_at")[:10]
    found += [
        {"at": one.made_at, "when": span_words(one.span.lower, one.span.upper), "what": _("Gitt opp"), "to": _("ingen"), "from": "", "by": one.made_by.get_full_name() if one.made_by else "", "why": one.reason}
        for one in released
    ]  # fmt: skip
    return [one | {"near": format_near_moment(one["at"], now)} for one in sorted(found, key=lambda one: one["at"], reverse=True)]


def rule_words(named: Named, known: dict[UUID, Party], number: int) -> dict[str, Any]:
    """A rule in a sentence or two."""
    rule = named.rule
    days = _("alle dager") if rule.weekdays == EVERY_DAY else ", ".join(say(WEEKDAYS[day]) for day in sorted(rule.weekdays))
    if rule.holidays is Holidays.ONLY:
        days = _("helligdager")
    length = (
        _("høytidene fordeles likt")
        if rule.fair
        else _("bytter hver dag")
        if rule.turn_days == 1
        else _("bytter hver uke")
        if rule.turn_days == 7
        else _("bytter hver %(days)s. dag") % {"days": rule.turn_days}
    )
    ends = _("neste dag %(clock)s") if rule.ends <= rule.starts else "%(clock)s"
    return {
        "number": number, "name": named.name or _("Rotasjon"), "level": rule.level, "days": days, "turn": length,
        "hours": f"{rule.starts:%H:%M} – {ends % {'clock': f'{rule.ends:%H:%M}'}}", "members": [known[one].name for one in rule.members if one in known],
        "since": format_date(rule.anchor), "until": rule.until and format_date(rule.until), "holidays": {
            Holidays.AS_SUNDAY: _("helligdager regnes som søndag"), Holidays.IGNORED: _("helligdager regnes som vanlige dager"), Holidays.ONLY: "",
        }[rule.holidays], "away": [_("%(name)s ikke %(first)s – %(last)s") % {"name": known[one.member].name, "first": format_date(one.first), "last": format_date(one.last)} for one in rule.away if one.member in known]
        + [_("%(name)s aldri %(day)s") % {"name": known[member].name, "day": say(WEEKDAYS[day])} for member, day in sorted(rule.never, key=str) if member in known],
    }  # fmt: skip


def who(request: HttpRequest) -> HttpResponse:
    """Who answered, or will, at a moment."""
    now: datetime = request.gate.now
    errors: list[dict[str, str]] = []
    day, clock = request.GET.get("dag", format_date(now)), request.GET.get("kl", format_time(now))
    try:
        moment = read_typed(day, clock)
    except DutyError as error:
        errors, moment = fault(error, "dag"), now
    among, known = [*rosters(), *rosters(units=True)], parties()
    lines = lines_between(among, moment, moment + NOON)
    rows = []
    for roster in among:
        for level in levels_of(roster):
            one = at(lines[roster.id, level.number], moment)
            rows.append(
                {"roster": roster, "level": level.name, "party": known[one.party] if one else None, "url": reverse("duty_plan", args=[roster.id])}
            )
    fields = [text_field("dag", _("Dato"), day, inputmode="numeric"), text_field("kl", _("Klokkeslett"), clock, inputmode="numeric")]
    return page(
        request,
        "who",
        "",
        errors=errors,
        rows=rows,
        fields=fields,
        moment=moment,
        label=format_moment(moment),
        past=oslo(moment) < oslo(now),
    )
