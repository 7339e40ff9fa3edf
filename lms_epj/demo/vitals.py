"""Measurements that follow the course: bad at first, nearing the end values, with the noise of real life."""

import math
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from lms_epj.core.clock import from_oslo, to_oslo

from .conditions import Condition, Readings
from .shapes import VitalSet

_FIRST_DAY_HOURS = (2, 6, 10, 14, 18, 22)
_LATER_HOURS = (6, 13, 20)


def measured_at(admitted: datetime, until: datetime, rng: Random) -> list[datetime]:
    """At arrival, then each fourth hour the first day and three times daily; never after ``until``."""
    times = [admitted + timedelta(minutes=rng.randint(10, 25))]
    day = to_oslo(admitted).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    while True:
        for hour in range(24):
            moment = from_oslo(day + timedelta(hours=hour)) + timedelta(minutes=rng.randint(-14, 22))
            first_day = moment - admitted < timedelta(hours=22)
            if hour in (_FIRST_DAY_HOURS if first_day else _LATER_HOURS) and moment > times[-1] + timedelta(hours=1):
                if moment >= until:
                    return [t for t in times if t < until]
                times.append(moment)
        day += timedelta(days=1)


def progress(at: datetime, admitted: datetime, expected_end: datetime) -> float:
    """0 at admission, 1 at the expected end."""
    return min(max((at - admitted) / (expected_end - admitted), 0.0), 1.0)


def vital_set(condition: Condition, at: datetime, done: float, rng: Random, *, stay: str, author: str, confused: bool) -> VitalSet:
    left = math.exp(-3.0 * done)

    def between(name: str, noise: float) -> float:
        start, end = getattr(condition.start, name), getattr(condition.end, name)
        return end + (start - end) * left + rng.gauss(0, noise)

    flow = _flow(condition.start, done)
    systolic = round(between("systolic", 6))
    spo2_top = 92 if condition.scale2 and flow else 99
    return VitalSet(
        stay=stay,
        taken_at=at,
        respiration=max(10, round(between("respiration", 0.9))),
        spo2=max(80, min(spo2_top, round(between("spo2", 0.8)))),
        spo2_scale=2 if condition.scale2 else 1,
        oxygen=flow is not None,
        oxygen_flow=flow,
        systolic=systolic,
        diastolic=min(round(systolic * 0.57 + rng.gauss(0, 4)), systolic - 25),
        pulse=round(between("pulse", 4)),
        consciousness="C" if confused else "A",
        temperature=Decimal(round(between("temperature", 0.15) * 10)) / 10,
        author=author,
    )


def _flow(start: Readings, done: float) -> Decimal | None:
    if not start.flow or done > 0.6:
        return None
    return Decimal(str(start.flow)) if done < 0.35 else max(Decimal(1), Decimal(str(start.flow)) - 1)
