"""Pain, weight, glucose, stool, ESAS and fluids: entered in one screen, and marked as wrong."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from journal.domain.moments import parse_moment, write_moment
from journal.domain.observations import ESAS_ITEMS, MEASURES, NO_STOOL, Kind
from journal.models import Observation
from journal.selectors.frame import patient_frame
from journal.selectors.observations import CODES, ESAS, LABELS, text_of, unit_of
from journal.services.errors import JournalError
from journal.services.observations import Observed, observation_strike, observations_record
from journal.services.vitals import Unusual
from journal.views.common import after, row_or_404

MEASURED = (Kind.PAIN, Kind.GLUCOSE, Kind.WEIGHT, Kind.STOOL, Kind.FLUID_IN, Kind.FLUID_OUT)


def new_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    if request.method != "POST":
        return render(request, "journal/observations_new.html", _context(request, patient, {}, {}))
    errors: dict[str, str] = {}
    taken_at = read_moment(request, errors)
    observed = read_observed(request.POST, MEASURED, errors) + read_esas(request.POST, errors)
    error: JournalError | None = JournalError("form", _("Noe må rettes. Ingenting er lagret."), errors) if errors else None
    if error is None:
        try:
            observations_record(
                gate=request.gate, patient=patient, observed=observed, taken_at=taken_at, confirmed=request.POST.get("confirmed") == "ja"
            )
        except JournalError as refused:
            error = refused
        else:
            return after("curve", patient, "malt")
    context = _context(request, patient, request.POST, error.fields) | {"unusual": isinstance(error, Unusual), "error": error.message}
    return render(request, "journal/observations_new.html", context, status=422)


def read_moment(request: HttpRequest, errors: dict[str, str]) -> datetime:
    """When it was taken; now, and an error, where that cannot be read."""
    now = request.gate.now
    try:
        return parse_moment(request.POST.get("event_at", ""), now)
    except ValueError:
        errors["event_at"] = _("Skriv tiden som 10:40, eller 23.11.2026 10:40.")
        return now


def read_observed(post: Mapping[str, str], kinds: tuple[Kind, ...], errors: dict[str, str]) -> list[Observed]:
    """What was filled in of these kinds; what cannot be read goes into ``errors``."""
    found = []
    for kind in kinds:
        text, code = post.get(kind, "").strip().replace(",", "."), post.get(f"{kind}_code", "")
        try:
            value = Decimal(text) if text else None
            if value is not None and (not value.is_finite() or abs(value) >= 100_000):
                raise InvalidOperation
        except InvalidOperation:
            errors[kind] = _("Skriv et tall.")
            continue
        if value is not None or (kind is Kind.STOOL and code == NO_STOOL):
            found.append(Observed(kind, value, code))
    if found and (comment := post.get("comment", "").strip()):
        found = [Observed(one.kind, one.value, one.code, {}, comment if number == 0 else "") for number, one in enumerate(found)]
    return found


def read_esas(post: Mapping[str, str], errors: dict[str, str]) -> list[Observed]:
    answers = {item: post.get(f"esas_{item}", "").strip() for item in ESAS_ITEMS}
    answered = {item: text for item, text in answers.items() if text}
    if wrong := [item for item, text in answered.items() if not (text.isascii() and text.isdigit() and len(text) < 3)]:
        errors |= {f"esas_{item}": _("Skriv et helt tall fra 0 til 10.") for item in wrong}
        return []
    return [Observed(Kind.ESAS, answers={item: int(text) for item, text in answered.items()})] if answered else []


def number_field(kind: Kind, typed: Mapping[str, str], errors: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": str(kind), "name": str(kind), "label": _(LABELS[kind]), "unit": MEASURES[kind].unit, "value": typed.get(kind, ""), "error": errors.get(kind),
        "inputmode": "decimal", "autocomplete": "off",
    }  # fmt: skip


def code_field(kind: Kind, typed: Mapping[str, str]) -> dict[str, Any]:
    chosen = typed.get(f"{kind}_code", "")
    options = [{"value": code, "label": _(CODES[code]), "selected": code == chosen} for code in MEASURES[kind].codes]
    return {
        "id": f"{kind}_code",
        "name": f"{kind}_code",
        "label": _("Hvordan"),
        "options": [{"value": "", "label": "", "selected": not chosen}, *options],
    }


def _context(request: HttpRequest, patient: UUID, typed: Mapping[str, str], errors: Mapping[str, str]) -> dict[str, Any]:
    gate = request.gate
    at = {
        "id": "event_at", "name": "event_at", "label": _("Målt"), "value": typed.get("event_at", write_moment(gate.now, gate.now)),
        "error": errors.get("event_at"), "autocomplete": "off",
    }  # fmt: skip
    comment = {"id": "comment", "name": "comment", "label": _("Merknad"), "value": typed.get("comment", ""), "rows": 2}
    measured = [{"number": number_field(kind, typed, errors), "code": code_field(kind, typed) if MEASURES[kind].codes else None} for kind in MEASURED]
    esas = [
        {"id": f"esas_{item}", "name": f"esas_{item}", "label": _(ESAS[item]), "value": typed.get(f"esas_{item}", ""),
         "error": errors.get(f"esas_{item}"), "inputmode": "numeric", "autocomplete": "off"}
        for item in ESAS_ITEMS
    ]  # fmt: skip
    labels = {field["id"]: field["label"] for field in [at, *esas, *(one["number"] for one in measured)]}
    return {
        **patient_frame(gate, patient, "curve", mini=True), "at": at, "comment": comment, "measured": measured, "esas": esas,
        "esas_open": any(field["value"] for field in esas), "close_url": reverse("curve", args=[patient]),
        "errors": [{"field": name, "text": f"{labels.get(name, name)}: {text}"} for name, text in errors.items()],
    }  # fmt: skip


def strike_view(request: HttpRequest, patient: UUID, observation: UUID) -> HttpResponse:
    """Asks why, then marks it as entered in error."""
    found, error = row_or_404(Observation, patient, observation), ""
    if request.method == "POST":
        try:
            observation_strike(gate=request.gate, row=found, reason=request.POST.get("reason", ""))
        except JournalError as refused:
            error = refused.message
        else:
            return after("curve", patient, "feil")
    field = {
        "id": "reason", "name": "reason", "label": _("Hvorfor er målingen feil?"), "value": request.POST.get("reason", ""), "error": error, "required": True,
    }  # fmt: skip
    context = {
        **patient_frame(request.gate, patient, "curve", mini=True), "row": found, "values": [(_(LABELS[Kind(found.kind)]), text_of(found, unit_of(found)), "")],
        "field": field, "close_url": reverse("curve", args=[patient]),
    }  # fmt: skip
    return render(request, "journal/vitals_strike.html", context, status=422 if error else 200)
