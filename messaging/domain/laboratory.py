"""A report's results as rows that can be compared over time, and the limits that a laboratory writes beside them."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from lms_epj.core.folding import fold
from messaging.formats.model.facts import LabResult
from messaging.formats.model.message import Message
from messaging.formats.model.values import Moment

_COMPARED = {"LT": "<", "LE": "≤", "GT": ">", "GE": "≥", "<": "<", ">": ">"}
_NO_UNIT = ("0", "1", "arb enhet")  # what laboratories write where a quantity has none
_PRELIMINARY, _DELETED, _CANCELLED = ("2", "10", "12", "15"), "14", "C"
_WRITTEN = re.compile(r"([<>≤≥]?)\s*(-?\d+(?:[.,]\d+)?)")
_RANGE = re.compile(r"(-?\d+(?:[.,]\d+)?)\s*[-–]\s*(-?\d+(?:[.,]\d+)?)")
_BOUND = re.compile(r"([<>≤≥])=?\s*(-?\d+(?:[.,]\d+)?)")
_AHEAD = timedelta(minutes=10)


def rows_of(message: Message, written_at: datetime, received_at: datetime) -> list[dict[str, Any]]:
    """The rows of a svarrapport as `gate.message_settle` takes them. A cancellation has none: it takes back those of others."""
    told = message.content
    if message.standard.name != "Svarrapport" or (told.status and told.status.value == _CANCELLED):
        return []
    preliminary = bool(told.report_status and told.report_status.value == "P")
    return [_row(place, one, preliminary, written_at, received_at) for place, one in enumerate(told.results) if one.analysis or one.value]


def _row(place: int, one: LabResult, preliminary: bool, written_at: datetime, received_at: datetime) -> dict[str, Any]:
    taken = _taken(one.taken, received_at)
    kind = one.analysis
    comparator, value, number = _answer(one)
    name = kind.label if kind else ""
    return {
        "place": place, "analyte": (kind.value if kind and kind.value else fold(name))[:120], "code": kind.value[:40] if kind else "",
        "system": kind.system[:60] if kind else "", "name": name, "comparator": comparator, "value": value, "number": str(number) if number is not None else None,
        "measured_in": "" if one.unit.strip().lower() in _NO_UNIT else one.unit.strip()[:40], "reference": one.reference,
        "deviation": one.deviation.value[:10] if one.deviation else "",
        "preliminary": preliminary or bool(one.status and one.status.value in _PRELIMINARY),
        "withdrawn": bool(one.change and one.change.value == _CANCELLED) or bool(one.status and one.status.value == _DELETED),
        "day_only": bool(taken) and "T" not in (one.taken.written if one.taken else ""), "sampled": bool(taken),
        "event_at": (taken or written_at).isoformat(), "material": one.material, "comment": one.comment,
    }  # fmt: skip


def _taken(moment: Moment | None, received_at: datetime) -> datetime | None:
    """When the sample was taken, if that can be so: not before there were laboratories, nor after the answer came."""
    at = moment.instant if moment else None
    return at if at and at.year > 1900 and at <= received_at + _AHEAD else None


def _answer(one: LabResult) -> tuple[str, str, Decimal | None]:
    """(«<», value as written, the number to draw). Bounds that are two numbers, and words, are not drawn."""
    if one.low or one.high:
        return "", " – ".join(bound.value for bound in (one.low, one.high) if bound), None
    compared = _COMPARED.get(one.comparator.value, one.comparator.label) if one.comparator else ""
    written = _WRITTEN.fullmatch(one.value.strip())
    if written is None:
        return compared[:2], one.value, None
    return (compared or written[1])[:2], written[2], _number(written[2])


def _number(text: str) -> Decimal | None:
    try:
        found = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    return found if abs(found) < Decimal(10) ** 11 and len(text) <= 20 else None


@dataclass(frozen=True)
class Limits:
    """What the laboratory calls usual; an end that is open is None."""

    low: float | None = None
    high: float | None = None


def limits_of(reference: str) -> Limits:
    """From «60 - 105», «< 5» or «> 60». Anything else has no limits that can be drawn."""
    text = reference.strip()
    if between := _RANGE.fullmatch(text):
        return Limits(*(float(one.replace(",", ".")) for one in between.groups()))
    if bound := _BOUND.fullmatch(text):
        at = float(bound[2].replace(",", "."))
        return Limits(high=at) if bound[1] in "<≤" else Limits(low=at)
    return Limits()


def outside(number: Decimal | None, comparator: str, deviation: str, reference: str) -> str:
    """«high», «low», «other» or nothing: what the laboratory marked, or, where it marked nothing, what its own limits say."""
    marked = {"1": "high", "GT": "high", "2": "low", "LT": "low", "3": "other"}.get(deviation, "other" if deviation else "")
    if marked or number is None or comparator:
        return marked
    limits = limits_of(reference)
    if limits.high is not None and float(number) > limits.high:
        return "high"
    return "low" if limits.low is not None and float(number) < limits.low else ""
