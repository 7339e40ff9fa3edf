"""Meetings that come again: every so many weeks on given weekdays, at the same time on the wall clock."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from lms_epj.core.clock import from_oslo
from telemed.domain.spans import Span

MOST = 200  # occurrences of one series: some four years of weekly meetings


@dataclass(frozen=True)
class Weekly:
    """``skipped`` days fall away; a day in ``moved`` is held at another wall-clock time, perhaps on another day."""

    first: date
    until: date
    weekdays: frozenset[int]
    at: time
    minutes: int
    interval: int = 1
    skipped: frozenset[date] = frozenset()
    moved: dict[date, datetime] = field(default_factory=dict)

    def days(self) -> Iterator[date]:
        """The days the rule names, exceptions included."""
        monday, made = self.first - timedelta(days=self.first.weekday()), 0
        while monday <= self.until and made < MOST:
            for weekday in sorted(self.weekdays):
                day = monday + timedelta(days=weekday)
                if self.first <= day <= self.until and made < MOST:
                    made += 1
                    yield day
            monday += timedelta(weeks=self.interval)

    def occurrences(self) -> list[tuple[date, Span]]:
        """(the day of the rule, when it is held), in the rule's order."""
        found = []
        for day in self.days():
            if day in self.skipped:
                continue
            start = from_oslo(self.moved.get(day, datetime.combine(day, self.at)))
            found.append((day, Span(start, start + timedelta(minutes=self.minutes))))
        return found
