"""The record's lists: medicines, critical information, diagnoses, next of kin, services. Read by many, written by some."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.domain.codes import Action, Category
from journal.codes import search_codes
from journal.forms import CriticalForm, DiagnosisForm, MedicationChangeForm, MedicationForm, NextOfKinForm, errors_of, shown
from journal.models import CriticalInfo, CriticalInfoStatus, Diagnosis, Medication, NextOfKin
from journal.selectors import clinical as reading
from journal.selectors.frame import patient_frame
from journal.services import clinical
from journal.services.errors import JournalError
from journal.views.common import after, messages, number, row_or_404


def medications_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    context = _part(request, patient, "medications", Category.MEDICATION)
    context |= {"groups": reading.medications(patient), "stopped": reading.stopped_medications(patient)}
    return render(request, "journal/medications.html", context)


def medication_add_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    form = MedicationForm(request.POST or None)

    def act() -> Any:
        return clinical.medication_add(gate=request.gate, patient=patient, values=form.cleaned_data)

    return _form_page(request, patient, "medications", _("Legg til legemiddel"), form, act, "legemiddel")


def medication_change_view(request: HttpRequest, patient: UUID, row: UUID) -> HttpResponse:
    found = row_or_404(Medication, patient, row)
    initial = {name: getattr(found, name) for name in MedicationChangeForm.base_fields}
    form = MedicationChangeForm(request.POST or None, initial=initial)

    def act() -> Any:
        version = number(request.POST.get("lock_version", ""))
        return clinical.medication_change(gate=request.gate, row=found, values=form.cleaned_data, lock_version=version)

    title = _("Endre %(name)s") % {"name": found.generic}
    return _form_page(request, patient, "medications", title, form, act, "endret", lock_version=found.lock_version)


def medication_stop_view(request: HttpRequest, patient: UUID, row: UUID) -> HttpResponse:
    found = row_or_404(Medication, patient, row)
    version = number(request.POST.get("lock_version", ""))
    return _act(request, patient, "medications", "seponert", lambda: clinical.medication_stop(gate=request.gate, row=found, lock_version=version))


def medication_resume_view(request: HttpRequest, patient: UUID, row: UUID) -> HttpResponse:
    found = row_or_404(Medication, patient, row)
    return _act(request, patient, "medications", "angret", lambda: clinical.medication_resume(gate=request.gate, row=found))


def critical_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    context = _part(request, patient, "critical", Category.CRITICAL)
    rows = CriticalInfo.objects.filter(patient_id=patient).select_related("author", "unit").order_by("kind", "-event_at")
    context |= {
        "current": [row for row in rows if not row.ended_at], "ended": [row for row in rows if row.ended_at],
        "statement": CriticalInfoStatus.objects.filter(patient_id=patient).select_related("author").order_by("-event_at").first(),
    }  # fmt: skip
    return render(request, "journal/critical.html", context)


def critical_add_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    form = CriticalForm(request.POST or None)

    def act() -> Any:
        return clinical.critical_add(gate=request.gate, patient=patient, values=form.cleaned_data)

    return _form_page(request, patient, "critical", _("Legg til kritisk informasjon"), form, act, "kritisk")


def critical_none_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    return _act(request, patient, "critical", "ingen", lambda: clinical.critical_state_none(gate=request.gate, patient=patient))


def critical_end_view(request: HttpRequest, patient: UUID, row: UUID) -> HttpResponse:
    found = row_or_404(CriticalInfo, patient, row)
    version = number(request.POST.get("lock_version", ""))
    return _act(request, patient, "critical", "avsluttet", lambda: clinical.critical_end(gate=request.gate, row=found, lock_version=version))


def critical_reopen_view(request: HttpRequest, patient: UUID, row: UUID) -> HttpResponse:
    found = row_or_404(CriticalInfo, patient, row)
    return _act(request, patient, "critical", "angret", lambda: clinical.critical_reopen(gate=request.gate, row=found))


def diagnoses_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    context = _part(request, patient, "diagnoses", Category.DIAGNOSIS)
    rows = list(Diagnosis.objects.filter(patient_id=patient).select_related("author", "unit").order_by("-main", "-event_at"))
    context |= {"current": [row for row in rows if row.active], "ended": [row for row in rows if not row.active]}
    return render(request, "journal/diagnoses.html", context)


def diagnosis_add_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    """GET ?sok= lists codes as links that fill the form, so that the search works without a script."""
    form = DiagnosisForm(request.POST or None, initial={"code": request.GET.get("kode", "")})

    def act() -> Any:
        return clinical.diagnosis_add(gate=request.gate, patient=patient, **form.cleaned_data)

    query = request.GET.get("sok", "")
    extra = {"query": query, "hits": search_codes(query), "searches": True}
    return _form_page(request, patient, "diagnoses", _("Legg til diagnose"), form, act, "diagnose", extra=extra)


def diagnosis_close_view(request: HttpRequest, patient: UUID, row: UUID) -> HttpResponse:
    found = row_or_404(Diagnosis, patient, row)
    return _act(request, patient, "diagnoses", "ikke-aktiv", lambda: clinical.diagnosis_set_active(gate=request.gate, row=found, active=False))


def diagnosis_reopen_view(request: HttpRequest, patient: UUID, row: UUID) -> HttpResponse:
    found = row_or_404(Diagnosis, patient, row)
    return _act(request, patient, "diagnoses", "angret", lambda: clinical.diagnosis_set_active(gate=request.gate, row=found, active=True))


def next_of_kin_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    context = _part(request, patient, "next_of_kin", Category.ADMIN)
    context["current"] = NextOfKin.objects.filter(patient_id=patient, ended_at__isnull=True).order_by("-nearest", "name")
    return render(request, "journal/next_of_kin.html", context)


def next_of_kin_add_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    form = NextOfKinForm(request.POST or None)

    def act() -> Any:
        return clinical.next_of_kin_add(gate=request.gate, patient=patient, values=form.cleaned_data)

    return _form_page(request, patient, "next_of_kin", _("Legg til pårørende"), form, act, "kontakt")


def next_of_kin_remove_view(request: HttpRequest, patient: UUID, row: UUID) -> HttpResponse:
    found = row_or_404(NextOfKin, patient, row)
    return _act(request, patient, "next_of_kin", "fjernet", lambda: clinical.next_of_kin_set_ended(gate=request.gate, row=found, ended=True))


def next_of_kin_restore_view(request: HttpRequest, patient: UUID, row: UUID) -> HttpResponse:
    found = row_or_404(NextOfKin, patient, row)
    return _act(request, patient, "next_of_kin", "angret", lambda: clinical.next_of_kin_set_ended(gate=request.gate, row=found, ended=False))


def services_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    context = _part(request, patient, "services", Category.CASEWORK)
    context |= reading.services(patient, request.gate.now)
    context |= {"decides": request.gate.may(Action.WRITE, Category.CASEWORK), "own_entities": request.gate.own_entities}
    return render(request, "journal/services.html", context)


def _part(request: HttpRequest, patient: UUID, route: str, category: Category) -> dict[str, Any]:
    may_write = request.gate.may(Action.WRITE, category)
    return {**patient_frame(request.gate, patient, route), "may_write": may_write, "messages": messages(request, patient)}


def _form_page(
    request: HttpRequest, patient: UUID, route: str, title: str, form: forms.Form, act: Callable[[], Any], done: str, *,
    lock_version: int | None = None, extra: dict[str, Any] | None = None,
) -> HttpResponse:  # fmt: skip
    """A form on a page of its own. Refused, it comes back (422, 409) with what was typed."""
    status, message = 200, ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return after(route, patient, done, act())
            except JournalError as error:
                status, message = error.status, error.message
                for name, text in error.fields.items():
                    form.add_error(name, text)
    context = {
        **patient_frame(request.gate, patient, route), **shown(form), "errors": errors_of(form) if form.is_bound else [], "message": message,
        "title": title, "close_url": reverse(route, args=[patient]), "lock_version": lock_version, **(extra or {}),
    }  # fmt: skip
    return render(request, "journal/part_form.html", context, status=status)


def _act(request: HttpRequest, patient: UUID, route: str, done: str, act: Callable[[], Any]) -> HttpResponse:
    """One act on one row, by POST only."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        return after(route, patient, done, act())
    except JournalError as error:
        return render(request, "access/message.html", {"message": error.message, "status": error.status}, status=error.status)
