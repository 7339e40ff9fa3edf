"""The curve: measurements on one time axis, many sets side by side, the fluid balance."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.domain.codes import Action, Category
from journal.domain.observations import Kind
from journal.models import VitalSet
from journal.selectors import observations as observing
from journal.selectors.frame import patient_frame
from journal.selectors.vitals import curve_context, period
from journal.services.vitals import may_prescribe_scale
from journal.views.common import messages

PERIODS = ("24", "72", "168", "opphold")
PLOTS, GRID, FLUIDS = "kurve", "rutenett", "vaeske"
TEMPLATES = {PLOTS: "journal/curve.html", GRID: "journal/curve_grid.html", FLUIDS: "journal/curve_fluids.html"}


def curve_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    gate, here = request.gate, reverse("curve", args=[patient])
    frame = patient_frame(gate, patient, "curve", mini=True)
    admitted = frame["patient"]["admitted_at"]
    labels = {"24": _("24 t"), "72": _("3 d"), "168": _("7 d"), "opphold": _("Oppholdet")}
    chosen = request.GET.get("periode", "")
    if chosen not in PERIODS or (chosen == "opphold" and not admitted):
        chosen = "opphold" if admitted else "168"
    shows = {PLOTS: _("Kurve"), GRID: _("Rutenett"), FLUIDS: _("Væske og annet")}
    show = request.GET.get("vis", "") if request.GET.get("vis") in shows else PLOTS
    first, last = period(chosen, admitted, gate.now)
    writes = gate.may(Action.WRITE, Category.VITALS)
    context = {
        **frame, "messages": messages(request, patient), "show": show,
        "shows": [{"label": label, "url": f"{here}?periode={chosen}&vis={key}", "active": key == show} for key, label in shows.items()],
        "periods": [
            {"label": labels[key], "url": f"{here}?periode={key}&vis={show}", "active": key == chosen} for key in PERIODS if key != "opphold" or admitted
        ],
        "measure_url": reverse("vitals_new", args=[patient]) if writes else None,
        "observe_url": reverse("observations_new", args=[patient]) if writes else None,
        "scale_url": reverse("oxygen_scale", args=[patient]) if may_prescribe_scale(gate) else None,
        "strike_route": writes,
    }  # fmt: skip
    context |= _shown(show, patient, first, last, gate.now)
    if show == PLOTS and gate.may(Action.READ, Category.MEDICATION):
        context["lanes"] = observing.dose_lanes(patient, first, last, gate.now)
    return render(request, TEMPLATES[show], context)


def _shown(show: str, patient: UUID, first: datetime, last: datetime, now: datetime) -> dict[str, Any]:
    if show == PLOTS:
        observed = [row for row in observing.observations(patient, first, last) if row.struck_at is None and row.kind in observing.PLOTTED]
        return curve_context(patient, first, last, now, observing.plots(observed))
    observed = observing.observations(patient, first, last)
    if show == GRID:
        sets = list(VitalSet.objects.filter(patient_id=patient, event_at__gte=first, event_at__lt=last).order_by("event_at", "pk"))
        return {"grid": observing.grid(sets, observed)}
    listed = [
        {"row": row, "label": _(observing.LABELS[Kind(row.kind)]), "text": observing.text_of(row, observing.unit_of(row))} for row in reversed(observed)
    ]
    return {"days": observing.fluid_days(patient, observed, first, now), "listed": listed}
