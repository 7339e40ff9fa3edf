"""What a roster is made of: rules that rotate, and acts that change what they give."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

from ops.domain.calendar import Calendar

Party = Hashable  # whoever answers: a person, a municipality, the host, a firm
EVERY_DAY = frozenset(range(7))


class Holidays(StrEnum):
    AS_SUNDAY = "as_sunday"
    IGNORED = "ignored"
    ONLY = "only"


@dataclass(frozen=True)
class Away:
    """A member that is not used from ``first`` to ``last``, both days included."""

    member: Party
    first: date
    last: date


@dataclass(frozen=True)
class Rule:
    """One rotation of a level (R65): on which days, between which times of the clock, and who in turn.

    A window begins on each of its days at ``starts`` and lasts until ``ends``, on the next day where that is not later. The turn of the day it
    begins on decides who has it: the first from ``anchor``, the next after ``turn_days`` days. With ``fair`` the feasts are dealt out instead:
    to whoever has had that feast the fewest times, then to whoever has had the fewest such days, then in order.
    Where rules of a level meet, the higher ``rank`` answers.
    """

    level: int
    rank: int
    members: tuple[Party, ...]
    anchor: date
    turn_days: int = 7
    starts: time = time(8)
    ends: time = time(8)
    weekdays: frozenset[int] = EVERY_DAY
    holidays: Holidays = Holidays.AS_SUNDAY
    fair: bool = False
    until: date | None = None  # the first day without it
    away: tuple[Away, ...] = ()
    never: frozenset[tuple[Party, int]] = field(default_factory=frozenset)  # (member, day of the week as it counts)

    def __post_init__(self) -> None:
        if not self.members or self.turn_days < 1:
            raise ValueError("a rotation needs members and a length")
        if self.fair and self.holidays is not Holidays.ONLY:
            raise ValueError("only holidays are dealt out")

    def on(self, day: date, calendar: Calendar) -> bool:
        """Whether a window begins on the day."""
        if day < self.anchor or (self.until is not None and day >= self.until):
            return False
        if self.holidays is Holidays.ONLY:
            return calendar.feast(day) is not None
        return (day.weekday() if self.holidays is Holidays.IGNORED else calendar.counts_as(day)) in self.weekdays

    def may(self, member: Party, day: date, calendar: Calendar) -> bool:
        """Whether a member can be used on a day."""
        if (member, calendar.counts_as(day)) in self.never:
            return False
        return not any(one.member == member and one.first <= day <= one.last for one in self.away)


@dataclass(frozen=True)
class Act:
    """A change of who answers. Without ``instead_of`` the party answers the whole span (override, take, cover); with it only where that one would (swap)."""

    level: int
    begins: datetime
    ends: datetime
    party: Party
    instead_of: Party | None = None


@dataclass(frozen=True)
class Segment:
    """One answers, from and including ``begins`` until ``ends`` (UTC)."""

    begins: datetime
    ends: datetime
    party: Party
