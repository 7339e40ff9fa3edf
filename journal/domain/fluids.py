"""Fluid balance: what goes in less what goes out, per day on the ward's clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from lms_epj.core.clock import from_oslo, to_oslo

DAY_BEGINS = time(7)  # the ward sums up when the night ends


class Into(StrEnum):
    DRINK = "drink"
    TUBE = "tube"
    INTRAVENOUS = "iv"
    OTHER_IN = "other_in"


class Out(StrEnum):
    URINE = "urine"
    VOMIT = "vomit"
    DRAIN = "drain"
    STOOL = "stool"
    OTHER_OUT = "other_out"


@dataclass(frozen=True)
class Amount:
    """``way`` is how it went in or out; ``ml`` at least 0."""

    at: datetime
    way: Into | Out
    ml: int


@dataclass(frozen=True)
class Balance:
    """Millilitres by way; ``whole`` is false while the day still runs."""

    day: date
    into: dict[Into, int]
    out: dict[Out, int]
    whole: bool

    @property
    def total_in(self) -> int:
        return sum(self.into.values())

    @property
    def total_out(self) -> int:
        return sum(self.out.values())

    @property
    def net(self) -> int:
        return self.total_in - self.total_out


def fluid_day(moment: datetime, begins: time = DAY_BEGINS) -> date:
    """The day an amount is counted in: until the ward's hour it is the day before."""
    local = to_oslo(moment)
    return local.date() if local.time() >= begins else local.date() - timedelta(days=1)


def span(day: date, begins: time = DAY_BEGINS) -> tuple[datetime, datetime]:
    """[from, to) of a fluid day: 23, 24 or 25 hours."""
    return from_oslo(datetime.combine(day, begins)), from_oslo(datetime.combine(day + timedelta(days=1), begins))


def balances(amounts: Iterable[Amount], now: datetime, begins: time = DAY_BEGINS) -> list[Balance]:
    """One balance for each day that has an amount, newest first. A day without any has none: nothing measured is not zero."""
    days: dict[date, Balance] = {}
    for one in amounts:
        day = fluid_day(one.at, begins)
        found = days.setdefault(day, Balance(day, {}, {}, span(day, begins)[1] <= now))
        if isinstance(one.way, Into):
            found.into[one.way] = found.into.get(one.way, 0) + one.ml
        else:
            found.out[one.way] = found.out.get(one.way, 0) + one.ml
    return sorted(days.values(), key=lambda balance: balance.day, reverse=True)
