"""The curve: measurements on one time axis, and the same as a table."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.domain.codes import Action, Category
from journal.selectors.frame import patient_frame
from journal.selectors.vitals import curve_context, period
from journal.services.vitals import may_prescribe_scale
from journal.views.common import messages

PERIODS = ("24", "72", "168", "opphold")


def curve_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    gate, here = request.gate, reverse("curve", args=[patient])
    frame = patient_frame(gate, patient, "curve", mini=True)
    admitted = frame["patient"]["admitted_at"]
    labels = {"24": _("24 t"), "72": _("3 d"), "168": _("7 d"), "opphold": _("Oppholdet")}
    chosen = request.GET.get("periode", "")
    if chosen not in PERIODS or (chosen == "opphold" and not admitted):
        chosen = "opphold" if admitted else "168"
    first, last = period(chosen, admitted, gate.now)
    writes = gate.may(Action.WRITE, Category.VITALS)
    context = {
        **frame, **curve_context(patient, first, last, gate.now), "messages": messages(request, patient),
        "periods": [{"label": labels[key], "url": f"{here}?periode={key}", "active": key == chosen} for key in PERIODS if key != "opphold" or admitted],
        "measure_url": reverse("vitals_new", args=[patient]) if writes else None,
        "scale_url": reverse("oxygen_scale", args=[patient]) if may_prescribe_scale(gate) else None,
        "strike_route": writes,
    }  # fmt: skip
    return render(request, "journal/curve.html", context)
