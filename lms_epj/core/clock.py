"""One clock and one local time zone: stored in UTC, shown and reasoned about in Europe/Oslo.

Rules such as «access closes at midnight» mean midnight on the ward's wall clock, which is 23:00 UTC
in winter and 22:00 UTC in summer; doing that arithmetic in UTC would close access an hour wrong.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")
FIRST_YEAR, LAST_YEAR = 1850, 2200


class Clock(Protocol):
    """What code that needs the time takes as a parameter; tests hand in a fixed one."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""


class SystemClock:
    def now(self) -> datetime:
        return now()


def now() -> datetime:
    return datetime.now(UTC)


def to_oslo(instant: datetime) -> datetime:
    """Wall-clock time in Norway. Naive values are refused: their zone would be a guess."""
    if instant.tzinfo is None:
        raise ValueError("naive datetime")
    return instant.astimezone(OSLO)


def oslo_date(instant: datetime) -> date:
    return to_oslo(instant).date()


def from_oslo(wall: datetime) -> datetime:
    """UTC instant of a naive Norwegian wall-clock time.

    The hour that happens twice in October gives the first of the two unless ``fold=1``; a time in
    the hour skipped in March is moved past the gap, as the standard library does.
    """
    if wall.tzinfo is not None:
        raise ValueError("expected a naive wall-clock time")
    return wall.replace(tzinfo=OSLO).astimezone(UTC)


def plausible(day: date) -> date:
    """The day that somebody typed or sent, if it can belong to a record.

    Outside FIRST_YEAR–LAST_YEAR a year is a slip of the keyboard, and at the calendar's ends a change of zone overflows.
    Raises ValueError.
    """
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError("no such year in a record")
    return day


def start_of_day(day: date) -> datetime:
    """Midnight at which ``day`` begins in Norway, as UTC."""
    return from_oslo(datetime.combine(day, time.min))


def end_of_day(day: date) -> datetime:
    """Midnight at which ``day`` ends in Norway, as UTC; the days are 23, 24 or 25 hours long."""
    return start_of_day(day + timedelta(days=1))
