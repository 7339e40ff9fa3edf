"""What else stands on the curve beside NEWS2: pain, weight, glucose, stool, ESAS and fluids – each with its unit and limits."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from journal.domain.fluids import Into, Out
from journal.domain.scores import SCORES


class Kind(StrEnum):
    PAIN = "pain"
    WEIGHT = "weight"
    GLUCOSE = "glucose"
    STOOL = "stool"
    ESAS = "esas"
    FLUID_IN = "fluid_in"
    FLUID_OUT = "fluid_out"
    SCORE = "score"


@dataclass(frozen=True)
class Measure:
    """``possible`` inclusive: outside is refused; outside ``usual`` is asked about. ``places``: digits after the comma. ``codes``: what may be
    said beside the number, or instead of it."""

    unit: str
    possible: tuple[Decimal, Decimal]
    usual: tuple[Decimal, Decimal]
    places: int = 0
    codes: tuple[str, ...] = ()


def _measure(unit: str, low: str, usual_low: str, usual_high: str, high: str, places: int = 0, codes: tuple[str, ...] = ()) -> Measure:
    return Measure(unit, (Decimal(low), Decimal(high)), (Decimal(usual_low), Decimal(usual_high)), places, codes)


# Pain NRS 0–10; stool Bristol 1–7; fluids in millilitres. ESAS has ten answers 0–10 and no number of its own.
MEASURES: Mapping[Kind, Measure] = {
    Kind.PAIN: _measure("NRS", "0", "0", "10", "10", codes=("rest", "movement")),
    Kind.WEIGHT: _measure("kg", "20", "35", "160", "350", 1),
    Kind.GLUCOSE: _measure("mmol/L", "0.5", "3.9", "20", "60", 1, ("fasting", "before_meal", "after_meal", "bedtime")),
    Kind.STOOL: _measure("Bristol", "1", "1", "7", "7", codes=("small", "medium", "large", "none")),
    Kind.FLUID_IN: _measure("mL", "1", "1", "2000", "6000", codes=tuple(Into)),
    Kind.FLUID_OUT: _measure("mL", "1", "1", "2000", "6000", codes=tuple(Out)),
}
NO_STOOL = "none"  # asked, and there was none: a finding, not a gap
ESAS_ITEMS = (
    "pain_rest", "pain_movement", "tiredness", "nausea", "breathlessness", "dry_mouth", "appetite", "anxiety", "depression", "wellbeing",
)  # fmt: skip


class Finding(StrEnum):
    MISSING = "missing"
    IMPOSSIBLE = "impossible"
    UNUSUAL = "unusual"
    PLACES = "places"
    CODE = "code"


def check_measure(kind: Kind, value: Decimal | None, code: str = "") -> Finding | None:
    """What is wrong with one answer, or None. UNUSUAL may be confirmed; the rest may not be stored."""
    measure = MEASURES[kind]
    if code and code not in measure.codes:
        return Finding.CODE
    if value is None:
        return None if kind is Kind.STOOL and code == NO_STOOL else Finding.MISSING
    if kind in (Kind.FLUID_IN, Kind.FLUID_OUT) and not code:
        return Finding.CODE
    if value != round(value, measure.places):
        return Finding.PLACES
    if not measure.possible[0] <= value <= measure.possible[1]:
        return Finding.IMPOSSIBLE
    return None if measure.usual[0] <= value <= measure.usual[1] else Finding.UNUSUAL


def check_esas(answers: Mapping[str, int]) -> Finding | None:
    """Ten questions, each 0–10; some may be left out, not all."""
    if not answers:
        return Finding.MISSING
    known = set(answers) <= set(ESAS_ITEMS)
    return None if known and all(0 <= answer <= 10 for answer in answers.values()) else Finding.IMPOSSIBLE


def check_score(code: str, value: Decimal | None, answers: Mapping[str, int]) -> Finding | None:
    """Every item is answered, and the number is their sum."""
    try:
        total = SCORES[code].total(answers)
    except (KeyError, ValueError):
        return Finding.MISSING
    return None if value == total else Finding.IMPOSSIBLE
