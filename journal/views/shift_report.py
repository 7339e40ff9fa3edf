"""The shift report: what is new in the unit since one was here last."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from journal.selectors import shift_report


def ward_report(request: HttpRequest) -> HttpResponse:
    """The whole unit; those of whom there is nothing new are named last, in one line."""
    gate = request.gate
    start, chosen = shift_report.since(gate, request.GET.get("timer", ""))
    new, same = shift_report.shown(shift_report.ward_news(gate, start))
    for row in new:
        row["more_url"] += f"?timer={chosen or 'vakt'}"
    context = {
        "unit": gate.unit,
        "start": start,
        "hours": chosen,
        "rows": new,
        "same": same,
        "chips": _chips(reverse("shift_report"), chosen),
        "served": gate.unit["kind"] not in shift_report.HAVING_STAYS,
    }
    return render(request, "journal/shift_report.html", context)


def _chips(here: str, chosen: str) -> list[dict[str, Any]]:
    hours = [{"label": _("Siste %(n)s timer") % {"n": n}, "url": f"{here}?timer={n}", "active": chosen == str(n)} for n in shift_report.HOURS]
    return [{"label": _("Siden du var her sist"), "url": here, "active": not chosen}, *hours]
