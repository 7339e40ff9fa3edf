"""NEWS2, the early warning score of the ward (R5, R6), exactly as the published chart has it.

Pure and versioned: a stored score keeps ``RULE_VERSION`` and the version of the action levels, so
that an old number can be explained after the local rules have changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from decimal import Decimal
from enum import IntEnum, StrEnum
from types import MappingProxyType

from lms_epj.core.words import gettext_noop

RULE_VERSION = "NEWS2-2017.1"
MINIMUM_AGE = 16


class Consciousness(StrEnum):
    """ACVPU. C is *new* confusion; habitual confusion is scored A."""

    ALERT = "A"
    CONFUSION = "C"
    VOICE = "V"
    PAIN = "P"
    UNRESPONSIVE = "U"


class Level(StrEnum):
    LOW = "low"
    LOW_MEDIUM = "low_medium"  # a single parameter gives 3
    MEDIUM = "medium"
    HIGH = "high"


class Scale(IntEnum):
    """SpO2 scale. Scale 2 is prescribed for hypercapnic respiratory failure, never chosen by diagnosis."""

    ONE = 1
    TWO = 2


class NotUsed(StrEnum):
    UNDER_16 = "under_16"
    PREGNANT = "pregnant"


@dataclass(frozen=True)
class Vitals:
    """One set. Per minute, percent, mmHg, °C with one decimal; ``None`` = not measured."""

    respiration: int | None = None
    spo2: int | None = None
    oxygen: bool | None = None
    systolic: int | None = None
    pulse: int | None = None
    consciousness: Consciousness | None = None
    temperature: Decimal | None = None


PARAMETERS = tuple(f.name for f in fields(Vitals))


@dataclass(frozen=True)
class Score:
    """``total`` and ``level`` are ``None`` when something is missing or the score is not used here."""

    points: Mapping[str, int]
    missing: tuple[str, ...]
    total: int | None
    level: Level | None
    scale: Scale
    not_used: NotUsed | None = None
    rule_version: str = RULE_VERSION

    @property
    def single_three(self) -> bool:
        return 3 in self.points.values()


def score(vitals: Vitals, *, scale2_prescribed: bool = False, age: int | None = None, pregnant: bool = False) -> Score:
    """Score one set. ``pregnant`` includes the time after birth; ``age`` in whole years, if known.

    A missing value is never counted as zero: known points are given, the total is not.
    """
    scale = Scale.TWO if scale2_prescribed else Scale.ONE
    refusal = _not_used(age, pregnant)
    if refusal:
        return Score(MappingProxyType({}), (), None, None, scale, refusal)
    points = _points(vitals, scale)
    missing = tuple(name for name in PARAMETERS if name not in points)
    if missing:
        return Score(MappingProxyType(points), missing, None, None, scale)
    total = sum(points.values())
    return Score(MappingProxyType(points), (), total, level_of(total, 3 in points.values()), scale)


def _not_used(age: int | None, pregnant: bool) -> NotUsed | None:
    if age is not None and age < MINIMUM_AGE:
        return NotUsed.UNDER_16
    return NotUsed.PREGNANT if pregnant else None


def level_of(total: int, single_three: bool) -> Level:
    """The level of a total; ``single_three``: one parameter alone gives 3."""
    if total >= 7:
        return Level.HIGH
    if total >= 5:
        return Level.MEDIUM
    return Level.LOW_MEDIUM if single_three else Level.LOW


# (upper bound inclusive, points); the last band has no upper bound. Temperature in tenths of a degree.
_RESPIRATION = ((8, 3), (11, 1), (20, 0), (24, 2), (None, 3))
_SPO2_1 = ((91, 3), (93, 2), (95, 1), (None, 0))
_SPO2_2_OXYGEN = ((83, 3), (85, 2), (87, 1), (92, 0), (94, 1), (96, 2), (None, 3))
_SPO2_2_AIR = ((83, 3), (85, 2), (87, 1), (None, 0))
_SYSTOLIC = ((90, 3), (100, 2), (110, 1), (219, 0), (None, 3))
_PULSE = ((40, 3), (50, 1), (90, 0), (110, 1), (130, 2), (None, 3))
_TEMPERATURE = ((350, 3), (360, 1), (380, 0), (390, 1), (None, 2))

Bands = tuple[tuple[int | None, int], ...]


def _band(bands: Bands, value: int) -> int:
    return next(points for upper, points in bands if upper is None or value <= upper)


def _points(v: Vitals, scale: Scale) -> dict[str, int]:
    """Points of the parameters that can be scored, in the order of the chart.

    On scale 2 a saturation cannot be scored before it is known whether oxygen is given.
    """
    points: dict[str, int] = {}
    if v.respiration is not None:
        points["respiration"] = _band(_RESPIRATION, v.respiration)
    if v.spo2 is not None and (scale is Scale.ONE or v.oxygen is not None):
        points["spo2"] = _band(_spo2_bands(scale, v.oxygen), v.spo2)
    if v.oxygen is not None:
        points["oxygen"] = 2 if v.oxygen else 0
    if v.systolic is not None:
        points["systolic"] = _band(_SYSTOLIC, v.systolic)
    if v.pulse is not None:
        points["pulse"] = _band(_PULSE, v.pulse)
    if v.consciousness is not None:
        points["consciousness"] = 0 if v.consciousness == Consciousness.ALERT else 3
    if v.temperature is not None:
        points["temperature"] = _band(_TEMPERATURE, _tenths(v.temperature))
    return points


def _spo2_bands(scale: Scale, oxygen: bool | None) -> Bands:
    if scale is Scale.ONE:
        return _SPO2_1
    return _SPO2_2_OXYGEN if oxygen else _SPO2_2_AIR


def _tenths(temperature: Decimal) -> int:
    tenths = Decimal(str(temperature)) * 10
    if tenths != int(tenths):
        raise ValueError("temperature has one decimal")
    return int(tenths)


STANDARD_ACTIONS: Mapping[str, str] = MappingProxyType(
    {
        "low_medium": gettext_noop("Sykepleier vurderer nå og varsler lege."),
        "medium": gettext_noop("Varsle lege. Pasienten vurderes innen en time."),
        "high": gettext_noop("Varsle lege straks. Vurder om pasienten må til sykehus."),
    }
)


@dataclass(frozen=True)
class ActionLevels:
    """How soon the next set is due after each level, and what is done: local, versioned, set by the ward's leadership.

    The defaults: 0 points within 12 hours, 1–4 within 6, a single 3 or 5–6 within the hour, 7 or
    more as continuous observation with a recorded set each 30 minutes.
    """

    version: str = "standard-1"
    zero: timedelta = timedelta(hours=12)
    low: timedelta = timedelta(hours=6)
    low_medium: timedelta = timedelta(hours=1)
    medium: timedelta = timedelta(hours=1)
    high: timedelta = timedelta(minutes=30)
    incomplete: timedelta = timedelta(hours=1)
    actions: Mapping[str, str] = field(default_factory=lambda: STANDARD_ACTIONS)

    def __post_init__(self) -> None:
        steps = (self.zero, self.low, self.low_medium, self.medium, self.high)
        if min(steps) <= timedelta(0) or list(steps) != sorted(steps, reverse=True):
            raise ValueError("a more severe level cannot be due later than a milder one")


DEFAULT_ACTION_LEVELS = ActionLevels()


def next_due(result: Score, levels: ActionLevels = DEFAULT_ACTION_LEVELS) -> timedelta | None:
    """Time until the next set; ``None`` where NEWS2 is not used and somebody must order by hand."""
    if result.not_used:
        return None
    if result.total is None:
        return min(levels.incomplete, levels.low_medium) if result.single_three else levels.incomplete
    if result.total == 0:
        return levels.zero
    return {
        Level.LOW: levels.low,
        Level.LOW_MEDIUM: levels.low_medium,
        Level.MEDIUM: levels.medium,
        Level.HIGH: levels.high,
    }[result.level or Level.HIGH]


@dataclass(frozen=True)
class Limits:
    """Inclusive. Outside ``possible`` is a slip of the keyboard and refused; outside ``usual`` is asked about."""

    possible: tuple[Decimal, Decimal]
    usual: tuple[Decimal, Decimal]


def _limits(low: str, usual_low: str, usual_high: str, high: str) -> Limits:
    return Limits((Decimal(low), Decimal(high)), (Decimal(usual_low), Decimal(usual_high)))


LIMITS: Mapping[str, Limits] = MappingProxyType(
    {
        "respiration": _limits("0", "8", "40", "90"),
        "spo2": _limits("20", "70", "100", "100"),
        "oxygen_flow": _limits("0", "0", "15", "70"),
        "systolic": _limits("30", "70", "240", "320"),
        "diastolic": _limits("10", "35", "130", "220"),
        "pulse": _limits("0", "35", "170", "320"),
        "temperature": _limits("20.0", "34.0", "41.0", "45.0"),
    }
)


class Finding(StrEnum):
    IMPOSSIBLE = "impossible"
    UNUSUAL = "unusual"
    DIASTOLIC_ABOVE_SYSTOLIC = "diastolic_above_systolic"
    FLOW_WITHOUT_OXYGEN = "flow_without_oxygen"


@dataclass(frozen=True)
class Check:
    """``errors`` stop the save; ``warnings`` need one confirmation. Keys are parameter names."""

    errors: Mapping[str, Finding] = field(default_factory=dict)
    warnings: Mapping[str, Finding] = field(default_factory=dict)


def check_values(vitals: Vitals, *, diastolic: int | None = None, oxygen_flow: Decimal | None = None) -> Check:
    """Judge each value against its limits, and the values that depend on one another.

    ``oxygen_flow`` in L/min.
    """
    values = {
        "respiration": vitals.respiration,
        "spo2": vitals.spo2,
        "systolic": vitals.systolic,
        "pulse": vitals.pulse,
        "temperature": vitals.temperature,
        "diastolic": diastolic,
        "oxygen_flow": oxygen_flow,
    }
    errors: dict[str, Finding] = {}
    warnings: dict[str, Finding] = {}
    for name, value in values.items():
        if value is None:
            continue
        limits = LIMITS[name]
        if not limits.possible[0] <= value <= limits.possible[1]:
            errors[name] = Finding.IMPOSSIBLE
        elif not limits.usual[0] <= value <= limits.usual[1]:
            warnings[name] = Finding.UNUSUAL
    if vitals.systolic is not None and diastolic is not None and diastolic >= vitals.systolic:
        errors.setdefault("diastolic", Finding.DIASTOLIC_ABOVE_SYSTOLIC)
    if oxygen_flow and vitals.oxygen is False:
        errors.setdefault("oxygen_flow", Finding.FLOW_WITHOUT_OXYGEN)
    return Check(errors, warnings)


def bands(parameter: str, scale: Scale = Scale.ONE, *, oxygen: bool = False) -> tuple[tuple[float | None, float | None, int], ...]:
    """(from, to, points) of every band that gives points, as the curve paints them; ``None`` is open-ended.

    ``from`` is where the band below ends, so that neighbours touch. ``parameter``: respiration, spo2, systolic, pulse or temperature.
    """
    chart = {
        "respiration": _RESPIRATION,
        "spo2": _spo2_bands(scale, oxygen),
        "systolic": _SYSTOLIC,
        "pulse": _PULSE,
        "temperature": _TEMPERATURE,
    }[parameter]
    size = 10 if parameter == "temperature" else 1
    found: list[tuple[float | None, float | None, int]] = []
    low: float | None = None
    for upper, points in chart:
        high = None if upper is None else (upper + 0.5) / size
        if points:
            found.append((low, high, points))
        low = high
    return tuple(found)
