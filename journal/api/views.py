"""API views: HTTP only. Row security has already taken away what the caller may not see, so an unseen id is a 404."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.fields import DateTimeField
from rest_framework.request import Request
from rest_framework.response import Response

from access import gate as gate_module
from access.models import OrgUnit, Patient, User
from journal.api.base import GateView, Problem, with_etag
from journal.api.shapes import (
    ActShape,
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
from journal.models import Bed, Note, Stay, Task, VitalSet
from journal.services import notes, stays, tasks, vitals
from journal.services.errors import JournalError
from journal.services.vitals import Measured
from lms_epj.core.folding import fold

PAGE = 50
BEFORE = OpenApiParameter("before", OpenApiTypes.DATETIME, description="Only what happened before this time; newest first, 50 at a time.")
IF_MATCH = OpenApiParameter("If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True, description="The ETag that was read.")
REFUSED = {404: Problem, 409: Problem, 422: Problem, 428: Problem}


class ListView(GateView):
    def page_of(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Newest first, by keyset: page twenty costs what page one costs."""
        if before := self.request.query_params.get("before"):
            rows = rows.filter(event_at__lt=DateTimeField().run_validation(before))
        return rows.order_by("-event_at", "-id")[:PAGE]


class PatientSearch(GateView):
    @extend_schema(request=SearchShape, responses={200: PatientShape(many=True), 422: Problem})
    def post(self, request: Request) -> Response:
        asked = self.valid(SearchShape)
        terms = fold(asked["name"]).split()
        if len("".join(terms)) < 3 and asked["born"] is None:
            raise JournalError("too_short", _("Skriv minst tre bokstaver av navnet, eller fødselsdato."))
        found = self.gate.disclose(gate_module.call("search_patients", terms, asked["born"]) or [])
        rows = {row.id: row for row in Patient.objects.filter(id__in=found).prefetch_related("identities")}
        return Response(PatientShape([rows[one] for one in found if one in rows], many=True).data)


class PatientDetail(GateView):
    @extend_schema(responses={200: PatientShape, 404: Problem})
    def get(self, request: Request, patient: UUID) -> Response:
        return Response(PatientShape(get_object_or_404(Patient.objects.prefetch_related("identities"), pk=patient)).data)


class Stays(ListView):
    @extend_schema(parameters=[BEFORE], responses={200: StayShape(many=True), 404: Problem})
    def get(self, request: Request, patient: UUID) -> Response:
        return Response(StayShape(self.page_of(Stay.objects.filter(patient_id=patient)), many=True).data)

    @extend_schema(request=StayExpectShape, responses={201: StayShape, **REFUSED})
    def post(self, request: Request, patient: UUID) -> Response:
        stay = stays.stay_expect(gate=self.gate, patient=patient, **self.valid(StayExpectShape))
        return with_etag(Response(StayShape(stay).data, status=201), stay.lock_version)


class StayAdmit(GateView):
    @extend_schema(request=StayAdmitShape, parameters=[IF_MATCH], responses={200: StayShape, **REFUSED})
    def post(self, request: Request, patient: UUID, stay: UUID) -> Response:
        version, asked = self.if_match(), self.valid(StayAdmitShape)
        row = get_object_or_404(Stay, pk=stay, patient_id=patient)
        bed = get_object_or_404(Bed, pk=asked["bed_id"])
        row = stays.stay_admit(gate=self.gate, stay=row, lock_version=version, bed=bed, admitted_at=asked["admitted_at"])
        return with_etag(Response(StayShape(row).data), row.lock_version)


class Notes(ListView):
    @extend_schema(parameters=[BEFORE], responses={200: NoteShape(many=True), 404: Problem})
    def get(self, request: Request, patient: UUID) -> Response:
        return Response(NoteShape(self.page_of(Note.objects.filter(patient_id=patient)), many=True).data)

    @extend_schema(request=NoteDraftShape, responses={201: NoteShape, **REFUSED})
    def post(self, request: Request, patient: UUID) -> Response:
        note = notes.note_autosave(gate=self.gate, patient=patient, **self.valid(NoteDraftShape))
        return with_etag(Response(NoteShape(note).data, status=201), note.lock_version)


class NoteDetail(GateView):
    @extend_schema(responses={200: NoteShape, 404: Problem})
    def get(self, request: Request, patient: UUID, note: UUID) -> Response:
        row = get_object_or_404(Note, pk=note, patient_id=patient)
        return with_etag(Response(NoteShape(row).data), row.lock_version)

    @extend_schema(request=NoteContentShape, parameters=[IF_MATCH], responses={200: NoteShape, **REFUSED})
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
    @extend_schema(request=ActShape, parameters=[IF_MATCH], responses={200: NoteShape, **REFUSED})
    def post(self, request: Request, patient: UUID, note: UUID) -> Response:
        version = self.if_match()
        row = get_object_or_404(Note.objects.select_related("document_type", "corrects"), pk=note, patient_id=patient)
        if row.lock_version != version:
            raise notes.Conflict(_("Notatet ble endret mens du skrev"), row)
        row = notes.note_sign(gate=self.gate, note=row)
        return with_etag(Response(NoteShape(row).data), row.lock_version)


class Observations(ListView):
    @extend_schema(parameters=[BEFORE], responses={200: ObservationShape(many=True), 404: Problem})
    def get(self, request: Request, patient: UUID) -> Response:
        return Response(ObservationShape(self.page_of(VitalSet.objects.filter(patient_id=patient)), many=True).data)

    @extend_schema(request=ObservationEntryShape, responses={201: ObservationShape, **REFUSED})
    def post(self, request: Request, patient: UUID) -> Response:
        asked = self.valid(ObservationEntryShape)
        taken_at, confirmed = asked.pop("taken_at"), asked.pop("confirmed")
        row = vitals.vitals_record(gate=self.gate, patient=patient, measured=Measured(**asked), taken_at=taken_at, confirmed=confirmed)
        return Response(ObservationShape(row).data, status=201)


class Tasks(ListView):
    @extend_schema(parameters=[BEFORE], responses={200: TaskShape(many=True), 404: Problem})
    def get(self, request: Request, patient: UUID) -> Response:
        return Response(TaskShape(self.page_of(Task.objects.filter(patient_id=patient)), many=True).data)

    @extend_schema(request=TaskCreateShape, responses={201: TaskShape, **REFUSED})
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
    @extend_schema(request=TaskDoneShape, parameters=[IF_MATCH], responses={200: TaskShape, **REFUSED})
    def post(self, request: Request, patient: UUID, task: UUID) -> Response:
        version, asked = self.if_match(), self.valid(TaskDoneShape)
        row = get_object_or_404(Task, pk=task, patient_id=patient)
        row = tasks.task_done(gate=self.gate, task=row, lock_version=version, outcome=asked["outcome"])
        return with_etag(Response(TaskShape(row).data), row.lock_version)
