"""The shift report: what is new since one was here last, for the unit or one patient."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.gate import Gate
from journal.selectors import shift_report
from journal.selectors.frame import patient_frame


def ward_report(request: HttpRequest) -> HttpResponse:
    """The whole unit; those of whom there is nothing new are named last, in one line."""
    gate = request.gate
    start, chosen = shift_report.since(gate, request.GET.get("timer", ""))
    new, same = shift_report.shown(shift_report.ward_news(gate, start))
    for row in new:
        row["more_url"] += f"?timer={chosen}" if chosen else ""
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


def patient_report(request: HttpRequest, patient: UUID) -> HttpResponse:
    """One patient."""
    gate: Gate = request.gate
    start, chosen = shift_report.since(gate, request.GET.get("timer", ""))
    new, _same = shift_report.shown(shift_report.news_of(gate, [patient], start))
    context: dict[str, Any] = {
        **patient_frame(gate, patient, "patient"),
        "start": start,
        "hours": chosen,
        "rows": new,
        "chips": _chips(reverse("patient_report", args=[patient]), chosen),
    }
    return render(request, "journal/patient_report.html", context)


def _chips(here: str, chosen: str) -> list[dict[str, Any]]:
    hours = [{"label": _("Siste %(n)s timer") % {"n": n}, "url": f"{here}?timer={n}", "active": chosen == str(n)} for n in shift_report.HOURS]
    return [{"label": _("Siden du var her sist"), "url": here, "active": not chosen}, *hours]
