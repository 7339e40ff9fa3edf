"""API views: HTTP only. Row security has already taken away what the caller may not see, so an unseen id is a 404."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from access import gate as gate_module
from access.models import OrgUnit, Patient, User
from journal.api import examples
from journal.api.base import ConflictProblem, GateView, Problem, with_etag
from journal.api.paging import BEFORE, NEXT, ListView
from journal.api.shapes import (
    NoteContentShape,
    NoteDraftShape,
    NoteShape,
    ObservationEntryShape,
    ObservationShape,
    PatientShape,
    SearchShape,
    StayAdmitShape,
    StayExpectShape,
    StayShape,
    TaskCreateShape,
    TaskDoneShape,
    TaskShape,
)
from journal.models import Bed, Note, Stay, Task
from journal.services import notes, stays, tasks, vitals
from journal.services.errors import Conflict, JournalError
from journal.services.vitals import Measured
from lms_epj.core.folding import fold

IF_MATCH = OpenApiParameter("If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True, description="The ETag that was read.")
ETAG = OpenApiParameter("ETag", OpenApiTypes.STR, OpenApiParameter.HEADER, response=[200, 201, 409], description="For If-Match of the next change.")


def reads(shape: Any) -> dict[int, Any]:
    """The answers of an address that is read."""
    return {200: shape, **dict.fromkeys((400, 401, 403, 404, 406), Problem)}


def writes(shape: Any, status: int = 200) -> dict[int, Any]:
    """The answers of an address that is written to."""
    return {**dict.fromkeys((400, 401, 403, 404, 406, 415, 422, 428), Problem), 409: ConflictProblem, status: shape}


class PatientSearch(GateView):
    @extend_schema(request=SearchShape, responses=writes(PatientShape(many=True)), examples=examples.SEARCH)
    def post(self, request: Request) -> Response:
        asked = self.valid(SearchShape)
        terms = fold(asked["name"]).split()
        if len("".join(terms)) < 3 and asked["born"] is None:
            raise JournalError("too_short", _("Skriv minst tre bokstaver av navnet, eller fødselsdato."))
        found = self.gate.disclose(gate_module.call("search_patients", terms, asked["born"]) or [])
        rows = {row.id: row for row in Patient.objects.filter(id__in=found).prefetch_related("identities")}
        return Response(PatientShape([rows[one] for one in found if one in rows], many=True).data)


class PatientDetail(GateView):
    @extend_schema(responses=reads(PatientShape), examples=examples.PATIENT_READ)
    def get(self, request: Request, patient: UUID) -> Response:
        return Response(PatientShape(get_object_or_404(Patient.objects.prefetch_related("identities"), pk=patient)).data)


class Stays(ListView):
    @extend_schema(parameters=[BEFORE, NEXT], responses=reads(StayShape(many=True)), examples=examples.STAYS)
    def get(self, request: Request, patient: UUID) -> Response:
        return self.listed(StayShape, patient)

    @extend_schema(request=StayExpectShape, parameters=[ETAG], responses=writes(StayShape, 201), examples=examples.STAY_EXPECT)
    def post(self, request: Request, patient: UUID) -> Response:
        stay = stays.stay_expect(gate=self.gate, patient=patient, **self.valid(StayExpectShape))
        return with_etag(Response(StayShape(stay).data, status=201), stay.lock_version)


class StayAdmit(GateView):
    @extend_schema(request=StayAdmitShape, parameters=[IF_MATCH, ETAG], responses=writes(StayShape), examples=examples.STAY_ADMIT)
    def post(self, request: Request, patient: UUID, stay: UUID) -> Response:
        version, asked = self.if_match(), self.valid(StayAdmitShape)
        row = get_object_or_404(Stay, pk=stay, patient_id=patient)
        bed = get_object_or_404(Bed, pk=asked["bed_id"])
        row = stays.stay_admit(gate=self.gate, stay=row, lock_version=version, bed=bed, admitted_at=asked["admitted_at"])
        return with_etag(Response(StayShape(row).data), row.lock_version)


class Notes(ListView):
    @extend_schema(parameters=[BEFORE, NEXT], responses=reads(NoteShape(many=True)), examples=examples.NOTES)
    def get(self, request: Request, patient: UUID) -> Response:
        return self.listed(NoteShape, patient)

    @extend_schema(request=NoteDraftShape, parameters=[ETAG], responses=writes(NoteShape, 201), examples=examples.NOTE_DRAFT)
    def post(self, request: Request, patient: UUID) -> Response:
        note = notes.note_autosave(gate=self.gate, patient=patient, **self.valid(NoteDraftShape))
        return with_etag(Response(NoteShape(note).data, status=201), note.lock_version)


class NoteDetail(GateView):
    @extend_schema(parameters=[ETAG], responses=reads(NoteShape), examples=[examples.NOTES[0]])
    def get(self, request: Request, patient: UUID, note: UUID) -> Response:
        row = get_object_or_404(Note, pk=note, patient_id=patient)
        return with_etag(Response(NoteShape(row).data), row.lock_version)

    @extend_schema(request=NoteContentShape, parameters=[IF_MATCH, ETAG], responses=writes(NoteShape), examples=examples.NOTE_REPLACE)
    def put(self, request: Request, patient: UUID, note: UUID) -> Response:
        """Replaces the text of one's own draft."""
        version, asked = self.if_match(), self.valid(NoteContentShape)
        row = get_object_or_404(Note.objects.select_related("document_type", "corrects"), pk=note, patient_id=patient)
        row = notes.note_autosave(
            gate=self.gate, patient=patient, document_type=row.document_type, lock_version=version, note_id=row.id, corrects=row.corrects,
            reason=row.correction_reason, **asked,
        )  # fmt: skip
        return with_etag(Response(NoteShape(row).data), row.lock_version)


class NoteSign(GateView):
    @extend_schema(request=None, parameters=[IF_MATCH, ETAG], responses=writes(NoteShape), examples=examples.NOTE_SIGN)
    def post(self, request: Request, patient: UUID, note: UUID) -> Response:
        version = self.if_match()
        row = get_object_or_404(Note.objects.select_related("document_type", "corrects"), pk=note, patient_id=patient)
        if row.lock_version != version:
            raise Conflict(_("Notatet ble endret mens du skrev"), row)
        row = notes.note_sign(gate=self.gate, note=row)
        return with_etag(Response(NoteShape(row).data), row.lock_version)


class Observations(ListView):
    @extend_schema(parameters=[BEFORE, NEXT], responses=reads(ObservationShape(many=True)), examples=examples.OBSERVATIONS)
    def get(self, request: Request, patient: UUID) -> Response:
        return self.listed(ObservationShape, patient)

    @extend_schema(request=ObservationEntryShape, responses=writes(ObservationShape, 201), examples=examples.OBSERVATION_RECORD)
    def post(self, request: Request, patient: UUID) -> Response:
        asked = self.valid(ObservationEntryShape)
        taken_at, confirmed = asked.pop("taken_at"), asked.pop("confirmed")
        row = vitals.vitals_record(gate=self.gate, patient=patient, measured=Measured(**asked), taken_at=taken_at, confirmed=confirmed)
        return Response(ObservationShape(row).data, status=201)


class Tasks(ListView):
    @extend_schema(parameters=[BEFORE, NEXT], responses=reads(TaskShape(many=True)), examples=examples.TASKS)
    def get(self, request: Request, patient: UUID) -> Response:
        return self.listed(TaskShape, patient)

    @extend_schema(request=TaskCreateShape, parameters=[ETAG], responses=writes(TaskShape, 201), examples=examples.TASK_CREATE)
    def post(self, request: Request, patient: UUID) -> Response:
        asked = self.valid(TaskCreateShape)
        for field, model in (("for_unit_id", OrgUnit), ("for_user_id", User)):
            if asked[field] and not model.objects.filter(pk=asked[field]).exists():
                raise JournalError("unknown_receiver", _("Mottakeren finnes ikke."), {field: _("Finnes ikke.")})
        task = tasks.task_create(
            gate=self.gate, patient=patient, title=asked["title"], due_at=asked["due_at"], for_unit=asked["for_unit_id"],
            for_user=asked["for_user_id"],
        )  # fmt: skip
        return with_etag(Response(TaskShape(task).data, status=201), task.lock_version)


class TaskDone(GateView):
    @extend_schema(request=TaskDoneShape, parameters=[IF_MATCH, ETAG], responses=writes(TaskShape), examples=examples.TASK_DONE)
    def post(self, request: Request, patient: UUID, task: UUID) -> Response:
        version, asked = self.if_match(), self.valid(TaskDoneShape)
        row = get_object_or_404(Task, pk=task, patient_id=patient)
        row = tasks.task_done(gate=self.gate, task=row, lock_version=version, outcome=asked["outcome"])
        return with_etag(Response(TaskShape(row).data), row.lock_version)
