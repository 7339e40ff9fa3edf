"""What stands on the curve beside NEWS2, as its pages show it: labels, the grid of many sets side by side, the fluid balance."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from journal.domain import fluids
from journal.domain.fluids import Amount, Balance, Into, Out
from journal.domain.observations import ESAS_ITEMS, MEASURES, Kind
from journal.domain.schedule import next_slot
from journal.domain.scores import SCORES
from journal.models import MedDose, MedOrder, Observation, VitalSet
from journal.selectors.vitals import CURVE_ROWS, news, value_text
from journal.services.doses import schedule_of
from lms_epj.core.formatting import format_decimal, format_near_moment, format_quantity, format_time

LABELS: dict[Kind, str] = {
    Kind.PAIN: gettext_noop("Smerte"), Kind.WEIGHT: gettext_noop("Vekt"), Kind.GLUCOSE: gettext_noop("Blodsukker"), Kind.STOOL: gettext_noop("Avføring"),
    Kind.ESAS: "ESAS", Kind.FLUID_IN: gettext_noop("Væske inn"), Kind.FLUID_OUT: gettext_noop("Væske ut"), Kind.SCORE: gettext_noop("Skåring"),
}  # fmt: skip
CODES: dict[str, str] = {
    "rest": gettext_noop("i ro"), "movement": gettext_noop("ved bevegelse"), "fasting": gettext_noop("fastende"), "before_meal": gettext_noop("før måltid"),
    "after_meal": gettext_noop("etter måltid"), "bedtime": gettext_noop("ved leggetid"), "small": gettext_noop("liten"), "medium": gettext_noop("middels"),
    "large": gettext_noop("stor"), "none": gettext_noop("ingen avføring"), "drink": gettext_noop("drikke"), "tube": gettext_noop("sonde"),
    "iv": gettext_noop("intravenøst"), "other_in": gettext_noop("annet inn"), "urine": gettext_noop("urin"), "vomit": gettext_noop("oppkast"),
    "drain": gettext_noop("dren"), "stool": gettext_noop("avføring"), "other_out": gettext_noop("annet ut"),
}  # fmt: skip
ESAS: dict[str, str] = {
    "pain_rest": gettext_noop("Smerte i ro"), "pain_movement": gettext_noop("Smerte ved bevegelse"), "tiredness": gettext_noop("Slapphet"),
    "nausea": gettext_noop("Kvalme"), "breathlessness": gettext_noop("Tungpust"), "dry_mouth": gettext_noop("Munntørrhet"),
    "appetite": gettext_noop("Matlyst"), "anxiety": gettext_noop("Angst, uro"), "depression": gettext_noop("Trist, deprimert"),
    "wellbeing": gettext_noop("Alt tatt i betraktning"),
}  # fmt: skip
PLOTTED = (Kind.PAIN, Kind.GLUCOSE, Kind.WEIGHT)
GRID_KINDS = (Kind.PAIN, Kind.GLUCOSE, Kind.WEIGHT, Kind.STOOL)
BESIDE = timedelta(minutes=45)
CONSCIOUSNESS = gettext_noop("Bevissthet")


def text_of(row: Observation, unit: str = "") -> str:
    """«3 i ro», «72,4», «200 mL urin»; of ESAS the highest answers in words."""
    if row.kind == Kind.ESAS:
        return esas_text(row.answers)
    if row.kind == Kind.SCORE:
        return score_text(row)
    code = _(CODES[row.code]) if row.code in CODES else ""
    if row.value is None:
        return code
    number = format_decimal(row.value, MEASURES[Kind(row.kind)].places)
    return f"{number}\u00a0{unit} {code}".strip() if unit else f"{number} {code}".strip()


def score_text(row: Observation) -> str:
    """«Braden 14, moderat risiko»."""
    score = SCORES[row.code]
    return f"{score.name} {format_decimal(row.value)}, {_(score.band(int(row.value)).label).lower()}" if row.value is not None else score.name


def esas_text(answers: dict[str, int]) -> str:
    """The answers of 4 and more, highest first; those are what is asked about."""
    high = sorted((item for item in ESAS_ITEMS if answers.get(item, 0) >= 4), key=lambda item: -answers[item])
    return ", ".join(f"{_(ESAS[item])} {answers[item]}" for item in high) or _("Alle svar under 4")


def unit_of(row: Observation) -> str:
    return MEASURES[Kind(row.kind)].unit if Kind(row.kind) in MEASURES and row.value is not None else ""


def plots(observed: list[Observation]) -> list[dict[str, Any]]:
    """[{key, label, unit, latest, t, values, range, places}]: a small plot for each kind that was measured in the period."""
    shown = []
    for kind in PLOTTED:
        rows = [row for row in observed if row.kind == kind and row.value is not None]
        if not rows:
            continue
        values = [float(row.value) for row in rows]
        low, high = (0, 10) if kind is Kind.PAIN else (min(values) - 2, max(values) + 2)
        shown.append({
            "key": str(kind), "label": _(LABELS[kind]), "unit": MEASURES[kind].unit, "latest": format_decimal(rows[-1].value, MEASURES[kind].places),
            "t": [int(row.event_at.timestamp()) for row in rows], "values": values, "range": [low, high], "places": MEASURES[kind].places,
        })  # fmt: skip
    return shown


def observations(patient: UUID, first: datetime, last: datetime) -> list[Observation]:
    rows = Observation.objects.filter(patient_id=patient, event_at__gte=first, event_at__lt=last).select_related("author", "struck_by")
    return list(rows.order_by("event_at", "pk"))


def grid(sets: list[VitalSet], observed: list[Observation], limit: int = 60) -> dict[str, Any]:
    """{times: [moment …], rows: [{label, unit, cells: [[{text, points, struck}] …]}]}: many sets side by side, oldest left, the newest ``limit``.

    What was measured near a set stands in its column, with its own time; what was not has a column of its own.
    """
    columns: dict[datetime, dict[str, Any]] = {}
    for row in sets:
        columns.setdefault(_minute(row.event_at), {"sets": [], "seen": defaultdict(list)})["sets"].append(row)
    for one in observed:
        if one.kind in GRID_KINDS or one.kind == Kind.ESAS:
            columns.setdefault(_nearest(columns, _minute(one.event_at)), {"sets": [], "seen": defaultdict(list)})["seen"][one.kind].append(one)
    times = sorted(columns)[-limit:]
    chosen = [columns[at] for at in times]
    lines = [
        {"label": "NEWS2", "unit": "", "cells": [[{"news": news([row]), "struck": row.struck_at} for row in column["sets"]] for column in chosen]}
    ]
    for key, label, unit in (*CURVE_ROWS, ("consciousness", CONSCIOUSNESS, "ACVPU")):
        lines.append(
            {"label": _(label), "unit": unit, "cells": [[_cell(row, key) for row in column["sets"] if value_text(row, key)] for column in chosen]}
        )
    for kind in (*GRID_KINDS, Kind.ESAS):
        cells = [[_seen(one, at) for one in column["seen"][kind]] for at, column in zip(times, chosen, strict=True)]
        if any(cells):
            lines.append({"label": _(LABELS[kind]), "unit": MEASURES[kind].unit if kind in MEASURES else "0–10", "cells": cells})
    return {"times": times, "rows": lines, "more": len(columns) - len(times)}


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _nearest(columns: Iterable[datetime], moment: datetime) -> datetime:
    """The column that a measurement stands in: the nearest within BESIDE, else one of its own."""
    near = min(columns, key=lambda at: abs(at - moment), default=moment)
    return near if abs(near - moment) <= BESIDE else moment


def _seen(one: Observation, column: datetime) -> dict[str, Any]:
    at = "" if _minute(one.event_at) == column else format_time(one.event_at)
    return {"text": text_of(one), "at": at, "struck": one.struck_at}


def _cell(row: VitalSet, key: str) -> dict[str, Any]:
    points = row.news2_points.get("systolic" if key == "blood_pressure" else key)
    return {"text": value_text(row, key), "points": points or None, "struck": row.struck_at}


def infused(patient: UUID, first: datetime, last: datetime) -> list[Amount]:
    """What infusions have given, from the doses themselves: nobody writes the same volume twice. Of one partly given, its share."""
    doses = MedDose.objects.filter(patient_id=patient, event_at__gte=first, event_at__lt=last, struck_at__isnull=True, status__in=("given", "partly"))
    found = list(doses)
    orders = {row.pk: row for row in MedOrder.objects.filter(patient_id=patient, pk__in={one.order_id for one in found}, volume_ml__isnull=False)}
    amounts = []
    for one in found:
        if order := orders.get(one.order_id):
            share = one.dose / order.dose if one.dose is not None else Decimal(1)
            amounts.append(Amount(one.event_at, Into.INTRAVENOUS, round((order.volume_ml or 0) * share)))
    return amounts


def fluid_days(patient: UUID, observed: list[Observation], first: datetime, now: datetime) -> list[dict[str, Any]]:
    """The balance of each fluid day, newest first, as the page shows it."""
    drunk = [
        Amount(row.event_at, Into(row.code) if row.kind == Kind.FLUID_IN else Out(row.code), int(row.value or 0))
        for row in observed
        if row.kind in (Kind.FLUID_IN, Kind.FLUID_OUT) and row.struck_at is None
    ]
    return [_balance(day) for day in fluids.balances([*drunk, *infused(patient, first, now + timedelta(minutes=1))], now)]


def _balance(day: Balance) -> dict[str, Any]:
    def words(found: dict[Any, int]) -> str:
        return ", ".join(f"{_(CODES[way])} {format_quantity(ml, 'mL')}" for way, ml in sorted(found.items(), key=lambda pair: -pair[1]))

    sign = "+" if day.net > 0 else ""
    return {
        "day": day.day, "whole": day.whole, "into": format_quantity(day.total_in, "mL"), "into_words": words(day.into),
        "out": format_quantity(day.total_out, "mL"), "out_words": words(day.out), "net": sign + format_quantity(day.net, "mL"), "negative": day.net < 0,
    }  # fmt: skip


def dose_lanes(patient: UUID, first: datetime, last: datetime, now: datetime) -> list[dict[str, Any]]:
    """[{label, dose, next, marks: [{text, state, left}]}]: what was given in the period, a lane for each order; ``left`` in per cent of it."""
    doses = MedDose.objects.filter(patient_id=patient, event_at__gte=first, event_at__lt=last, struck_at__isnull=True).order_by("event_at", "pk")
    given: dict[UUID, list[MedDose]] = defaultdict(list)
    for dose in doses:
        given[dose.order_id].append(dose)
    orders = MedOrder.objects.filter(patient_id=patient, pk__in=given).order_by("kind", "generic", "pk")
    span = (last - first).total_seconds()
    return [
        {
            "label": order.generic, "dose": format_quantity(order.dose, order.unit_text), "next": _next_text(order, now),
            "marks": [{"text": format_time(one.event_at), "state": one.status, "word": one.get_status_display(),
                       "left": f"{(one.event_at - first).total_seconds() / span * 100:.2f}"} for one in given[order.pk]],
        }
        for order in orders
    ]  # fmt: skip


def _next_text(order: MedOrder, now: datetime) -> str:
    if order.stopped_at:
        return _("Stoppet %(when)s") % {"when": format_near_moment(order.stopped_at, now)}
    slot = next_slot(schedule_of(order), now) if order.times else None
    return _("Neste %(when)s") % {"when": format_near_moment(slot.due_at, now)} if slot else ""
