"""A patient's results, analyte by analyte: the newest, the ones before, and where each lies on a curve."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.gate import Gate
from lms_epj.core.formatting import format_day_month, format_decimal
from messaging.domain.laboratory import Limits, limits_of, outside
from messaging.models import LabResult

MOST = 1500  # the newest rows of a patient that are looked at
MARKS = {"high": gettext_noop("Over"), "low": gettext_noop("Under"), "other": gettext_noop("Avviker")}
ARROWS = {"high": "↑", "low": "↓", "other": "!"}
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM, INSET = 640, 220, 50, 10, 26, 30, 20


@dataclass(frozen=True)
class Shown:
    """One answer as a reader sees it. ``state`` is empty while it stands; otherwise why it does not."""

    row: LabResult
    state: str

    @property
    def value(self) -> str:
        number = self.row.value.replace(".", ",") if self.row.number is not None else self.row.value
        return f"{self.row.comparator} {number}".strip()

    @property
    def mark(self) -> dict[str, str] | None:
        """«Over» or «Under», with its arrow; None within what the laboratory calls usual."""
        found = outside(self.row.number, self.row.comparator, self.row.deviation, self.row.reference)
        return {"code": found, "text": _(MARKS[found]), "arrow": ARROWS[found]} if found else None

    @property
    def remarks(self) -> list[str]:
        told = ((self.row.preliminary, _("Foreløpig")), (self.row.message.status == "M", _("Rettet av laboratoriet")),
                (not self.row.sampled, _("Prøvetidspunktet er ikke oppgitt; tiden er da svaret ble skrevet")))  # fmt: skip
        return [text for holds, text in told if holds and not self.state]

    @property
    def url(self) -> str:
        return reverse("patient_message", args=[self.row.patient_id, self.row.message_id])


@dataclass
class Chart:
    """Everything about one analyte, newest first. ``standing``: what counts; ``all``: also what does not."""

    analyte: str
    name: str
    all: list[Shown] = field(default_factory=list)

    @property
    def standing(self) -> list[Shown]:
        return [one for one in self.all if not one.state]

    @property
    def latest(self) -> Shown | None:
        return next(iter(self.standing), None)

    @property
    def before(self) -> Shown | None:
        return next(iter(self.standing[1:]), None)

    @property
    def drawn(self) -> list[Shown]:
        """Numbers in the unit of the newest, oldest first: only those can stand on one curve."""
        numbers = [one for one in self.standing if one.row.number is not None]
        return [one for one in reversed(numbers) if one.row.measured_in == numbers[0].row.measured_in]


def charts(gate: Gate, patient: UUID) -> list[Chart]:
    """The patient's analytes, the one sampled last first, in the order of its report. Row security decides which rows."""
    rows = LabResult.objects.filter(patient=patient).select_related("message").defer("message__raw", "message__sha256")
    found: dict[str, Chart] = {}
    for one in _without_repeats(rows.order_by("-event_at", "-message__generated_at", "place")[:MOST]):
        found.setdefault(one.analyte, Chart(one.analyte, one.name or one.code)).all.append(Shown(one, _state(one)))
    return sorted(found.values(), key=_order)


def _order(chart: Chart) -> tuple[bool, float, int]:
    """What stands first, the last sampled before others, and within a report as the laboratory set them up."""
    first = chart.latest or chart.all[0]
    return chart.latest is None, -first.row.event_at.timestamp(), first.row.place


def _without_repeats(rows: Iterable[LabResult]) -> list[LabResult]:
    """A report sent again as final, without saying that it changes the preliminary, holds the same sample's answers twice: the newest is kept."""
    kept: list[LabResult] = []
    seen: dict[tuple[str, str, datetime], UUID] = {}
    for row in rows:
        by = seen.setdefault((row.message.thread, row.analyte, row.event_at), row.message_id)
        if by == row.message_id or row.message.superseded:
            kept.append(row)
    return kept


def _state(row: LabResult) -> str:
    if row.message.superseded:
        return str(row.message.get_superseded_display())
    return _("Trukket tilbake av laboratoriet") if row.withdrawn else ""


def curve(chart: Chart) -> dict[str, Any] | None:
    """Where the numbers lie on a drawing of WIDTH × HEIGHT: {points, line, band, ticks, unit}; None where there are no two to compare."""
    drawn = chart.drawn
    if len(drawn) < 2:
        return None
    limits = limits_of(drawn[-1].row.reference)
    low, high = _range([float(one.row.number) for one in drawn], limits)
    first, last = drawn[0].row.event_at, drawn[-1].row.event_at
    span = (last - first).total_seconds() or 1.0

    def y_of(value: float) -> float:
        return round(TOP + (HEIGHT - TOP - BOTTOM) * (high - value) / (high - low), 1)

    points = [
        {"x": round(LEFT + INSET + (WIDTH - LEFT - RIGHT - 2 * INSET) * (one.row.event_at - first).total_seconds() / span, 1), "y": y_of(float(one.row.number)),
         "value": one.value, "bound": bool(one.row.comparator), "day": format_day_month(one.row.event_at)}
        for one in drawn
    ]  # fmt: skip
    return {
        "width": WIDTH, "height": HEIGHT, "left": LEFT, "right": WIDTH - RIGHT, "inside": WIDTH - RIGHT - LEFT, "points": _labelled(points),
        "line": " ".join(f"{one['x']},{one['y']}" for one in points), "band": _band(limits, low, high, y_of), "unit": drawn[-1].row.measured_in,
        "ticks": [{"y": y_of(value), "text": format_decimal(value, _places(high - low))} for value in (low + (high - low) * part / 4 for part in range(5))],
    }  # fmt: skip


def _range(values: list[float], limits: Limits) -> tuple[float, float]:
    """From the least to the most that is drawn, the limits among them, with some room."""
    told = [*values, *(one for one in (limits.low, limits.high) if one is not None)]
    low, high = min(told), max(told)
    room = (high - low) * 0.15 or abs(high) * 0.1 or 1.0
    return (max(low - room, 0.0) if low >= 0 else low - room), high + room


def _places(span: float) -> int:
    return 0 if span >= 20 else 1 if span >= 2 else 2


def _band(limits: Limits, low: float, high: float, y_of: Any) -> dict[str, float] | None:
    """What the laboratory calls usual, as a band; an open end reaches to the edge."""
    if limits.low is None and limits.high is None:
        return None
    top, bottom = y_of(high if limits.high is None else limits.high), y_of(low if limits.low is None else limits.low)
    return {"y": top, "height": max(round(bottom - top, 1), 1.0)}


def _labelled(points: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Values and days are written where there is room: never two closer than their words are wide."""
    value_end = day_end = -1000.0
    for one in reversed(points):
        one["write_value"] = abs(value_end - one["x"]) >= 40
        one["write_day"] = abs(day_end - one["x"]) >= 46
        value_end = one["x"] if one["write_value"] else value_end
        day_end = one["x"] if one["write_day"] else day_end
    return points


def spark(chart: Chart) -> str:
    """The same line for a cell of 96 × 24."""
    numbers = [float(one.row.number) for one in chart.drawn]
    if len(numbers) < 2:
        return ""
    low, span = min(numbers), (max(numbers) - min(numbers)) or 1.0
    first, last = chart.drawn[0].row.event_at, chart.drawn[-1].row.event_at
    whole = (last - first).total_seconds() or 1.0
    return " ".join(
        f"{3 + 90 * (one.row.event_at - first).total_seconds() / whole:.1f},{21 - 18 * (float(one.row.number) - low) / span:.1f}"
        for one in chart.drawn
    )
