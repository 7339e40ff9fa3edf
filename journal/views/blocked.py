"""What one may do who has learnt that something is blocked: open it entry by entry, with consent now or for a weighty reason."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.gate import call
from access.selectors import blocks as selectors
from access.services.blocks import BlockError, block_open, blocked_entries, openings_close
from access.views.common import text_field
from journal.models import (
    Attachment,
    ChecklistRun,
    CriticalInfo,
    Diagnosis,
    DischargeCheck,
    Entry,
    Isolation,
    MedDose,
    Medication,
    MedOrder,
    MedReconciliation,
    NextOfKin,
    Note,
    Observation,
    Placement,
    PlanAction,
    PlanEvaluation,
    PlanProblem,
    RecordClaim,
    ServiceDecision,
    Stay,
    Task,
    VitalSet,
    Wound,
    WoundAssessment,
)
from journal.selectors.frame import patient_frame
from journal.views.common import is_uuid

# Where an entry is read once it is open.
SHOWN_ON: tuple[tuple[type[Entry], str], ...] = (
    (Medication, "medications"), (VitalSet, "curve"), (Stay, "stay"), (Task, "patient_tasks"), (CriticalInfo, "critical"),
    (MedOrder, "med_sheet"), (Observation, "curve"), (MedDose, "med_history"), (MedReconciliation, "med_sheet"), (Diagnosis, "diagnoses"), (NextOfKin, "next_of_kin"), (ServiceDecision, "services"),
    (PlanProblem, "plan"), (PlanAction, "plan"), (PlanEvaluation, "plan"), (RecordClaim, "claims"), (Attachment, "attachments"), (Wound, "wounds"), (WoundAssessment, "wounds"), (ChecklistRun, "checklists"),
    (Isolation, "stay"), (Placement, "stay"), (DischargeCheck, "stay"),
)  # fmt: skip


def blocked(request: HttpRequest, patient: UUID) -> HttpResponse:
    """What it means that something is blocked; and, after a basis and a reason, what can be opened: dates and units."""
    errors: list[dict[str, str]] = []
    found = None
    if request.method == "POST":
        try:
            found = blocked_entries(
                gate=request.gate, patient=patient, basis=request.POST.get("basis", ""), reason=request.POST.get("reason", "")[:1000]
            )
        except BlockError as error:
            errors = [{"field": "opening-basis" if error.field == "basis" else "field-reason", "text": str(error)}]
    return _page(request, patient, found, errors)


def _page(request: HttpRequest, patient: UUID, found: list[dict[str, Any]] | None, errors: list[dict[str, str]]) -> HttpResponse:
    gate, post = request.gate, request.POST
    error_of = {error["field"]: error["text"] for error in errors}
    reason = text_field("reason", _("Begrunnelse"), post.get("reason", ""), rows=3, required=True, maxlength=1000, error=error_of.get("field-reason"),
                        hint=_("Pasienten kan lese det du skriver."))  # fmt: skip
    context = {
        **patient_frame(gate, patient, "blocked"), "something": call("something_blocked", patient), "may_open": gate.role["may_chart"],
        "minutes": call("setting", "opening_minutes"), "found": found, "reason": reason, "errors": errors, "basis_error": error_of.get("opening-basis"),
        "bases": [{"value": code, "label": words, "selected": post.get("basis") == code} for code, words in selectors.bases()],
        "opening": {"basis": post.get("basis", ""), "reason": post.get("reason", "")},
    }  # fmt: skip
    return render(request, "journal/blocked.html", context, status=422 if errors else 200)


def open_entry(request: HttpRequest, patient: UUID) -> HttpResponse:
    """Opens one entry and goes to where it is read."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    post = request.POST
    if not is_uuid(post.get("entry", "")):
        raise Http404
    entry = UUID(post["entry"])
    try:
        block_open(gate=request.gate, patient=patient, entry=entry, basis=post.get("basis", ""), reason=post.get("reason", "")[:1000])
    except BlockError as error:
        return _page(request, patient, None, [{"field": "field-reason", "text": str(error)}])
    return HttpResponseRedirect(_shown_on(patient, entry))


def _shown_on(patient: UUID, entry: UUID) -> str:
    if Note.objects.filter(patient_id=patient, pk=entry).exists():
        return reverse("note", args=[patient, entry])
    for model, route in SHOWN_ON:
        if model._default_manager.filter(patient_id=patient, pk=entry).exists():
            return reverse(route, args=[patient])
    return reverse("patient", args=[patient])


def close(request: HttpRequest, patient: UUID) -> HttpResponse:
    """Ends the acting person's own openings of this patient's entries."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    openings_close(gate=request.gate, patient=patient)
    return HttpResponseRedirect(reverse("patient", args=[patient]))
