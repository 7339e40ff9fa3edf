"""Blocks as one who treats the patient registers them. Of what this reader may read, notes are named by their titles."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from access.views import block_pages
from access.views.block_pages import Place
from journal.models import Note
from journal.selectors.frame import patient_frame


def place(request: HttpRequest, patient: UUID) -> Place:
    gate = request.gate
    frame = patient_frame(gate, patient, "patient_block_list")
    doctor = gate.role["required_profession"] == "doctor"
    return Place(request, patient, "journal/patient_frame.html", "patient_block", frame, assesses=doctor)


def titled(request: HttpRequest, patient: UUID) -> Place:
    """With the titles of notes, which the log then says were shown."""
    here = place(request, patient)
    notes = Note.objects.filter(patient_id=patient, corrects__isnull=True).exclude(state=Note.State.DRAFT).select_related("document_type")
    here.titles = {note.pk: note.title or str(note.document_type) for note in notes.order_by("-event_at")[:200]}
    return here


def block_list(request: HttpRequest, patient: UUID) -> HttpResponse:
    return block_pages.overview(titled(request, patient))


def block_new(request: HttpRequest, patient: UUID) -> HttpResponse:
    return block_pages.new(titled(request, patient))


def block_seen(request: HttpRequest, patient: UUID) -> HttpResponse:
    return block_pages.seen_as(place(request, patient))


def block_lift(request: HttpRequest, patient: UUID, registration: UUID) -> HttpResponse:
    return block_pages.lift(place(request, patient), registration)


def block_letter(request: HttpRequest, patient: UUID, registration: UUID) -> HttpResponse:
    return block_pages.letter(place(request, patient), registration)


def block_assess(request: HttpRequest, patient: UUID, registration: UUID) -> HttpResponse:
    return block_pages.assess(place(request, patient), registration)
