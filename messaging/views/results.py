"""A patient's results: what was found last, what it was before, and how it went."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from journal.selectors.frame import patient_frame
from messaging.selectors.results import Chart, charts, curve, spark


def results_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    """The list, and one analyte in full: the one named in the address, or the first that can be drawn."""
    found = charts(request.gate, patient)
    here = reverse("lab_results", args=[patient])
    wanted = request.GET.get("analyse", "")
    chosen = (
        next((one for one in found if one.analyte == wanted), None)
        or next((one for one in found if len(one.drawn) > 1), None)
        or next(iter(found), None)
    )
    context = patient_frame(request.gate, patient, "lab_results") | {
        "rows": [_row(one, here, one is chosen) for one in found], "chosen": chosen, "curve": curve(chosen) if chosen else None,
    }  # fmt: skip
    return render(request, "messaging/results.html", context)


def _row(chart: Chart, here: str, active: bool) -> dict[str, object]:
    latest = chart.latest
    return {
        "chart": chart, "latest": latest, "before": chart.before, "active": active, "url": f"{here}?{urlencode({'analyse': chart.analyte})}#analyse", "spark": spark(chart),
        "words": bool(latest and latest.row.number is None and latest.value),
    }  # fmt: skip
