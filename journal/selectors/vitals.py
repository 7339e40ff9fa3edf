"""Measurements as the strip and the curve show them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import UUIDField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from journal.domain import news2
from journal.domain.news2 import Scale
from journal.domain.scores import qsofa
from journal.models import OxygenScale, VitalSet
from lms_epj.core.formatting import format_day_month, format_decimal, format_time
from lms_epj.core.prepared import Prepared, Slot

NOT_USED = "not_used"
GAP = 14 * 3600
MOST_ROWS = 200  # of a table or a grid; the plots hold them all
# key, label, unit, column, key of its points
STRIP = (
    ("respiration", gettext_noop("Resp.frekvens"), "/min"),
    ("spo2", "SpO₂", "%"),
    ("oxygen", gettext_noop("Oksygen"), "L/min"),
    ("blood_pressure", gettext_noop("Blodtrykk"), "mmHg"),
    ("pulse", gettext_noop("Puls"), "/min"),
    ("temperature", gettext_noop("Temp"), "°C"),
    ("consciousness", gettext_noop("Bevissthet"), ""),
)
CURVE_ROWS = STRIP[:6]
POINTS_OF = {"blood_pressure": "systolic"}
RANGES = {"respiration": (8, 32), "spo2": (82, 100), "blood_pressure": (40, 200), "pulse": (40, 140), "temperature": (34.5, 40.5)}


def newest_sets(patient_id: UUID, count: int = 2) -> list[VitalSet]:
    """The newest sets that count, newest first: struck ones do not."""
    return _newest(count).rows(patient=patient_id)


@cache
def _newest(count: int) -> Prepared[VitalSet]:
    the_patient = Slot("patient", UUIDField())
    return Prepared(lambda: VitalSet.objects.filter(patient=the_patient, struck_at__isnull=True).order_by("-event_at", "-pk")[:count])


def news(sets: list[VitalSet]) -> dict[str, Any]:
    """``news`` of the newest of ``sets`` (newest first), compared with the last one before it that has a total."""
    if not sets:
        return {"total": None, "level": None, "status": "none"}
    latest = sets[0]
    previous = next((row for row in sets[1:] if row.news2_total is not None), None)
    history = [row.news2_total for row in reversed(sets) if row.news2_total is not None]
    status = "complete" if latest.news2_total is not None else "incomplete" if latest.rule_version else "not_used"
    return {
        "total": latest.news2_total, "level": level_of(latest), "status": status, "taken_at": latest.event_at,
        "previous": previous.news2_total if previous else None, "previous_at": previous.event_at if previous else None, "history": history,
    }  # fmt: skip


def level_of(row: VitalSet) -> str | None:
    """The stored level; a set taken over from elsewhere with a total alone gets the level of that total."""
    if row.news2_total is None:
        return None
    return row.news2_level or news2.level_of(row.news2_total, 3 in row.news2_points.values()).value


def strip(sets: list[VitalSet]) -> list[dict[str, Any]]:
    """The values of the newest set with their points, and what each was the time before."""
    latest, before = sets[0] if sets else None, sets[1] if len(sets) > 1 else None
    shown = []
    for key, label, unit in STRIP:
        if key == "consciousness" and (latest is None or latest.consciousness in ("", "A")):
            continue  # NEWS2 says when it is missing; alert needs no place of its own
        value = value_text(latest, key) if latest else ""
        name = _("SpO₂ (skala 2)") if key == "spo2" and latest and latest.spo2_scale == 2 else _(label)
        shown.append({
            "label": name, "value": value, "unit": "" if key == "oxygen" and latest and latest.on_oxygen is False else unit,
            "points": _points(latest, key), "change": _change(latest, before, key),
        })  # fmt: skip
    return shown


def _points(row: VitalSet | None, key: str) -> int | None:
    return row.news2_points.get(POINTS_OF.get(key, key)) if row else None


def value_text(row: VitalSet, key: str) -> str:
    """«138/80», «37,8», «Luft»; empty when it was not measured."""
    if key == "blood_pressure":
        if row.systolic is None:
            return ""
        return f"{row.systolic}/{row.diastolic}" if row.diastolic is not None else str(row.systolic)
    if key == "oxygen":
        return _oxygen_text(row)
    if key == "consciousness":
        return row.consciousness
    if key == "temperature":
        return format_decimal(row.temperature, 1) if row.temperature is not None else ""
    value = getattr(row, key)
    return "" if value is None else str(value)


def _oxygen_text(row: VitalSet) -> str:
    if row.on_oxygen is None:
        return ""
    if row.on_oxygen is False:
        return _("Luft")
    return format_decimal(row.oxygen_flow) if row.oxygen_flow is not None else _("Ja")


def _change(latest: VitalSet | None, before: VitalSet | None, key: str) -> str:
    if latest is None or before is None or key == "consciousness":
        return ""
    now, then = value_text(latest, key), value_text(before, key)
    if not now or not then:
        return ""
    if now == then:
        return _("uendret")
    if key == "blood_pressure":
        return then
    first, second = _number(latest, key), _number(before, key)
    return f"{'↑' if first > second else '↓'} {_('fra')} {then}"


def _number(row: VitalSet, key: str) -> Decimal:
    value = (row.oxygen_flow or 0) if key == "oxygen" else getattr(row, key)
    return Decimal(value)


def in_words(row: VitalSet | None) -> str:
    """The set as a sentence for a note, in the record's language: «NEWS2 7 kl. 10:12. RF 25/min, SpO₂ 87 % …»."""
    if row is None:
        return ""
    total = f"NEWS2 {row.news2_total}" if row.news2_total is not None else "Målt"
    parts = {
        "RF": (value_text(row, "respiration"), "/min"), "SpO₂": (value_text(row, "spo2"), " %"), "O₂": (value_text(row, "oxygen"), " L/min" if row.oxygen_flow else ""),
        "BT": (value_text(row, "blood_pressure"), " mmHg"), "puls": (value_text(row, "pulse"), "/min"), "temp": (value_text(row, "temperature"), " °C"),
        "ACVPU": (row.consciousness, ""),
    }  # fmt: skip
    values = ", ".join(f"{name} {value}{unit}" for name, (value, unit) in parts.items() if value)
    return f"{total} kl. {format_time(row.event_at)}. {values}."


def scale_text(patient_id: UUID) -> tuple[int, str]:
    """(scale, sentence): which SpO₂ scale holds, and who decided it when."""
    row = OxygenScale.objects.filter(patient_id=patient_id).select_related("author").order_by("-event_at").first()
    if row is None:
        return 1, _("SpO₂ skala 1")
    who = f"{row.author.given_name[:1]}. {row.author.family_name}"
    name = _("SpO₂ skala 2 (mål 88–92 %)") if row.scale == 2 else _("SpO₂ skala 1")
    return row.scale, _("%(name)s, bestemt av %(who)s %(day)s") % {"name": name, "who": who, "day": format_day_month(row.event_at)}


def curve_context(patient_id: UUID, first: datetime, last: datetime, now: datetime, beside: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    """rows, table, curve and news of journal/curve.html for the sets in [first, last]. ``beside``: plots of other measurements. Two queries."""
    scale, sentence = scale_text(patient_id)
    everything = list(
        VitalSet.objects.filter(patient_id=patient_id, event_at__gte=first, event_at__lte=last).select_related("struck_by").order_by("event_at", "pk")
    )
    sets = [row for row in everything if row.struck_at is None]
    latest = sets[-1] if sets else None
    rows = [
        {"key": key, "label": _(label), "unit": unit, "latest": value_text(latest, key) if latest else "", "points": _points(latest, key)}
        for key, label, unit in CURVE_ROWS
    ] + [{"key": plot["key"], "label": plot["label"], "unit": plot["unit"], "latest": plot["latest"], "points": None} for plot in beside]
    table = [
        {
            "at": row.event_at,
            "news": news([row]),
            "cells": [value_text(row, key) or None for key, _label, _unit in CURVE_ROWS],
            "struck": row.struck_reason,
            "id": row.pk,
        }
        for row in everything[: -MOST_ROWS - 1 : -1]
    ]
    return {
        "scale_text": sentence,
        "rows": rows,
        "columns": rows[: len(CURVE_ROWS)],
        "table": table,
        "cut": MOST_ROWS if len(everything) > MOST_ROWS else 0,
        "news": news(sets[::-1]),
        "qsofa": qsofa(latest.respiration, latest.systolic, latest.consciousness) if latest else None,
        "curve": _curve(sets, scale, first, last, now) | {"beside": list(beside)},
    }


def _curve(sets: list[VitalSet], scale: int, first: datetime, last: datetime, now: datetime) -> dict[str, Any]:
    def column(name: str) -> list[float | None]:
        return [None if getattr(row, name) is None else float(getattr(row, name)) for row in sets]

    series: dict[str, Any] = {name: column(name) for name in ("respiration", "spo2", "pulse", "temperature")}
    series["blood_pressure"] = {"systolic": column("systolic"), "diastolic": column("diastolic")}
    return {
        "from": int(first.timestamp()), "to": int(last.timestamp()), "now": int(now.timestamp()), "t": [int(row.event_at.timestamp()) for row in sets],
        "news": [{"t": int(row.event_at.timestamp()), **_badge(row)} for row in sets], "series": series, "oxygen": _oxygen_bars(sets, last, now),
        "bands": _bands(scale, bool(sets and sets[-1].on_oxygen)), "range": _ranges(series), "gap": max(GAP, int((last - first).total_seconds()) // 30),
    }  # fmt: skip


def _badge(row: VitalSet) -> dict[str, Any]:
    words = {"low": _("Lav"), "low_medium": _("Lav–middels"), "medium": _("Middels"), "high": _("Høy")}
    missing = _("Ufullstendig") if row.rule_version else _("NEWS2 brukes ikke")
    return {"total": row.news2_total, "level": level_of(row), "word": words.get(level_of(row) or "", missing)}


def _oxygen_bars(sets: list[VitalSet], last: datetime, now: datetime) -> list[dict[str, Any]]:
    """Spans of equal oxygen, each until the next set that says otherwise."""
    bars: list[dict[str, Any]] = []
    end = int(min(last, now).timestamp())
    for row in sets:
        if row.on_oxygen is None:
            continue
        at = int(row.event_at.timestamp())
        text = _("%(flow)s L/min") % {"flow": format_decimal(row.oxygen_flow)} if row.oxygen_flow else _("oksygen") if row.on_oxygen else ""
        if bars and bars[-1]["text"] == text:
            continue
        if bars:
            bars[-1]["to"] = at
        bars.append({"from": at, "to": end, "text": text})
    return [bar for bar in bars if bar["text"]]


def _bands(scale: int, oxygen: bool) -> dict[str, list[list[float]]]:
    painted = {}
    for key in ("respiration", "spo2", "pulse", "temperature"):
        painted[key] = [
            [-1000.0 if low is None else low, 1000.0 if high is None else high, float(points)]
            for low, high, points in news2.bands(key, Scale(scale), oxygen=oxygen)
        ]
    return painted


def _ranges(series: dict[str, Any]) -> dict[str, list[float]]:
    """The usual range of each plot, widened to hold every value."""
    found = {}
    for key, (low, high) in RANGES.items():
        columns = series[key].values() if isinstance(series[key], dict) else [series[key]]
        values = [value for column in columns for value in column if value is not None]
        margin = 0.5 if key == "temperature" else 4
        found[key] = [min([low, *(value - margin for value in values)]), max([high, *(value + margin for value in values)])]
    return found


def period(name: str, admitted_at: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    """(from, to) of so many hours or «opphold»: the whole stay, or a week where there is none."""
    last = now + timedelta(hours=1)
    if name == "opphold" and admitted_at:
        return admitted_at - timedelta(hours=1), last
    return now - timedelta(hours=int(name) if name.isdigit() else 168), last
