"""Writing a note: autosave, conflict, sign, confirm, discard – for a new note and for a correction alike."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import CharField
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from access.models import DocumentType
from journal.domain.moments import parse_moment
from journal.models import Note
from journal.selectors import composer as composing
from journal.selectors import vitals
from journal.selectors.frame import patient_frame
from journal.services import notes
from journal.services.errors import Conflict, JournalError
from journal.views.common import after, is_uuid, number, row_or_404
from journal.views.patient import overview
from lms_epj.core.formatting import format_time
from lms_epj.core.prepared import Prepared, Slot


@dataclass(frozen=True)
class Posted:
    """What the composer sent. ``base``: the text as the window had it when it last agreed with the server."""

    content: dict[str, str]
    event_text: str
    note_id: UUID | None
    lock_version: int
    reason: str
    base: dict[str, str]
    template_version: int | None
    seen: int | None
    problem: UUID | None

    @classmethod
    def of(cls, request: HttpRequest) -> "Posted":
        post = request.POST
        content = {key.removeprefix("section."): value for key, value in post.items() if key.startswith("section.")}
        note = post.get("note", "")
        return cls(
            content, post.get("event_at", ""), UUID(note) if is_uuid(note) else None, number(post.get("lock_version", "")),
            post.get("reason", ""), _base(post.get("base", "")), number(post.get("template_version", "")) or None,
            number(post.get("seen", "")) or None, UUID(post["problem"]) if is_uuid(post.get("problem", "")) else None,
        )  # fmt: skip

    def event_at(self, now: datetime) -> datetime:
        try:
            return parse_moment(self.event_text, now)
        except ValueError:
            message = _("Skriv tiden som 10:40, eller 23.11.2026 10:40.")
            raise JournalError("event_at", message, {"event_at": message}) from None

    @property
    def typed(self) -> dict[str, Any]:
        return {"content": self.content, "event_at": self.event_text, "reason": self.reason, "problem": str(self.problem or "")}


def _base(text: str) -> dict[str, str]:
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}


@require_POST
def autosave_view(request: HttpRequest, patient: UUID, document_type: str) -> HttpResponse:
    """JSON {lock_version, saved_at, note}; 409 with the two texts; 422 with a text per field."""
    return _autosave(request, patient, _document_type(document_type), None)


@require_POST
def correction_autosave_view(request: HttpRequest, patient: UUID, note: UUID) -> HttpResponse:
    corrected = row_or_404(Note, patient, note)
    return _autosave(request, patient, corrected.document_type, corrected)


def _autosave(request: HttpRequest, patient: UUID, document_type: DocumentType, corrects: Note | None) -> HttpResponse:
    posted = Posted.of(request)
    try:
        draft = _save(request, patient, document_type, posted, corrects)
    except Conflict as conflict:
        mine = notes.clean_content(document_type, posted.content, conflict.theirs.template_version)
        shown = composing.conflict(conflict.theirs, mine, posted.base, document_type)
        return render(request, "epj/conflict.html", {"conflict": shown}, status=409)
    except JournalError as error:
        return JsonResponse({"detail": error.message, "errors": error.fields}, status=422)
    return JsonResponse({"lock_version": draft.lock_version, "note": str(draft.pk), "saved_at": format_time(request.gate.now, seconds=True)})


def _save(request: HttpRequest, patient: UUID, document_type: DocumentType, posted: Posted, corrects: Note | None = None) -> Note:
    return notes.note_autosave(
        gate=request.gate, patient=patient, document_type=document_type, content=posted.content, event_at=posted.event_at(request.gate.now),
        lock_version=posted.lock_version, note_id=posted.note_id, corrects=corrects, reason=posted.reason,
        template_version=posted.template_version, problem=posted.problem,
    )  # fmt: skip


@require_POST
def sign_view(request: HttpRequest, patient: UUID, document_type: str) -> HttpResponse:
    """Saves what is in the form and signs it; refused, the form comes back with the text and what is missing."""
    return _finish(request, patient, document_type, notes.note_sign, "signert")


@require_POST
def confirm_view(request: HttpRequest, patient: UUID, document_type: str) -> HttpResponse:
    return _finish(request, patient, document_type, notes.note_confirm, "bekreftet")


def _finish(request: HttpRequest, patient: UUID, code: str, act: Any, done: str) -> HttpResponse:
    document_type = _document_type(code)
    posted = Posted.of(request)
    try:
        act(gate=request.gate, note=_save(request, patient, document_type, posted))
    except JournalError as error:
        errors = error.fields or _other_texts(error, posted.content)
        context = overview(request, patient, document_type=code, typed=posted.typed, errors=errors, message=error.message)
        return render(request, "journal/patient.html", context, status=error.status)
    return after("patient", patient, done)


def _other_texts(error: JournalError, mine: dict[str, str]) -> dict[str, str]:
    """Without a script the two texts of a conflict stand together: one's own in the field, the stored one under it."""
    if not isinstance(error, Conflict):
        return {}
    stored = error.theirs.content
    words = _("Lagret i et annet vindu: «%(text)s»")
    return {f"section.{key}": words % {"text": text} for key, text in stored.items() if text != mine.get(key, "")}


def new_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    """The composer as a page of its own, as tablets have it."""
    gate = request.gate
    types, drafts = composing.document_types(gate), composing.own_drafts(gate, patient)
    chosen = composing.choose(types, drafts, request.GET.get("template", ""))
    if chosen is None:
        raise Http404
    draft = next((row for row in drafts if row.document_type_id == chosen.code), None)
    words = vitals.in_words(next(iter(vitals.newest_sets(patient, 1)), None))
    shown = composing.composer(gate, patient, chosen, types, draft, vitals=words, close_url=reverse("patient", args=[patient]))
    return render(request, "journal/compose.html", {**patient_frame(gate, patient, "patient"), "composer": shown})


def correct_view(request: HttpRequest, patient: UUID, note: UUID) -> HttpResponse:
    """GET: one's own draft of the correction, or the note's text to begin from. Nothing is stored before something is changed."""
    return render(request, "journal/compose.html", _correction(request, patient, row_or_404(Note, patient, note)))


@require_POST
def correction_sign_view(request: HttpRequest, patient: UUID, note: UUID) -> HttpResponse:
    corrected = row_or_404(Note, patient, note)
    posted = Posted.of(request)
    try:
        draft = _save(request, patient, corrected.document_type, posted, corrected)
        notes.note_sign(gate=request.gate, note=draft, seen=posted.seen)
    except JournalError as error:
        errors = error.fields or _other_texts(error, posted.content)
        context = _correction(request, patient, corrected, typed=posted.typed, errors=errors, message=error.message)
        return render(request, "journal/compose.html", context, status=error.status)
    return after("patient", patient, "rettet")


def _correction(request: HttpRequest, patient: UUID, corrected: Note, **refused: Any) -> dict[str, Any]:
    gate = request.gate
    draft = notes.correction_draft(gate, corrected)
    close = reverse("note", args=[patient, corrected.pk])
    shown = composing.composer(gate, patient, corrected.document_type, [], draft, close_url=close, **refused)
    return {**patient_frame(gate, patient, "notes"), "composer": shown}


@require_POST
def discard_view(request: HttpRequest, patient: UUID, note: UUID) -> HttpResponse:
    try:
        notes.note_discard(gate=request.gate, note=row_or_404(Note, patient, note))
    except JournalError as error:
        return render(request, "access/message.html", {"message": error.message, "status": error.status}, status=error.status)
    return after("patient", patient, "forkastet")


def _document_type(code: str) -> DocumentType:
    found = _KIND.first(code=code)
    if found is None:
        raise Http404
    return found


_KIND = Prepared(lambda: DocumentType.objects.filter(code=Slot("code", CharField())))
