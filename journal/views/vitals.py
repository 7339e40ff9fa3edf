"""One set of measurements in one screen; marking one as wrong; which SpO₂ scale holds."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from journal.domain.moments import write_moment
from journal.domain.observations import Kind
from journal.models import VitalSet
from journal.selectors import vitals as reading
from journal.selectors.frame import patient_frame
from journal.services import vitals
from journal.services.errors import JournalError
from journal.services.observations import Observed, observations_record
from journal.services.vitals import Measured, Unusual
from journal.views.common import after, row_or_404
from journal.views.observations import number_field, read_moment, read_observed

# name, label, unit, hint
NUMBERS = (
    ("respiration", gettext_noop("Respirasjonsfrekvens"), "/min"),
    ("spo2", "SpO₂", "%"),
    ("oxygen_flow", gettext_noop("Oksygen (0 er luft)"), "L/min"),
    ("systolic", gettext_noop("Blodtrykk, overtrykk"), "mmHg"),
    ("diastolic", gettext_noop("Blodtrykk, undertrykk"), "mmHg"),
    ("pulse", gettext_noop("Puls"), "/min"),
    ("temperature", gettext_noop("Temperatur"), "°C"),
)
BESIDE = (Kind.PAIN, Kind.GLUCOSE, Kind.WEIGHT)
WITH_DECIMAL = frozenset({"oxygen_flow", "temperature"})
AIR, OXYGEN = "luft", "oksygen"


def new_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    if request.method != "POST":
        return render(request, "journal/vitals_new.html", _context(request, patient, {}, {}))
    errors: dict[str, str] = {}
    measured, taken_at = _read(request, errors)
    observed = read_observed(request.POST, BESIDE, errors)
    error: JournalError | None = JournalError("form", _("Noe må rettes. Ingenting er lagret."), errors) if errors else None
    if error is None:
        try:
            _record(request, patient, measured, observed, taken_at)
        except JournalError as refused:
            error = refused
        else:
            return after("patient", patient, "malt")
    context = _context(request, patient, request.POST, error.fields)
    context |= {"unusual": isinstance(error, Unusual), "error": error.message}
    return render(request, "journal/vitals_new.html", context, status=422)


def _record(request: HttpRequest, patient: UUID, measured: Measured, observed: list[Observed], taken_at: datetime) -> None:
    """The set and what was measured beside it, all or nothing."""
    confirmed = request.POST.get("confirmed") == "ja"
    with transaction.atomic():
        if not (measured.empty and observed):
            vitals.vitals_record(
                gate=request.gate,
                patient=patient,
                measured=measured,
                taken_at=taken_at,
                confirmed=confirmed,
                pregnant=request.POST.get("pregnant") == "ja",
            )
        if observed:
            observations_record(gate=request.gate, patient=patient, observed=observed, taken_at=taken_at, confirmed=confirmed)


def _read(request: HttpRequest, errors: dict[str, str]) -> tuple[Measured, datetime]:
    """(the set, when it was taken); what cannot be read goes into ``errors``."""
    post = request.POST
    values: dict[str, Any] = {}
    for name, _label, _unit in NUMBERS:
        try:
            values[name] = _number(post.get(name, ""), name in WITH_DECIMAL)
        except (InvalidOperation, ValueError):
            errors[name] = _("Skriv et tall, med én desimal om det trengs.") if name in WITH_DECIMAL else _("Skriv et helt tall.")
    taken_at = read_moment(request, errors)
    on_oxygen = {AIR: False, OXYGEN: True}.get(post.get("oxygen", ""))
    if on_oxygen is None and (flow := values.get("oxygen_flow")) is not None:
        on_oxygen = flow > 0
        values["oxygen_flow"] = flow or None
    consciousness = post.get("consciousness", "")
    return Measured(
        **values, on_oxygen=on_oxygen,
        consciousness=consciousness if consciousness in VitalSet.Consciousness.values else "", comment=post.get("comment", "").strip(),
    ), taken_at  # fmt: skip


def _number(text: str, with_decimal: bool) -> Any:
    """The number as typed, decimal comma or point. Raises ValueError or InvalidOperation."""
    text = text.strip().replace(",", ".")
    if not text:
        return None
    if not with_decimal:
        return int(text) if len(text) < 5 else int("x")
    value = Decimal(text)
    if not value.is_finite() or value != value.quantize(Decimal("0.1")) or abs(value) > 999:
        raise ValueError(text)
    return value.quantize(Decimal("0.1"))


def _context(request: HttpRequest, patient: UUID, typed: Mapping[str, str], errors: Mapping[str, str]) -> dict[str, Any]:
    gate = request.gate
    latest = next(iter(reading.newest_sets(patient, 1)), None)
    _scale, sentence = reading.scale_text(patient)
    last = {name: reading.value_text(latest, key) for name, key in _LAST.items()} if latest else {}
    fields = {
        name: {
            "id": name, "name": name, "label": _(label), "unit": unit, "value": typed.get(name, ""), "error": errors.get(name), "inputmode": "decimal",
            "autocomplete": "off", "hint": _("Sist %(value)s") % {"value": last[name]} if last.get(name) else "",
        }
        for name, label, unit in NUMBERS
    }  # fmt: skip
    at = {
        "id": "event_at", "name": "event_at", "label": _("Målt"), "value": typed.get("event_at", write_moment(gate.now, gate.now)),
        "error": errors.get("event_at"), "autocomplete": "off",
    }  # fmt: skip
    comment = {"id": "comment", "name": "comment", "label": _("Merknad"), "value": typed.get("comment", ""), "rows": 2}
    beside = [number_field(kind, typed, errors) for kind in BESIDE]
    labels = {one["id"]: one["label"] for one in (*fields.values(), *beside)}
    return {
        **patient_frame(gate, patient, "curve", mini=True), "fields": fields, "beside": beside, "at": at, "comment": comment, "scale_text": sentence,
        "oxygen": typed.get("oxygen", ""), "pregnant": typed.get("pregnant", ""), "close_url": reverse("patient", args=[patient]),
        "consciousness": [{"value": v, "label": label} for v, label in VitalSet.Consciousness.choices],
        "errors": [{"field": name, "text": f"{labels[name]}: {text}" if name in labels else text} for name, text in errors.items()],
    }  # fmt: skip


_LAST = {
    "respiration": "respiration",
    "spo2": "spo2",
    "oxygen_flow": "oxygen",
    "systolic": "blood_pressure",
    "pulse": "pulse",
    "temperature": "temperature",
}


def strike_view(request: HttpRequest, patient: UUID, row: UUID) -> HttpResponse:
    """Asks why, then marks the set as entered in error."""
    found = row_or_404(VitalSet, patient, row)
    error = ""
    if request.method == "POST":
        try:
            vitals.vitals_strike(gate=request.gate, row=found, reason=request.POST.get("reason", ""))
        except JournalError as refused:
            error = refused.message
        else:
            return after("curve", patient, "feil")
    field = {
        "id": "reason",
        "name": "reason",
        "label": _("Hvorfor er målingen feil?"),
        "value": request.POST.get("reason", ""),
        "error": error,
        "required": True,
    }
    values = [(_(label), reading.value_text(found, key), unit) for key, label, unit in reading.STRIP if reading.value_text(found, key)]
    context = {
        **patient_frame(request.gate, patient, "curve", mini=True), "row": found, "values": values, "field": field,
        "close_url": reverse("curve", args=[patient]),
    }  # fmt: skip
    return render(request, "journal/vitals_strike.html", context, status=422 if error else 200)


def scale_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    """A doctor chooses the scale and says why."""
    gate, error = request.gate, None
    if request.method == "POST":
        try:
            scale = request.POST.get("scale", "")
            vitals.oxygen_scale_prescribe(
                gate=gate, patient=patient, scale=int(scale) if scale in ("1", "2") else 0, reason=request.POST.get("reason", "")
            )
        except JournalError as refused:
            error = refused
        else:
            return after("curve", patient, "skala")
    scale, sentence = reading.scale_text(patient)
    chosen = request.POST.get("scale", str(scale))
    fields = error.fields if error else {}
    context = {
        **patient_frame(gate, patient, "curve", mini=True), "scale_text": sentence, "chosen": chosen, "message": error.message if error and not fields else "",
        "scale_error": fields.get("scale"), "close_url": reverse("curve", args=[patient]), "allowed": vitals.may_prescribe_scale(gate),
        "field": {"id": "reason", "name": "reason", "label": _("Hvorfor?"), "value": request.POST.get("reason", ""), "error": fields.get("reason"), "required": True},
    }  # fmt: skip
    return render(request, "journal/oxygen_scale.html", context, status=422 if error else 200)
