"""When a resource is open: opening hours on the wall clock, days that differ, and the duty of people.

Hours are read on the wall clock in Norway, also on the two nights when it is changed: an edge in the hour that is skipped moves to the change,
and an edge in the hour that comes twice opens at the first and closes at the second.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from lms_epj.core.clock import OSLO, end_of_day, start_of_day, to_oslo
from telemed.domain.spans import Span, intersect, subtract, union

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
STEP = timedelta(minutes=15)  # bookings begin on the quarter


@dataclass(frozen=True)
class Hours:
    """Open on one weekday (0 is Monday). Closing at or before the opening means the day after; equal edges are a whole day."""

    weekday: int
    opens: time
    closes: time
    valid_from: date = date.min
    valid_to: date | None = None  # last day, itself included

    def holds_on(self, day: date) -> bool:
        return day.weekday() == self.weekday and self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Different:
    """Days that are not as usual: closed, or open at other hours instead. Of several for a day the last one counts."""

    first: date
    last: date
    opens: time | None = None
    closes: time | None = None


def opens_at(wall: datetime) -> datetime:
    """The first instant at which the wall clock has reached ``wall`` (naive)."""
    return _instant(wall, fold=0)


def closes_at(wall: datetime) -> datetime:
    """The instant from which the wall clock never again shows less than ``wall`` (naive)."""
    return _instant(wall, fold=1)


def _instant(wall: datetime, fold: int) -> datetime:
    found = wall.replace(tzinfo=OSLO, fold=fold).astimezone(UTC)
    if to_oslo(found).replace(tzinfo=None) == wall:
        return found
    moment = wall.replace(tzinfo=OSLO, fold=1).astimezone(UTC)
    while to_oslo(moment).replace(tzinfo=None) < wall:
        moment += MINUTE
    return moment


def hours_on(day: date, opens: time, closes: time) -> Span:
    """One day's hours as instants."""
    last = day if closes > opens else day + DAY
    return Span(opens_at(datetime.combine(day, opens)), closes_at(datetime.combine(last, closes)))


def open_spans(
    hours: Sequence[Hours], different: Sequence[Different], duty: Sequence[Span] | None, first: date, last: date
) -> list[Span]:  # fmt: skip
    """When the resource can be booked from ``first`` to ``last``, both included.

    ``duty``: when the person is at work; None for what needs nobody, or whose duty is not known.
    """
    found = []
    day = first - DAY  # the night before reaches into the first day
    while day <= last:
        other = next((one for one in reversed(different) if one.first <= day <= one.last), None)
        if other is None:
            found += [hours_on(day, one.opens, one.closes) for one in hours if one.holds_on(day)]
        elif other.opens is not None and other.closes is not None:
            found.append(hours_on(day, other.opens, other.closes))
        day += DAY
    within = intersect(union(found), [Span(start_of_day(first), end_of_day(last))])
    return within if duty is None else intersect(within, union(duty))


def free_spans(open_now: Sequence[Span], busy: Iterable[Span]) -> list[Span]:
    """What is open and not taken."""
    return subtract(open_now, busy)


def common(free: Sequence[Sequence[Span]]) -> list[Span]:
    """When all of them are free at once; nothing for none."""
    if not free:
        return []
    found = list(free[0])
    for one in free[1:]:
        found = intersect(found, one)
    return found


def next_free(free: Sequence[Span], length: timedelta, not_before: datetime, count: int) -> list[datetime]:
    """The first starts on the quarter, each leaving room for ``length``; ``free`` as ``common`` gives it."""
    starts: list[datetime] = []
    for span in free:
        start = _on_step(max(span.start, not_before))
        while start + length <= span.end and len(starts) < count:
            starts.append(start)
            start += STEP
        if len(starts) >= count:
            break
    return starts


def _on_step(moment: datetime) -> datetime:
    """The same moment, or the next quarter. Norway's offsets are whole hours, so a quarter is one on either clock."""
    over = timedelta(minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond)
    return moment if not over else moment - over + STEP
