"""Small counts are hidden so that statistics cannot point at a person (R15)."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)

THRESHOLD = 5


def suppress(count: int, threshold: int = THRESHOLD) -> int | None:
    """``None`` when the count is between one and the threshold (exclusive); zero names nobody."""
    if count < 0:
        raise ValueError("a count is never negative")
    return None if 0 < count < threshold else count


@dataclass(frozen=True)
class SuppressedCounts(Generic[K]):
    """``cells``: key → count, or ``None`` where hidden. ``total`` is ``None`` when showing it would
    let a reader subtract the shown cells from it."""

    cells: dict[K, int | None]
    total: int | None


def suppress_counts(counts: Mapping[K, int], threshold: int = THRESHOLD) -> SuppressedCounts[K]:
    """Hide each small cell, and the sum as soon as one cell is hidden.

    Only for one-way counts. A table with totals in both directions needs its rows and columns
    published without them.
    """
    cells = {key: suppress(count, threshold) for key, count in counts.items()}
    hidden = any(value is None for value in cells.values())
    return SuppressedCounts(cells, None if hidden else suppress(sum(counts.values()), threshold))
