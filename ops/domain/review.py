"""What a roster should be looked over for: gaps, two at once, too little rest, and who carries how much."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from ops.domain.calendar import SUNDAY, Calendar
from ops.domain.resolver import layered, windows
from ops.domain.rules import Party, Rule, Segment
from ops.domain.wall import instant, oslo

HOUR = timedelta(hours=1)
REST = 11 * HOUR  # arbeidsmiljøloven § 10-8: between two shifts
NIGHT_FROM, NIGHT_TO = time(22), time(6)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    begins: datetime
    ends: datetime

    @property
    def hours(self) -> float:
        return (self.ends - self.begins) / HOUR


@dataclass
class Burden:
    """Hours of one party in a period."""

    total: float = 0
    night: float = 0
    weekend: float = 0
    holiday: float = 0
    feasts: set[tuple[str, int]] = field(default_factory=set)


def gaps(line: Sequence[Segment], begins: datetime, ends: datetime) -> list[Span]:
    """Where nobody answers."""
    found, reached = [], begins
    for one in line:
        if one.begins > reached:
            found.append(Span(reached, min(one.begins, ends)))
        reached = max(reached, one.ends)
    if reached < ends:
        found.append(Span(reached, ends))
    return [one for one in found if one.begins < one.ends]


def doubles(rules: Iterable[Rule], calendar: Calendar, begins: datetime, ends: datetime) -> list[Span]:
    """Where two rules of equal rank in a level name different parties: one of them answers, and the other may not know."""
    ordinary: dict[tuple[int, int], list[list[Segment]]] = {}
    for rule in rules:
        ordinary.setdefault((rule.level, rule.rank), []).append(layered([list(windows(rule, calendar, begins, ends))]))
    found = []
    for lines in ordinary.values():
        for number, one in enumerate(lines):
            for other in lines[number + 1 :]:
                found += _meetings(one, other)
    return sorted(found, key=lambda span: span.begins)


def _meetings(one: Sequence[Segment], other: Sequence[Segment]) -> list[Span]:
    found, n, m = [], 0, 0
    while n < len(one) and m < len(other):
        begins, ends = max(one[n].begins, other[m].begins), min(one[n].ends, other[m].ends)
        if begins < ends and one[n].party != other[m].party:
            found.append(Span(begins, ends))
        if one[n].ends <= other[m].ends:
            n += 1
        else:
            m += 1
    return found


def short_rests(lines: Iterable[Iterable[Segment]], rest: timedelta = REST) -> list[tuple[Party, Span]]:
    """Breaks between two shifts of one party, in whatever roster, that are shorter than the rest one is owed."""
    shifts: dict[Party, list[Segment]] = {}
    for line in lines:
        for one in line:
            shifts.setdefault(one.party, []).append(one)
    found = []
    for party, own in shifts.items():
        own.sort(key=lambda one: one.begins)
        reached = own[0].ends
        for one in own[1:]:
            if timedelta(0) < one.begins - reached < rest:
                found.append((party, Span(reached, one.begins)))
            reached = max(reached, one.ends)
    return sorted(found, key=lambda one: one[1].begins)


def burdens(lines: Iterable[Iterable[Segment]], calendar: Calendar) -> Mapping[Party, Burden]:
    """Hours by party: in all, at night (22–06), on Saturdays and Sundays, and on holidays."""
    found: dict[Party, Burden] = {}
    for line in lines:
        for one in line:
            _weigh(found.setdefault(one.party, Burden()), one, calendar)
    return found


def _weigh(burden: Burden, one: Segment, calendar: Calendar) -> None:
    burden.total += (one.ends - one.begins) / HOUR
    day = oslo(one.begins).date()
    while instant(day, time(0)) < one.ends:
        midnight, next_midnight = instant(day, time(0)), instant(day + DAY, time(0))
        hours = _common(one, midnight, next_midnight)
        burden.night += _common(one, midnight, instant(day, NIGHT_TO)) + _common(one, instant(day, NIGHT_FROM), next_midnight)
        feast = calendar.feast(day)
        if feast:
            burden.holiday += hours
            burden.feasts.add(feast)
        elif _is_weekend(day):
            burden.weekend += hours
        day += DAY


def _is_weekend(day: date) -> bool:
    return day.weekday() >= SUNDAY - 1


def _common(one: Segment, begins: datetime, ends: datetime) -> float:
    return max(0.0, (min(one.ends, ends) - max(one.begins, begins)) / HOUR)
