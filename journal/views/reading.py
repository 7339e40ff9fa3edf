"""Reading a patient as a whole: in one minute, on the screen and on paper, and problem by problem."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from access.domain.codes import Action
from access.domain.decide import decide_patient
from journal.selectors import looked as looking
from journal.selectors.frame import patient_frame
from journal.selectors.problems import problem_view
from journal.selectors.summary import summary
from journal.views.patient import shows


def summary_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    """What one needs who has not met the patient; and what is new since one looked."""
    return render(request, "journal/summary.html", _summary(request, patient))


def summary_print_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    """The same on A4: the patient on every page, who printed it at the foot."""
    return render(request, "journal/summary_print.html", _summary(request, patient))


def _summary(request: HttpRequest, patient: UUID) -> dict[str, Any]:
    gate, here = request.gate, reverse("summary", args=[patient])
    start, chosen, looked = looking.since(gate, patient, request.GET.get("timer", ""))
    query = f"?timer={chosen}" if chosen else ""
    return {
        **patient_frame(gate, patient, "patient"), **summary(gate, patient, start), "shows": shows(patient, "summary"), "chips": looking.choices(here, chosen),
        "looked": looked, "back_url": here + query, "print_url": reverse("summary_print", args=[patient]) + query if decide_patient(gate.known, Action.PRINT).allow else "",
    }  # fmt: skip


def problems_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    """Each diagnosis and each problem of the plan with what belongs to it."""
    context = {
        **patient_frame(request.gate, patient, "patient"),
        **problem_view(patient),
        "shows": shows(patient, "problems"),
        "plan_url": reverse("plan", args=[patient]),
    }
    return render(request, "journal/problems.html", context)
