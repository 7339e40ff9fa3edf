"""Norwegian public holidays by rule (LOV-1995-02-24-12 § 2, LOV-1947-04-26-1), and what day a day counts as in a roster (R64, 5.9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

from lms_epj.core.words import gettext_noop

SUNDAY = 6
FIXED = {
    (1, 1): gettext_noop("nyttår"),
    (5, 1): gettext_noop("1. mai"),
    (5, 17): gettext_noop("17. mai"),
    (12, 25): gettext_noop("jul"),
    (12, 26): "jul",
}
# days from Easter Sunday → the feast they belong to
MOVABLE = {
    -3: gettext_noop("påske"),
    -2: "påske",
    0: "påske",
    1: "påske",
    39: gettext_noop("Kristi himmelfartsdag"),
    49: gettext_noop("pinse"),
    50: "pinse",
}
# Not statutory: a roster chooses whether they count. code → what it is called
EVES = {"easter_eve": "påskeaften", "whitsun_eve": "pinseaften", "christmas_eve": "julaften", "new_years_eve": "nyttårsaften"}


def easter(year: int) -> date:
    """Easter Sunday (Gregorian computus)."""
    a, century, rest = year % 19, year // 100, year % 100
    leap, moon = century // 4, (century - (century + 8) // 25 + 1) // 3
    full = (19 * a + century - leap - moon + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (rest // 4) - full - rest % 4) % 7
    late = (a + 11 * full + 22 * week) // 451
    month, day = divmod(full + week - 7 * late + 114, 31)
    return date(year, month, day + 1)


@lru_cache
def feasts(year: int, eves: frozenset[str] = frozenset()) -> Mapping[date, tuple[str, int]]:
    """Each holiday of a year → (feast, the year it is counted to). A set of days: 17 May may be Ascension Day or Whit Monday too, and is then that feast's."""
    sunday = easter(year)
    found = {date(year, month, day): (name, year) for (month, day), name in FIXED.items()}
    found |= {sunday + timedelta(days=after): (name, year) for after, name in MOVABLE.items()}
    chosen = {
        "easter_eve": (sunday - timedelta(days=1), "påske", year),
        "whitsun_eve": (sunday + timedelta(days=48), "pinse", year),
        "christmas_eve": (date(year, 12, 24), "jul", year),
        "new_years_eve": (date(year, 12, 31), "nyttår", year + 1),
    }
    for code in eves:
        day, name, counted = chosen[code]
        found.setdefault(day, (name, counted))
    return MappingProxyType(dict(sorted(found.items())))


@dataclass(frozen=True)
class Calendar:
    """``eves``: codes of EVES that this roster counts as holidays."""

    eves: frozenset[str] = frozenset()

    def feast(self, day: date) -> tuple[str, int] | None:
        """Which feast of which year the day is part of; an ordinary Sunday is none."""
        return feasts(day.year, self.eves).get(day)

    def counts_as(self, day: date) -> int:
        """0 Monday … 6 Sunday; a holiday is a Sunday."""
        return SUNDAY if self.feast(day) else day.weekday()
