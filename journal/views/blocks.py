"""Blocks as one who treats the patient registers them. What this reader may read is named by what it is."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from access.views import block_pages
from access.views.block_pages import Place
from journal.models import CriticalInfo, Diagnosis, Medication, MedOrder, Note, VitalSet
from journal.selectors.frame import patient_frame
from journal.views.common import is_uuid


def place(request: HttpRequest, patient: UUID) -> Place:
    gate = request.gate
    frame = patient_frame(gate, patient, "patient_block_list")
    doctor = gate.role["required_profession"] == "doctor"
    return Place(request, patient, "journal/patient_frame.html", "patient_block", frame, assesses=doctor)


def titled(request: HttpRequest, patient: UUID) -> Place:
    """With what the reader may read of the entries; the log then says that it was shown."""
    here = place(request, patient)
    notes = Note.objects.filter(patient_id=patient, corrects__isnull=True).exclude(state=Note.State.DRAFT).select_related("document_type")
    here.titles = {note.pk: note.title or str(note.document_type) for note in notes.order_by("-event_at")[:200]}
    here.titles |= {row.pk: _("Målinger") for row in VitalSet.objects.filter(patient_id=patient).order_by("-event_at")[:200]}
    here.titles |= {row.pk: f"{row.generic} {row.dose}" for row in Medication.objects.filter(patient_id=patient)}
    here.titles |= {row.pk: _("Forordning: %(name)s") % {"name": row.generic} for row in MedOrder.objects.filter(patient_id=patient)}
    here.titles |= {row.pk: row.text for row in Diagnosis.objects.filter(patient_id=patient)}
    here.titles |= {row.pk: f"{row.get_kind_display()}: {row.substance}" for row in CriticalInfo.objects.filter(patient_id=patient)}
    return here


def block_list(request: HttpRequest, patient: UUID) -> HttpResponse:
    return block_pages.overview(titled(request, patient))


def block_new(request: HttpRequest, patient: UUID) -> HttpResponse:
    """A note that is chosen on its own page is offered however old it is."""
    here, chosen = titled(request, patient), request.POST.getlist("entry") or [request.GET.get("innslag", "")]
    asked = Note.objects.filter(patient_id=patient, pk__in=[key for key in chosen if is_uuid(key)]).select_related("document_type")
    here.titles |= {note.pk: note.title or str(note.document_type) for note in asked}
    here.moments = [note.event_at for note in asked]
    return block_pages.new(here)


def block_seen(request: HttpRequest, patient: UUID) -> HttpResponse:
    return block_pages.seen_as(place(request, patient))


def block_lift(request: HttpRequest, patient: UUID, registration: UUID) -> HttpResponse:
    return block_pages.lift(place(request, patient), registration)


def block_letter(request: HttpRequest, patient: UUID, registration: UUID) -> HttpResponse:
    return block_pages.letter(place(request, patient), registration)


def block_assess(request: HttpRequest, patient: UUID, registration: UUID) -> HttpResponse:
    return block_pages.assess(place(request, patient), registration)
