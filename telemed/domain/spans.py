"""Sets of time as sorted, disjoint half-open spans of UTC instants."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple


class Span(NamedTuple):
    """From ``start`` up to, not including, ``end``."""

    start: datetime
    end: datetime

    def overlaps(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end


def union(spans: Iterable[Span]) -> list[Span]:
    """Sorted and disjoint; what touches is joined and what is empty falls away."""
    joined: list[Span] = []
    for span in sorted(one for one in spans if one.start < one.end):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined


def intersect(one: Sequence[Span], other: Sequence[Span]) -> list[Span]:
    """What lies in both; each is sorted and disjoint."""
    found, i, j = [], 0, 0
    while i < len(one) and j < len(other):
        start, end = max(one[i].start, other[j].start), min(one[i].end, other[j].end)
        if start < end:
            found.append(Span(start, end))
        if one[i].end < other[j].end:
            i += 1
        else:
            j += 1
    return found


def subtract(spans: Sequence[Span], holes: Iterable[Span]) -> list[Span]:
    """What is left of sorted, disjoint ``spans``."""
    left, taken, j = [], union(holes), 0
    for span in spans:
        start = span.start
        while j < len(taken) and taken[j].end <= start:
            j += 1
        k = j
        while k < len(taken) and taken[k].start < span.end:
            if start < taken[k].start:
                left.append(Span(start, taken[k].start))
            start = max(start, taken[k].end)
            k += 1
        if start < span.end:
            left.append(Span(start, span.end))
    return left


def holds(spans: Iterable[Span], wanted: Span) -> bool:
    """Whether all of ``wanted`` lies in one of them."""
    return any(span.start <= wanted.start and wanted.end <= span.end for span in spans)
