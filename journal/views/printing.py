"""Printing from the record: what, for whom, why; at once as PDF, or as a job that tells how far it has come."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.domain.codes import Action
from access.gate import Gate, call
from access.models import InfoCategory
from journal.models import Note, PrintJob
from journal.selectors import timeline
from journal.selectors.frame import patient_frame
from journal.selectors.paper.asked import Asked, Receiver
from journal.selectors.paper.documents import KINDS
from journal.services import prints
from journal.services.errors import JournalError
from journal.views.common import is_uuid, row_or_404
from journal.views.typed import Typed
from lms_epj.core.clock import oslo_date
from lms_epj.templatetags.epj import PROFESSIONS

PDF = {"content_type": "application/pdf", "headers": {"Content-Disposition": "inline; filename=utskrift.pdf"}}
WEEK = timedelta(days=7)


def choose_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    """What to print, for whom and why; and the prints one has made of this record, as long as they are kept."""
    start = {"what": request.GET.get("hva", ""), "note": request.GET.get("notat", ""), "hours": request.GET.get("timer", "")}
    for name, key in (("first", "fra"), ("last", "til"), ("mark", "fag")):
        start[name] = request.GET.get(key, "")
    if start["what"] == "curve" and not start["first"]:
        start["first"] = f"{oslo_date(request.gate.now - WEEK):%d.%m.%Y}"
    return _page(request, patient, Typed(request, start))


def make_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    """The PDF, or the page of the job that makes it."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    typed = Typed(request)
    asked = _asked(request, patient, typed)
    if asked and typed.ready:
        try:
            made = prints.print_make(gate=request.gate, patient=patient, asked=asked)
            if made.job is None:
                return HttpResponse(made.pdf, **PDF)
            return HttpResponseRedirect(reverse("print_job", args=[patient, made.job.pk]))
        except JournalError as error:
            typed.refuse(error)
    typed.status = max(typed.status, 422)
    return _page(request, patient, typed)


def job_view(request: HttpRequest, patient: UUID, job: UUID) -> HttpResponse:
    """How far it has come, and the files when they are there. Another's job is not there."""
    return _job_page(request, patient, _job(patient, job))


def status_view(request: HttpRequest, job: UUID) -> HttpResponse:
    """How far a print has come, for the page that asks by itself: numbers alone. When it has ended, the page is fetched anew."""
    found = call("print_status", job)
    if found is None:
        raise Http404
    response = render(request, "journal/print_progress.html", {"job": {"pk": job, **found}, **_progress(found)})
    if found["state"] not in ("waiting", "running"):
        response.headers["HX-Refresh"] = "true"
    return response


def file_view(request: HttpRequest, patient: UUID, job: UUID, number: int) -> HttpResponse:
    """One finished file, after the rule has been asked again for everything in it."""
    found = _job(patient, job)
    try:
        file = prints.print_file(gate=request.gate, job=found, number=number)
    except JournalError as error:
        return _job_page(request, patient, found, error)
    if file is None:
        raise Http404
    return HttpResponse(file, **PDF)


def cancel_view(request: HttpRequest, patient: UUID, job: UUID) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not prints.print_cancel(job=_job(patient, job).pk):
        raise Http404
    return HttpResponseRedirect(reverse("print", args=[patient]) + "?gjort=avbrutt")


def again_view(request: HttpRequest, patient: UUID, job: UUID) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    prints.print_again(job=_job(patient, job).pk)
    return HttpResponseRedirect(reverse("print_job", args=[patient, job]))


def ward_view(request: HttpRequest) -> HttpResponse:
    """The report of the whole unit, at once. For use in the unit alone, so nothing is asked."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    asked = Asked("report", Receiver.OWN, hours=request.POST.get("hours", ""))
    return HttpResponse(prints.ward_print(gate=request.gate, asked=asked), **PDF)


# --- The form ---


def _asked(request: HttpRequest, patient: UUID, typed: Typed) -> Asked | None:
    """What the form says, or None when it says nothing that can be printed; what is wrong stands in ``typed.errors``."""
    gate, what = request.gate, typed.text("what")
    if what not in _kinds(gate) and not (what == "note" and is_uuid(typed.text("note"))):
        typed.errors["what"] = _("Velg hva som skal skrives ut.")
        return None
    kind, note = KINDS[what], None
    if what == "note":
        note = row_or_404(Note, patient, UUID(typed.text("note")), corrects=None)
        if note.state == Note.State.DRAFT:
            typed.errors[""] = _("En kladd skrives ikke ut. Signer eller bekreft notatet først.")
            return None
        if not gate.may(Action.PRINT, note.category_id):
            raise Http404
    if typed.text("receiver") not in Receiver.values:
        typed.errors["receiver"] = _("Velg hvem som skal ha utskriften.")
    first, last = (typed.day("first"), typed.day("last")) if kind.period else (None, None)
    if typed.errors:
        return None
    chosen = {int(code) for code in request.POST.getlist("category") if code.isdecimal()} if kind.parts else set()
    marks = {mark for mark in request.POST.getlist("mark") if mark in timeline.MARKS} if kind.parts else set()
    every = {one.pk for one in _categories(gate)}
    return Asked(
        what, Receiver(typed.text("receiver")), typed.text("to").strip()[:200], typed.text("purpose").strip()[:300], note.pk if note else None, first, last,
        frozenset(chosen & every) if chosen & every != every else frozenset(), frozenset(marks), typed.text("hours"),
    )  # fmt: skip


def _kinds(gate: Gate) -> list[str]:
    """What this reader may print of the patient, beside one note."""
    return [code for code, kind in KINDS.items() if code != "note" and (kind.category is None or gate.may(Action.PRINT, kind.category))]


def _categories(gate: Gate) -> Iterator[InfoCategory]:
    return (one for one in InfoCategory.objects.order_by("code") if gate.may(Action.PRINT, one.pk))


def _page(request: HttpRequest, patient: UUID, typed: Typed) -> HttpResponse:
    gate, what, here = request.gate, typed.text("what"), reverse("print", args=[patient])
    kinds = _kinds(gate) if gate.may(Action.PRINT, None) else []
    note = (
        Note.objects.filter(patient=patient, pk=typed.text("note"), corrects=None).select_related("document_type").first()
        if is_uuid(typed.text("note"))
        else None
    )
    if (what == "note" and note is None) or what not in (*kinds, "note"):
        what = kinds[0] if kinds else ""
    kind = KINDS.get(what)
    posted = request.POST if typed.posted else None
    every = [str(one.pk) for one in _categories(gate)]
    marks = posted.getlist("mark") if posted is not None else [typed.text("mark")]
    context = {
        **patient_frame(gate, patient, "print"), "errors": typed.error_list(), "what": what, "kind": kind, "note": note if what == "note" else None,
        "kinds": [{"label": _(KINDS[code].label), "url": f"{here}?{urlencode({'hva': code})}", "active": code == what} for code in kinds],
        "period": [typed.field("first", _("Fra dato"), inputmode="numeric", hint=_("For eksempel 24.11.2026. Tomt betyr fra begynnelsen.")),
                   typed.field("last", _("Til dato"), inputmode="numeric", hint=_("Tomt betyr til nå."))] if kind and kind.period else [],
        "categories": _boxes("category", [(str(one.pk), one.name) for one in _categories(gate)], posted.getlist("category") if posted is not None else every) if kind and kind.parts else [],
        "marks": _boxes("mark", [(mark, _(PROFESSIONS[mark])) for mark in timeline.MARKS], marks) if kind and kind.parts else [],
        "narrowed": any(marks) or (posted is not None and posted.getlist("category") != every),
        "receivers": [{"value": value, "label": label, "checked": value == (typed.text("receiver") or "own")} for value, label in Receiver.choices
                      if value == "own" or not (kind and kind.here)],
        "receiver_error": typed.errors.get("receiver", ""), "to": typed.field("to", _("Hvem?"), maxlength=200, hint=_("Navn på person eller virksomhet, når det er en annen.")),
        "purpose": typed.field("purpose", _("Hva skal utskriften brukes til?"), maxlength=300, hint=_("Står på hvert ark og i innsynsloggen. Må skrives når en annen skal ha den.")),
        "hours": typed.text("hours"), "jobs": _own_jobs(patient, here), "cancelled": request.GET.get("gjort") == "avbrutt",
    }  # fmt: skip
    return render(request, "journal/print.html", context, status=typed.status)


def _boxes(name: str, options: list[tuple[str, str]], chosen: list[str]) -> list[dict[str, Any]]:
    return [{"name": name, "value": value, "label": label, "checked": value in chosen} for value, label in options]


# --- Jobs ---


def _job(patient: UUID, key: UUID) -> PrintJob:
    """Row security shows one's own alone, made in the present role."""
    found = PrintJob.objects.filter(patient=patient, pk=key).first()
    if found is None:
        raise Http404
    return found


def _own_jobs(patient: UUID, here: str) -> list[dict[str, Any]]:
    rows = PrintJob.objects.filter(patient=patient).exclude(state="cancelled").order_by("-asked_at")[:20]
    return [{"row": row, "state": row.get_state_display(), "url": f"{here}{row.pk}/"} for row in rows]


def _job_page(request: HttpRequest, patient: UUID, job: PrintJob, error: JournalError | None = None) -> HttpResponse:
    found = call("print_status", job.pk)
    files = [{"number": number, "entries": entries, "url": reverse("print_file", args=[patient, job.pk, number])}
             for number, entries in job.sheaves.order_by("number").values_list("number", "entries")] if job.state == "done" else []  # fmt: skip
    context = {
        **patient_frame(request.gate, patient, "print"), "job": job, "files": files, "error": error.message if error else "",
        "open": job.state in ("waiting", "running"), "again_url": f"{reverse('print', args=[patient])}", **_progress(found),
    }  # fmt: skip
    return render(request, "journal/print_job.html", context, status=error.status if error else 200)


def _progress(found: dict[str, Any]) -> dict[str, Any]:
    total = found["entries"] or 1
    return {"done": found["done"], "total": found["entries"], "per_cent": 100 * found["done"] // total}
