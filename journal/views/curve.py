"""The curve: measurements on one time axis, many sets side by side, the fluid balance."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.domain.codes import Action, Category
from journal.domain.observations import Kind
from journal.models import VitalSet
from journal.selectors import observations as observing
from journal.selectors.frame import patient_frame
from journal.selectors.vitals import curve_context, period
from journal.services.vitals import may_prescribe_scale
from journal.views.common import messages

PERIODS = ("24", "72", "168", "opphold", "720", "8760")
LONGEST_WITH_DOSES = timedelta(days=60)
# route → what it is called
SHOWS = {
    "curve": gettext_noop("Kurve"),
    "curve_grid": gettext_noop("Rutenett"),
    "curve_fluids": gettext_noop("Væske og annet"),
    "scores": gettext_noop("Skåringer"),
}


def curve_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    context, first, last = _frame(request, patient, "curve")
    gate = request.gate
    observed = [row for row in observing.observations(patient, first, last) if row.struck_at is None and row.kind in observing.PLOTTED]
    context |= curve_context(patient, first, last, gate.now, observing.plots(observed))
    if gate.may(Action.READ, Category.MEDICATION) and last - first < LONGEST_WITH_DOSES:
        context["lanes"] = observing.dose_lanes(patient, first, last, gate.now)
    return render(request, "journal/curve.html", context)


def grid_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    context, first, last = _frame(request, patient, "curve_grid")
    sets = list(VitalSet.objects.filter(patient_id=patient, event_at__gte=first, event_at__lt=last).order_by("event_at", "pk"))
    context["grid"] = observing.grid(sets, observing.observations(patient, first, last))
    return render(request, "journal/curve_grid.html", context)


def fluids_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    context, first, last = _frame(request, patient, "curve_fluids")
    observed = observing.observations(patient, first, last)
    context["days"] = observing.fluid_days(patient, observed, first, request.gate.now)
    context["listed"] = [
        {"row": row, "label": _(observing.LABELS[Kind(row.kind)]), "text": observing.text_of(row, observing.unit_of(row))}
        for row in reversed(observed)
    ]
    return render(request, "journal/curve_fluids.html", context)


def _frame(request: HttpRequest, patient: UUID, show: str) -> tuple[dict[str, Any], datetime, datetime]:
    """What every view of the curve has, and the period it shows."""
    gate = request.gate
    frame = patient_frame(gate, patient, "curve", mini=True)
    admitted = frame["patient"]["admitted_at"]
    labels = {"24": _("24 t"), "72": _("3 d"), "168": _("7 d"), "opphold": _("Oppholdet"), "720": _("30 d"), "8760": _("1 år")}
    chosen = request.GET.get("periode", "")
    if chosen not in PERIODS or (chosen == "opphold" and not admitted):
        chosen = "opphold" if admitted else "168"
    writes = gate.may(Action.WRITE, Category.VITALS)
    context = {
        **frame, "messages": messages(request, patient), "show": show,
        "shows": [{"label": _(label), "url": f"{reverse(name, args=[patient])}?periode={chosen}", "active": name == show} for name, label in SHOWS.items()],
        "periods": [{"label": labels[key], "url": f"?periode={key}", "active": key == chosen} for key in PERIODS if key != "opphold" or admitted],
        "measure_url": reverse("vitals_new", args=[patient]) if writes else None,
        "observe_url": reverse("observations_new", args=[patient]) if writes else None,
        "scale_url": reverse("oxygen_scale", args=[patient]) if may_prescribe_scale(gate) else None,
        "strike_route": writes,
    }  # fmt: skip
    return context, *period(chosen, admitted, gate.now)
