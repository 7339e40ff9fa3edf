"""What has become of a dose, and whether one may be given now.

A planned dose is never stored before it is given: it follows from the order. So none can be lost, and its state is worked out anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Status(StrEnum):
    """What was charted of a dose."""

    GIVEN = "given"
    PARTLY = "partly"
    NOT_GIVEN = "not_given"
    REFUSED = "refused"


class State(StrEnum):
    """``pending``: its time has not come. ``due``: now. ``late``: should have been given. The rest is what was charted."""

    PENDING = "pending"
    DUE = "due"
    LATE = "late"
    GIVEN = "given"
    PARTLY = "partly"
    NOT_GIVEN = "not_given"
    REFUSED = "refused"


OPEN = frozenset({State.PENDING, State.DUE, State.LATE})
TAKEN = frozenset({Status.GIVEN, Status.PARTLY})
NEEDS_REASON = frozenset({Status.PARTLY, Status.NOT_GIVEN, Status.REFUSED})


class Reason(StrEnum):
    """Why a dose was not given as ordered. ``other`` asks for words."""

    NAUSEA = "nausea"
    FASTING = "fasting"
    ASLEEP = "asleep"
    ABSENT = "absent"
    CANNOT_SWALLOW = "cannot_swallow"
    NOT_IN_STOCK = "not_in_stock"
    MEASUREMENT = "measurement"
    DOCTOR = "doctor"
    DOES_NOT_WANT = "does_not_want"
    OTHER = "other"


@dataclass(frozen=True)
class Windows:
    """How long before its time a dose may be given without a question, and how long after it is late."""

    early: timedelta = timedelta(minutes=60)
    late: timedelta = timedelta(minutes=60)


WINDOWS = Windows()


def state_of(due_at: datetime, charted: Status | None, now: datetime, windows: Windows = WINDOWS) -> State:
    """The state of one planned dose."""
    if charted is not None:
        return State(charted.value)
    if now < due_at - windows.early:
        return State.PENDING
    return State.DUE if now <= due_at + windows.late else State.LATE


class Wait(StrEnum):
    """Why a dose as needed may not be given yet."""

    TOO_SOON = "too_soon"
    TOO_MANY = "too_many"


@dataclass(frozen=True)
class AsNeeded:
    """``min_interval`` between two doses; ``max_per_day`` in any 24 hours. None: the order does not say."""

    min_interval: timedelta | None = None
    max_per_day: int | None = None


def decide_as_needed(limits: AsNeeded, taken: Sequence[datetime], at: datetime) -> tuple[Wait, datetime] | None:
    """(why not, from when) or None when it may be given ``at``. ``taken``: when doses were given, in any order; later ones count too."""
    near = sorted(moment for moment in taken if abs(moment - at) < timedelta(hours=24))
    if limits.min_interval:
        too_near = [moment for moment in near if abs(moment - at) < limits.min_interval]
        if too_near:
            return Wait.TOO_SOON, too_near[-1] + limits.min_interval
    before = [moment for moment in near if moment <= at]
    if limits.max_per_day and len(before) >= limits.max_per_day:
        return Wait.TOO_MANY, before[-limits.max_per_day] + timedelta(hours=24)
    return None
