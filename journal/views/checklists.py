"""Checklists at a patient: begun, answered, finished, struck."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from journal.models import ChecklistRun
from journal.selectors.checklists import checklists_context, run_context
from journal.selectors.frame import patient_frame
from journal.services import checklists
from journal.services.checklists import Answer
from journal.services.errors import JournalError
from journal.views.common import after, is_uuid, messages, row_or_404
from journal.views.typed import Typed, act_page

PLAN = "plan"  # the part of the record that the lists lie under


def checklists_view(request: HttpRequest, patient: UUID, error: JournalError | None = None) -> HttpResponse:
    context = patient_frame(request.gate, patient, PLAN) | checklists_context(request.gate, patient) | {"messages": messages(request, patient)}
    return render(request, "journal/checklists.html", context | {"refused": error.message if error else ""}, status=error.status if error else 200)


def checklist_begin(request: HttpRequest, patient: UUID) -> HttpResponse:
    """Goes straight to the list that was chosen."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    series = request.POST.get("series", "")
    if not is_uuid(series):
        return checklists_view(request, patient, JournalError("missing", _("Velg en sjekkliste.")))
    try:
        run = checklists.checklist_begin(gate=request.gate, patient=patient, series=UUID(series))
    except JournalError as error:
        return checklists_view(request, patient, error)
    return HttpResponseRedirect(reverse("checklist", args=[patient, run.pk]))


def checklist(request: HttpRequest, patient: UUID, run: UUID) -> HttpResponse:
    return _shown(request, row_or_404(ChecklistRun, patient, run))


def checklist_save(request: HttpRequest, patient: UUID, run: UUID) -> HttpResponse:
    """What was answered is kept, and with «Fullfør» the list is finished. What was typed stays in the form when it is refused."""
    row = row_or_404(ChecklistRun, patient, run)
    if request.method != "POST":
        return _shown(request, row)
    points = range(len(row.points))
    answers = {place: _answer(request, "", place) for place in points if f"state-{place}" in request.POST or f"note-{place}" in request.POST}
    seen = {place: _answer(request, "seen-", place) for place in points}
    finish = request.POST.get("act") == "finish"
    try:
        checklists.checklist_answer(gate=request.gate, run=row, seen=seen, answers=answers, finish=finish)
    except JournalError as error:
        return _shown(request, row_or_404(ChecklistRun, patient, run), error, answers)
    if finish:
        return after("checklists", patient, "sjekkliste")
    return HttpResponseRedirect(f"{reverse('checklist', args=[patient, row.pk])}?gjort=sjekkpunkter")


def checklist_strike(request: HttpRequest, patient: UUID, run: UUID) -> HttpResponse:
    row, typed = row_or_404(ChecklistRun, patient, run), Typed(request)
    if typed.ready:
        try:
            checklists.checklist_strike(gate=request.gate, run=row, lock_version=typed.number("lock_version"), reason=typed.text("reason"))
            return after("checklists", patient, "strokket")
        except JournalError as error:
            typed.refuse(error)
            row = row_or_404(ChecklistRun, patient, run)
    return act_page(
        request, patient, typed, title=_("Stryk sjekklisten"), submit=_("Stryk"), active=PLAN, cancel_url=reverse("checklist", args=[patient, run]), lead=row.title,
        danger=True, hidden={"lock_version": row.lock_version}, fields=[typed.field("reason", _("Hvorfor?"), maxlength=200)],
    )  # fmt: skip


def _answer(request: HttpRequest, prefix: str, place: int) -> Answer:
    return request.POST.get(f"{prefix}state-{place}", ""), request.POST.get(f"{prefix}note-{place}", "").strip()[:500]


def _shown(request: HttpRequest, row: ChecklistRun, error: JournalError | None = None, typed: dict[int, Answer] | None = None) -> HttpResponse:
    context = patient_frame(request.gate, row.patient_id, PLAN) | run_context(request.gate, row) | {"messages": messages(request, row.patient_id)}
    for point in context["points"]:
        point["chosen"], point["written"] = (typed or {}).get(point["place"], (point["state"], point["note"]))
    return render(request, "journal/checklist.html", context | {"refused": error.message if error else ""}, status=error.status if error else 200)
