"""Home care's day: the list, and the three acts of a visit with their undo."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from journal.models import Visit
from journal.selectors.day import day_context
from journal.services import visits
from journal.services.errors import JournalError
from journal.views.common import number


def daylist(request: HttpRequest) -> HttpResponse:
    """Today's visits of the acting unit, or of oneself."""
    return render(request, "journal/daylist.html", day_context(request.gate, request.GET.get("vis", ""), done=request.GET.get("besok", "")))


def visit_start(request: HttpRequest, patient: UUID, visit: UUID) -> HttpResponse:
    return _act(request, patient, visit, visits.visit_start)


def visit_finish(request: HttpRequest, patient: UUID, visit: UUID) -> HttpResponse:
    """Done, with what was ticked off; what was left needs a remark."""
    ticked = {int(place) for place in request.POST.getlist("chore") if place.isascii() and place.isdigit() and len(place) < 4}
    return _act(request, patient, visit, visits.visit_finish, chores_done=ticked, remark=request.POST.get("remark", ""))


def visit_not_home(request: HttpRequest, patient: UUID, visit: UUID) -> HttpResponse:
    return _act(request, patient, visit, visits.visit_not_home, remark=request.POST.get("remark", ""))


def visit_undo(request: HttpRequest, patient: UUID, visit: UUID) -> HttpResponse:
    return _act(request, patient, visit, visits.visit_undo)


def _act(request: HttpRequest, patient: UUID, visit: UUID, act: Callable[..., Visit], **values: Any) -> HttpResponse:
    """Runs the act and goes back to the list; a refusal shows the list with what was typed."""
    found = get_object_or_404(Visit, pk=visit, patient=patient)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("daylist"))
    version = number(request.POST.get("lock_version", ""))
    try:
        act(gate=request.gate, visit=found, lock_version=version, **values)
    except JournalError as error:
        typed = {"remark": values.get("remark", ""), "ticked": " ".join(request.POST.getlist("chore")), "error": error.message}
        return render(request, "journal/daylist.html", day_context(request.gate, "", remarks=typed), status=error.status)
    return HttpResponseRedirect(f"{reverse('daylist')}?besok={found.pk}")
