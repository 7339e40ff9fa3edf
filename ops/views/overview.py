"""Who answers now, what is uncovered, and the week; the month; what is uncovered for months; who carries how much (picture 11)."""

from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from lms_epj.core.formatting import month as month_name
from lms_epj.core.formatting import oslo, weekday
from lms_epj.core.words import say
from ops.domain.calendar import Calendar
from ops.domain.review import Burden, burdens, doubles, short_rests
from ops.domain.rules import Segment
from ops.models import Party, Roster, Swap
from ops.selectors.lines import Gap, begun, calendar_of, covered, levels_of, lines_between, open_gaps, parties, rosters
from ops.selectors.mine import own_parties
from ops.selectors.now import asked
from ops.services.plan import live_rules
from ops.views.common import DAY, hours_words, midnight, page, read_day, shift_url, span_words, until_words
from ops.views.grid import Grid, account, short

WEEK = 7 * DAY
MONTHS_LOOKED = timedelta(days=183)


def week(request: HttpRequest) -> HttpResponse:
    """The page one comes to."""
    now = request.gate.now
    today = oslo(now).date()
    day = read_day(request.GET.get("uke"), today)
    first = day - day.weekday() * DAY
    begins, ends = midnight(first), midnight(first + WEEK)
    among = rosters()
    later_end = midnight(today - today.weekday() * DAY + 7 * WEEK)
    lines = lines_between(among, min(begins, now), max(ends, later_end))
    shown = {key: [one for one in line if one.begins < ends and one.ends > begins] for key, line in lines.items()}
    grid = Grid(among, _cut(shown, begins, ends), parties(), first, begins, ends, now, begun(among))
    holes = open_gaps(among, lines, now, later_end)
    own = own_parties(request.gate)
    number, year = first.isocalendar().week, first.isocalendar().year
    return page(
        request, "week", "duty", now_cards=now_cards(now), gaps=[gap_card(gap, own) for gap in holes[:2]], gaps_more=max(0, len(holes) - 2), grid=grid,
        days=day_heads(first, 7, today), week_label=_("Uke %(number)s") % {"number": number}, month_label=f"{month_name(first.month)} {year}".capitalize(),
        before=(first - WEEK).isoformat(), following=(first + WEEK).isoformat(), this_week=first <= today < first + WEEK, total=covered_share(grid),
        weeks=later_weeks(among, lines, today), plans=plan_links(request), begins_plan=may_begin_plan(request),
    )  # fmt: skip


def _cut(lines: Any, begins: datetime, ends: datetime) -> Any:
    return {key: [Segment(max(one.begins, begins), min(one.ends, ends), one.party) for one in line] for key, line in lines.items()}


def now_cards(now: datetime) -> list[dict[str, Any]]:
    return [row | {"until_words": until_words(row["until"], now), "url": reverse("duty_plan", args=[row["roster"]])} for row in asked() or []]


def gap_card(gap: Gap, own: list[Party]) -> dict[str, Any]:
    """With the party one would take it as, where there is one; who asks all may do so at once."""
    members = {party.id for party in gap.roster.parties.all()}
    mine = [party for party in own if party.id in members]
    asked_already = Swap.objects.filter(
        roster=gap.roster, level=gap.level.number, state="open", span__overlap=(gap.span.begins, gap.span.ends)
    ).exists()
    return {
        "name": gap.roster.name, "level": gap.level.name if len(levels_of(gap.roster)) > 1 else "", "when": span_words(gap.span.begins, gap.span.ends),
        "hours": hours_words(gap.span.begins, gap.span.ends), "url": shift_url(gap.roster, gap.level, gap.span.begins, gap.span.ends), "asked": asked_already, "mine": mine[0] if len(mine) == 1 else None, "member": bool(mine),
    }  # fmt: skip


def day_heads(first: date, count: int, today: date) -> list[dict[str, Any]]:
    days = [first + n * DAY for n in range(count)]
    return [{"weekday": weekday(day, short=True), "label": f"{day.day}.", "today": day == today, "feast": _feast(day)} for day in days]


def _feast(day: date) -> str:
    found = Calendar().feast(day)
    return say(found[0]) if found else ""


def covered_share(grid: Grid) -> float:
    rows = grid.rows
    return sum(row["covered"] for row in rows) / len(rows) if rows else 100


def later_weeks(among: list[Roster], lines: Any, today: date) -> list[dict[str, Any]]:
    monday, found = today - today.weekday() * DAY, []
    for number in range(1, 7):
        first = monday + number * WEEK
        begins, ends = midnight(first), midnight(first + WEEK)
        holes = [hole for hole in open_gaps(among, lines, begins, ends) if hole.span.begins < ends]
        share = covered(holes, sum(level.promised for roster in among for level in roster.levels.all()), begins, ends)
        found.append(
            {
                "label": _("Uke %(number)s") % {"number": first.isocalendar().week},
                "share": share,
                "whole": not holes,
                "url": f"?uke={first.isoformat()}",
            }
        )
    return found


def plan_links(request: HttpRequest) -> list[dict[str, Any]]:
    among = [*rosters(), *rosters(units=True)]
    return [{"name": roster.name, "url": reverse("duty_plan", args=[roster.id])} for roster in among]


def may_begin_plan(request: HttpRequest) -> bool:
    """A leader whose unit has no shift plan yet."""
    return request.gate.role["leads_unit"] and not Roster.objects.filter(unit_id=request.gate.unit_id).exists()


def month(request: HttpRequest) -> HttpResponse:
    """A month of one roster after another, day by day."""
    now = request.gate.now
    today = oslo(now).date()
    day = read_day(request.GET.get("fra"), today).replace(day=1)
    last = monthrange(day.year, day.month)[1]
    begins, ends = midnight(day), midnight(day + last * DAY)
    among = [*rosters(), *rosters(units=True)]
    grid = Grid(among, lines_between(among, begins, ends), parties(), day, begins, ends, now, begun(among))
    return page(
        request, "month", "duty_month", grid=grid, label=f"{month_name(day.month)} {day.year}".capitalize(), days=day_heads(day, last, today),
        before=(day - DAY).replace(day=1).isoformat(), following=(day + last * DAY).isoformat(), last=last,
    )  # fmt: skip


def gaps(request: HttpRequest) -> HttpResponse:
    """What is uncovered, and what is named twice, for half a year; and breaks that are too short."""
    now = request.gate.now
    ends = now + MONTHS_LOOKED
    among, known = rosters(), parties()
    lines = lines_between(among, now, ends)
    twice = [
        {"roster": roster, "when": span_words(span.begins, span.ends), "url": reverse("duty_plan", args=[roster.id])}
        for roster in among
        for span in doubles([named.rule for named in live_rules(roster)], calendar_of(roster), now, ends)
    ]
    people = {party.id for party in known.values() if party.user_id}
    both = lines_between([*among, *rosters(units=True)], now, ends)
    tired = [
        {"name": known[party].name, "when": span_words(span.begins, span.ends), "hours": hours_words(span.begins, span.ends)}
        for party, span in short_rests([[one for one in line if one.party in people] for line in both.values()])
    ]
    return page(
        request, "gaps", "duty_gaps", gaps=[gap_card(gap, own_parties(request.gate)) for gap in open_gaps(among, lines, now, ends)], doubles=twice[:50], rests=tired[:50], until=ends,
    )  # fmt: skip


def balance(request: HttpRequest) -> HttpResponse:
    """Hours by municipality and by who answers, over a year of one's choice."""
    now = request.gate.now
    year = read_day(request.GET.get("ar", "") + "-01-01", oslo(now).date()).year
    begins, ends = midnight(date(year, 1, 1)), midnight(date(year + 1, 1, 1))
    among, known = rosters(), parties()
    chosen = [roster for roster in among if request.GET.get("plan") in ("", None, str(roster.id))]
    found = burdens(
        [line for (_key, _level), line in lines_between(chosen, begins, ends).items()], calendar_of(chosen[0]) if chosen else calendar_of(Roster())
    )
    by_account: dict[str, Burden] = {}
    for party, burden in found.items():
        own = by_account.setdefault(account(known[party]), Burden())
        own.total, own.night, own.weekend, own.holiday = (
            getattr(own, name) + getattr(burden, name) for name in ("total", "night", "weekend", "holiday")
        )
        own.feasts |= burden.feasts
    return page(
        request, "balance", "duty_balance", year=year, before=year - 1, following=year + 1, accounts=weighed(by_account),
        people=weighed({known[party].name: burden for party, burden in found.items()}), plans=[{"id": str(r.id), "name": r.name, "chosen": len(chosen) == 1 and r in chosen} for r in among],
        plan=request.GET.get("plan", ""),
    )  # fmt: skip


def weighed(found: dict[str, Burden]) -> list[dict[str, Any]]:
    """Rows of a table, who carries most first, with the share of all hours."""
    whole = sum(burden.total for burden in found.values()) or 1
    return [
        {"name": short(name), "total": round(one.total), "night": round(one.night), "weekend": round(one.weekend), "holiday": round(one.holiday),
         "feasts": ", ".join(sorted({feast for feast, _year in one.feasts})), "share": 100 * one.total / whole}
        for name, one in sorted(found.items(), key=lambda pair: -pair[1].total)
    ]  # fmt: skip
