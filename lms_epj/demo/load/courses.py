"""A course as rows of the record, and the decided measures that opened it to those who charted."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Model

from access.domain.codes import Category
from access.models import DecidedMeasure, DocumentType, MeasureTemplate, Patient, ServiceType
from journal.domain import news2
from journal.models import (
    Attachment,
    Bed,
    ChecklistRun,
    CriticalInfo,
    CriticalInfoStatus,
    Diagnosis,
    DischargeCheck,
    DoseControl,
    Isolation,
    MedDose,
    Medication,
    MedOrder,
    MedReconciliation,
    NextOfKin,
    Note,
    NoteVersion,
    Observation,
    OxygenScale,
    Placement,
    PlanAction,
    PlanEvaluation,
    PlanProblem,
    ServiceDecision,
    Stay,
    StayDecision,
    Task,
    Visit,
    VitalSet,
    Wound,
    WoundAssessment,
)
from lms_epj.core.clock import end_of_day, start_of_day
from lms_epj.core.ids import uuid7
from lms_epj.demo import shapes
from lms_epj.demo.load import people
from lms_epj.demo.load.organisation import Organisation
from lms_epj.demo.load.plans import write_plan
from lms_epj.demo.load.routines import write_routines
from lms_epj.demo.load.treatment import Treatment
from lms_epj.demo.load.ward import ROOMS, write_ward
from lms_epj.demo.load.wounds import write_wound
from lms_epj.demo.places import LMS

ORDER: tuple[type[Model], ...] = (
    Patient, people.PatientIdentity, Stay, DecidedMeasure, CriticalInfo, CriticalInfoStatus, Diagnosis, Medication, NextOfKin,
    MedReconciliation, MedOrder, DoseControl, MedDose, OxygenScale, VitalSet, Observation, Note, NoteVersion, ServiceDecision, Visit, PlanProblem, PlanAction,
    PlanEvaluation, ChecklistRun, Task, Wound, WoundAssessment, Attachment, Isolation, Placement, StayDecision, DischargeCheck,
)  # fmt: skip


def ms(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)


class CourseLoader:
    """Collects rows per table and writes them in an order that foreign keys allow."""

    def __init__(self, org: Organisation, now: datetime) -> None:
        self.org, self.now = org, now
        self.rows: dict[type[Model], list[Any]] = defaultdict(list)
        self.categories = dict(DocumentType.objects.using(org.using).values_list("code", "category_id"))
        self.templates = {t.code: t for t in MeasureTemplate.objects.using(org.using)}
        self.services = {s.code: s.template_id for s in ServiceType.objects.using(org.using)}
        self.beds = {
            number: org.add(Bed, unit=org.units[LMS], number=number, room=ROOMS[number], status="cleaning" if number == 5 else "ready",
                            ready_at=now + timedelta(minutes=30) if number == 5 else None)
            for number in range(1, 11)
        }  # fmt: skip

    def add(self, course: shapes.Course) -> UUID:
        """One course; returns the patient's id."""
        person = course.person
        first = min((n.event_at for n in course.notes), default=self.now)
        row = people.patient(person, first)
        self.rows[Patient].append(row)
        self.rows[people.PatientIdentity] += people.identities(person, row)
        self.patient, self.stays = row.id, {stay.key: uuid7(ms(stay.expected_at)) for stay in course.stays}
        self.home = course.services[0].executing_unit if course.services else LMS
        self.author = course.notes[0].author if course.notes else next(iter(self.org.users))
        self.age = person.age(self.now.date())
        for stay in course.stays:
            self._stay(stay)
        self._summary(course, first)
        for stay in course.stays:
            if stay.status in Stay.PRESENT:
                listed = self.rows[Medication]
                Treatment(self, course, stay, listed[len(listed) - len(course.medications) :]).write()
                write_plan(self, stay, stay.responsible_nurse)
                write_routines(self, stay, stay.responsible_nurse)
                write_wound(self, course, stay)
            write_ward(self, stay)
        for scale in course.oxygen_scales:
            self._scale(scale)
        for vitals in course.vitals:
            self._vitals(vitals, bool(course.oxygen_scales))
        planned = [row.id for row in self.rows[PlanProblem] if row.patient_id == self.patient]
        for number, note in enumerate(course.notes):
            self._note(note, planned[number % len(planned)] if planned and note.stay and number % 3 == 0 else None)
        for service in course.services:
            self._service(service)
        for visit in course.visits:
            self._visit(visit)
        for task in course.tasks:
            self._task(task)
        return row.id

    def entry(
        self, category: int, at: datetime, author: str, unit: str, *, recorded: datetime | None = None, stay: str | None = None
    ) -> dict[str, Any]:
        """The columns that every row of the record has."""
        return {
            "id": uuid7(ms(at)), "patient_id": self.patient, "category_id": int(category), "unit_id": self.org.units[unit].id,
            "legal_entity_id": self.org.entity_of(unit), "author_id": self.org.users[author].id, "event_at": at,
            "recorded_at": recorded or at, "stay_id": self.stays.get(stay) if stay else None,
        }  # fmt: skip

    def _measure(self, template: str, unit: str, starts: datetime, ends: datetime | None, source: str, source_id: UUID, **more: Any) -> None:
        self.rows[DecidedMeasure].append(
            DecidedMeasure(
                patient_id=self.patient, template=self.templates[template], unit_id=self.org.units[unit].id, starts_at=starts,
                ends_at=max(ends, starts) if ends else None, decided_at=starts, source_kind=source, source_id=source_id, **more,
            )
        )  # fmt: skip

    def _stay(self, stay: shapes.Stay) -> None:
        ward, users = self.org.units[LMS], self.org.users
        values = self.entry(Category.LOGISTICS, stay.admitted_at or self.now, stay.responsible_nurse, LMS)
        values["id"] = self.stays[stay.key]
        del values["stay_id"]
        row = Stay(
            **values, ward=ward, status=stay.status, cause=stay.cause, referrer=stay.referrer, bed=self.beds.get(stay.bed or 0),
            responsible_nurse=users[stay.responsible_nurse], responsible_doctor=users[stay.responsible_doctor],
            expected_at=stay.expected_at, admitted_at=stay.admitted_at, discharge_ready_at=stay.discharge_ready_at,
            planned_discharge_at=stay.planned_discharge_at, discharged_at=stay.discharged_at, destination=stay.destination,
        )  # fmt: skip
        self.rows[Stay].append(row)
        if stay.status == "expected":
            self._measure("NOTIFIED", LMS, self.now - timedelta(hours=1), self.now + timedelta(hours=23), "stay", row.id)
        elif stay.admitted_at:
            self._measure("ADMITTED", LMS, stay.admitted_at, stay.discharged_at, "stay", row.id)

    def _summary(self, course: shapes.Course, at: datetime) -> None:
        def entry(category: int) -> dict[str, Any]:
            return self.entry(category, at, self.author, self.home)

        for one in course.critical:
            self.rows[CriticalInfo].append(
                CriticalInfo(**entry(Category.CRITICAL), kind=one.kind, substance=one.substance, reaction=one.reaction, year=one.year,
                             certainty=one.certainty)
            )  # fmt: skip
        if course.critical_status == "none_known":
            self.rows[CriticalInfoStatus].append(CriticalInfoStatus(**entry(Category.CRITICAL), none_known=True))
        for number, d in enumerate(course.diagnoses):
            self.rows[Diagnosis].append(
                Diagnosis(**entry(Category.DIAGNOSIS), icpc2=d.icpc2, icd10=d.icd10, text=d.text, active=d.active, main=number == 0)
            )
        for m in course.medications:
            self.rows[Medication].append(
                Medication(
                    **entry(Category.MEDICATION), generic=m.generic, atc=m.atc, form=m.form, strength=m.strength, dose=m.dose,
                    route=m.route, frequency=m.frequency, as_needed=m.as_needed, indication=m.indication, source=m.source,
                    warning=m.high_alert, started_on=m.started, stopped_at=start_of_day(m.stopped) if m.stopped else None,
                )
            )  # fmt: skip
        for kin in course.next_of_kin:
            self.rows[NextOfKin].append(
                NextOfKin(**entry(Category.ADMIN), name=kin.name, relation=kin.relation, phone=kin.phone, nearest=kin.nearest)
            )

    def _scale(self, scale: shapes.OxygenScale) -> None:
        self.rows[OxygenScale].append(
            OxygenScale(**self.entry(Category.VITALS, scale.event_at, scale.prescriber, LMS), scale=scale.scale, reason=scale.reason)
        )

    def _vitals(self, v: shapes.VitalSet, prescribed: bool) -> None:
        result = news2.score(
            news2.Vitals(v.respiration, v.spo2, v.oxygen, v.systolic, v.pulse, news2.Consciousness(v.consciousness), v.temperature),
            scale2_prescribed=v.spo2_scale == 2 and prescribed, age=self.age,
        )  # fmt: skip
        due = news2.next_due(result)
        self.rows[VitalSet].append(
            VitalSet(
                **self.entry(Category.VITALS, v.taken_at, v.author, LMS if v.stay else self.home, stay=v.stay),
                respiration=v.respiration, spo2=v.spo2, spo2_scale=int(result.scale), on_oxygen=v.oxygen, oxygen_flow=v.oxygen_flow,
                systolic=v.systolic, diastolic=v.diastolic, pulse=v.pulse, consciousness=v.consciousness, temperature=v.temperature,
                news2_total=result.total, news2_points=dict(result.points), news2_level=result.level or "",
                rule_version=result.rule_version, next_due_at=v.taken_at + due if due else None,
            )
        )  # fmt: skip

    def _note(self, n: shapes.Note, problem: UUID | None) -> None:
        values = self.entry(self.categories[n.document_type], n.event_at, n.author, n.unit, recorded=n.recorded_at, stay=n.stay)
        values["document_type_id"] = n.document_type
        text = {"title": n.title, "content": n.content, "state": n.state}
        signed = {"signed_by_id": values["author_id"], "signed_at": n.recorded_at} if n.state == "SIGNED" else {}
        note = Note(**values, **text, **signed, mark=self.org.marks[n.author], version=1, confirmed_at=n.recorded_at, problem_id=problem)
        self.rows[Note].append(note)
        self.rows[NoteVersion].append(NoteVersion(**{**values, "id": uuid7(ms(n.recorded_at))}, **text, note_id=note.id, origin_id=note.id, number=1))

    def _service(self, s: shapes.Service) -> None:
        author = s.decided_by or self.author
        office = s.executing_unit.split(".")[0] + ".office"
        ends = end_of_day(s.ends) if s.ends else None
        row = ServiceDecision(
            **self.entry(Category.CASEWORK, s.decided_at, author, office), service_type_id=s.service_code, text=s.text,
            executing_unit=self.org.units[s.executing_unit], starts_at=start_of_day(s.starts), ends_at=ends,
        )  # fmt: skip
        self.rows[ServiceDecision].append(row)
        more = {"service_code": s.service_code}
        self._measure_of_service(row, s, ends, more)
        self._measure("SERVICE_CASEWORK", office, s.decided_at, ends, "service", row.id, **more)

    def _measure_of_service(self, row: ServiceDecision, s: shapes.Service, ends: datetime | None, more: dict[str, Any]) -> None:
        code = next(code for code, t in self.templates.items() if t.id == self.services[s.service_code])
        self._measure(code, s.executing_unit, row.starts_at, ends, "service", row.id, **more)

    def _visit(self, v: shapes.Visit) -> None:
        author = v.done_by or self.author
        done = v.status == "done"
        self.rows[Visit].append(
            Visit(
                **self.entry(Category.LOGISTICS, v.planned_at, author, v.unit), visiting_unit=self.org.units[v.unit],
                planned_at=v.planned_at, minutes=v.duration, chores=[{"text": text, "done": done} for text in v.tasks], status=v.status,
                done_at=v.planned_at + timedelta(minutes=v.duration) if done else None,
                done_by=self.org.users[v.done_by] if done and v.done_by else None,
                assigned_to=self.org.users[v.assigned_to] if v.assigned_to else None,
            )
        )  # fmt: skip

    def _task(self, t: shapes.Task) -> None:
        author = t.done_by or self.author
        self.rows[Task].append(
            Task(
                **self.entry(Category.TASKS, min(t.due_at, self.now), author, t.target_unit, stay=t.stay), title=t.title, due_at=t.due_at,
                kind=t.kind, for_unit=self.org.units[t.target_unit], done_at=t.done_at,
                done_by=self.org.users[t.done_by] if t.done_by else None,
            )
        )  # fmt: skip

    def write(self) -> None:
        for model in ORDER:
            model._default_manager.using(self.org.using).bulk_create(self.rows.pop(model, []), batch_size=2000)
