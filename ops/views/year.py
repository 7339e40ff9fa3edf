"""A whole year of the rosters, a month on each line: where the gaps are, who has which feast, and a way to any week."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lms_epj.core.formatting import MONTHS, oslo
from lms_epj.core.words import say
from lms_epj.markup import markup
from ops.domain.calendar import feasts
from ops.domain.review import gaps
from ops.domain.rules import Segment
from ops.models import Party, Roster
from ops.selectors.lines import begun, levels_of, lines_between, parties, rosters
from ops.views.common import DAY, midnight, page, read_day, span_words
from ops.views.grid import account, colours_of, short
from ops.words import on_the_wall

DAYS = 31  # every month as wide: a day stands under the same day


def year(request: HttpRequest) -> HttpResponse:
    """?ar=2027. The first line of each roster; the week's page has all of them."""
    now: datetime = request.gate.now
    today = oslo(now).date()
    chosen = read_day(f"{request.GET.get('ar', '')}-01-01", today).year
    among = [*rosters(), *rosters(units=True)] if request.GET.get("alle") else rosters()
    begins, ends = midnight(date(chosen, 1, 1)), midnight(date(chosen + 1, 1, 1))
    drawn = Year(among, lines_between(among, begins, ends), parties(), chosen, begun(among), now)
    return page(
        request, "year", "duty_year", rosters=drawn.rosters, style=drawn.style, legend=drawn.legend(), year=chosen, before=chosen - 1, following=chosen + 1, feasts=feast_days(chosen),
    )  # fmt: skip


def feast_days(year: int) -> list[dict[str, Any]]:
    """[{name, days}] as they come."""
    found: dict[str, list[date]] = {}
    for day, (name, _year) in feasts(year).items():
        found.setdefault(name, []).append(day)
    return [
        {"name": name, "days": ", ".join(f"{day.day}.{day.month}." for day in days), "url": f"{reverse('duty')}?uke={days[0].isoformat()}"}
        for name, days in found.items()
    ]


class Year:
    """`rosters`: [{roster, months [{label, url, bars, missing}], missing}]. Bars are drawn here: a year of four rosters has more than a thousand."""

    def __init__(self, among: list[Roster], lines: Any, known: dict[UUID, Party], year: int, since: dict[UUID, datetime], now: datetime) -> None:
        self.colours, self.known, self.now = colours_of(known.values()), known, now
        self.shown: set[UUID] = set()
        self.places: dict[tuple[float, float], str] = {}
        self.months = [month_of(year, number) for number in range(1, 13)]
        self.rosters = [self._roster(roster, lines, since.get(roster.id)) for roster in among]

    def _roster(self, roster: Roster, lines: Any, since: datetime | None) -> dict[str, Any]:
        level = levels_of(roster)[0] if roster.levels.all() else None
        line = lines[roster.id, level.number] if level else []
        planned = min(self.months[-1].ends, roster.published_to or self.months[-1].ends)
        holes = gaps(line, max(self.months[0].begins, since), planned) if level and level.promised and since else []
        months, place, hole_place = [], 0, 0
        for month in self.months:
            while place < len(line) and line[place].ends <= month.begins:
                place += 1
            while hole_place < len(holes) and holes[hole_place].ends <= month.begins:
                hole_place += 1
            bars = SafeString("".join(self._bars(line, place, month)) + "".join(self._gaps(holes, hole_place, month)))
            missing = sum(_hours(hole, month) for hole in holes[hole_place:] if hole.begins < month.ends)
            months.append({"label": month.label, "url": month.url, "bars": bars, "missing": missing, "name": month.name})
        return {"roster": roster, "months": months, "missing": round(sum(month["missing"] for month in months)), "level": level}

    def _bars(self, line: list[Segment], place: int, month: "Month") -> Iterable[str]:
        while place < len(line) and line[place].begins < month.ends:
            one = line[place]
            party = self.known[one.party]
            self.shown.add(party.id)
            told = conditional_escape(f"{party.name}, {span_words(one.begins, one.ends)}")
            yield markup(
                '<li class="{}" data-colour="{}" title="{}"><span class="ds-sr-only">{}. </span></li>',
                self._place(one, month),
                self.colours[party.id],
                told,
                told,
            )
            place += 1

    def _gaps(self, holes: list[Any], place: int, month: "Month") -> Iterable[str]:
        while place < len(holes) and holes[place].begins < month.ends:
            one = holes[place]
            when = span_words(one.begins, one.ends)
            yield markup(
                '<li class="epj-year__gap {}" title="{} {}"><span class="ds-sr-only">{} {}. </span></li>',
                self._place(one, month),
                _("Udekket"),
                when,
                _("Udekket"),
                when,
            )
            place += 1

    def _place(self, one: Any, month: "Month") -> str:
        """A class that says where: many months have the same places, and so share a rule."""
        left = max(0.0, month.days_to(one.begins)) if one.begins > month.begins else 0.0
        right = min(float(month.length), month.days_to(one.ends)) if one.ends < month.ends else float(month.length)
        key = round(left, 3), round(right - left, 3)
        return self.places.setdefault(key, f"y{len(self.places)}")

    @property
    def style(self) -> str:
        return "".join(
            f".epj-year .{name}{{left:{100 * left / DAYS:.3f}%;width:{100 * width / DAYS:.3f}%}}" for (left, width), name in self.places.items()
        )

    def legend(self) -> list[dict[str, Any]]:
        shown = {short(account(self.known[party])): self.colours[party] for party in self.shown}
        return [{"colour": colour, "name": name} for name, colour in sorted(shown.items())]


class Month:
    """One month on the wall: `days_to` counts days of the clock on the wall, so that the two when it is moved are as wide as others."""

    def __init__(self, first: date, length: int) -> None:
        self.length, self.begins, self.ends = length, midnight(first), midnight(first + length * DAY)
        self.start = datetime(first.year, first.month, 1)  # noqa: DTZ001 - the wall's own
        self.name = say(MONTHS[first.month - 1]).capitalize()
        self.label = self.name[:3].lower()
        self.url = f"{reverse('duty_month')}?fra={first.isoformat()}"

    def days_to(self, moment: datetime) -> float:
        return (on_the_wall(moment) - self.start).total_seconds() / 86400


def month_of(year: int, number: int) -> Month:
    return Month(date(year, number, 1), monthrange(year, number)[1])


def _hours(hole: Any, month: Month) -> float:
    return max(0.0, (min(hole.ends, month.ends) - max(hole.begins, month.begins)).total_seconds() / 3600)
