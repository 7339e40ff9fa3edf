"""When the doses of an order fall, on the clock in Norway.

A dose is known by its place: the date and the clock time it is planned for. So the hour that comes twice in October holds one dose, the
hour that is skipped in March does not lose its own, and two nurses who chart the same dose name the same place.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from lms_epj.core.clock import from_oslo, oslo_date

MOST_PER_DAY = 24


@dataclass(frozen=True)
class Slot:
    """Where one planned dose stands: ``on`` and ``at`` on the wall clock, ``due_at`` the instant (UTC)."""

    on: date
    at: time
    due_at: datetime


@dataclass(frozen=True)
class Schedule:
    """``times``: clock times of each day that has doses; ``every_days``: 1 daily, 2 every second day, 7 weekly, counted from ``starts_at``.

    ``ends_at`` is where the course or the order ends: a dose due then or later is not planned.
    """

    times: Sequence[time]
    starts_at: datetime
    ends_at: datetime | None = None
    every_days: int = 1


def due_at(on: date, at: time) -> datetime:
    """The instant of a place. A time in the hour skipped in March is an hour later on the clock; of the doubled hour it is the first."""
    return from_oslo(datetime.combine(on, at))


def is_planned(schedule: Schedule, on: date, at: time) -> bool:
    """Whether the schedule has a dose at this place."""
    day = (on - oslo_date(schedule.starts_at)).days
    if at not in schedule.times or day < 0 or day % schedule.every_days:
        return False
    moment = due_at(on, at)
    return schedule.starts_at <= moment and (schedule.ends_at is None or moment < schedule.ends_at)


def slots(schedule: Schedule, first: datetime, last: datetime) -> Iterator[Slot]:
    """The places in [first, last), in the order they fall due."""
    on = oslo_date(max(first, schedule.starts_at))
    end = oslo_date(last if schedule.ends_at is None else min(last, schedule.ends_at))
    while on <= end:
        for at in sorted(schedule.times):
            moment = due_at(on, at)
            if first <= moment < last and is_planned(schedule, on, at):
                yield Slot(on, at, moment)
        on += timedelta(days=1)


def next_slot(schedule: Schedule, after: datetime) -> Slot | None:
    """The first place at or after an instant, or None when the course is over."""
    return next(slots(schedule, after, after + timedelta(days=schedule.every_days + 1)), None)
