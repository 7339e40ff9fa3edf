"""What is measured of a wound, with its limits; its area and how it changes.

Length is the longest line, width the longest across it, depth the deepest point, all in millimetres. Area is length times width: the way
wounds are followed in practice, comparable from time to time and not a true area.
"""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

# inclusive; millimetres, per cent, NRS
LIMITS: Mapping[str, tuple[int, int]] = {
    "length_mm": (1, 600), "width_mm": (1, 600), "depth_mm": (0, 200),
    "granulation": (0, 100), "fibrin": (0, 100), "necrosis": (0, 100), "pain": (0, 10),
}  # fmt: skip
BED = ("granulation", "fibrin", "necrosis")
SIGNS = ("redness", "warmth", "swelling", "pain", "pus", "smell", "delayed", "fever")


class Fault(StrEnum):
    LIMITS = "limits"
    TOGETHER = "together"
    SUM = "sum"


def check(values: Mapping[str, int | None]) -> dict[str, Fault]:
    """What cannot be, by field. The bed is told whole, as shares that make 100, or not at all; of length and width both or neither."""
    faults = {name: Fault.LIMITS for name, (low, high) in LIMITS.items() if (value := values.get(name)) is not None and not low <= value <= high}
    if (values.get("length_mm") is None) != (values.get("width_mm") is None):
        faults["width_mm" if values.get("width_mm") is None else "length_mm"] = Fault.TOGETHER
    bed = [values.get(name) for name in BED]
    if any(value is not None for value in bed) and not any(name in faults for name in BED) and sum(value or 0 for value in bed) != 100:
        faults[BED[0]] = Fault.SUM
    return faults


def bed(values: Mapping[str, int | None]) -> dict[str, int | None]:
    """The shares of the bed: one that was left open is none of it, where another was given."""
    given = any(values.get(name) is not None for name in BED)
    return {name: (values.get(name) or 0) if given else None for name in BED}


def area(length_mm: int | None, width_mm: int | None) -> Decimal | None:
    """cm², to one decimal; None where it was not measured."""
    if length_mm is None or width_mm is None:
        return None
    return (Decimal(length_mm * width_mm) / 100).quantize(Decimal("0.1"), ROUND_HALF_UP)


def change(first: Decimal | None, last: Decimal | None) -> int | None:
    """How much the area has changed since the first, in per cent of it; None where that says nothing."""
    if first is None or last is None or not first:
        return None
    return int(((last - first) / first * 100).quantize(Decimal(1), ROUND_HALF_UP))


def span(times: Sequence[float], values: Sequence[float], width: float, height: float) -> list[tuple[float, float]]:
    """Points of a plot: time to the right from the first to the last, value upwards from 0 to the greatest. One point stands in the middle."""
    first, length = times[0], (times[-1] - times[0]) or 1
    top = max(values) or 1
    return [
        (width / 2 if len(times) == 1 else (at - first) / length * width, height - value / top * height)
        for at, value in zip(times, values, strict=True)
    ]
