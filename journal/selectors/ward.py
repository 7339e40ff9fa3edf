"""What a ward has: who is on it, who is coming, its beds and the people who work there."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import DateTimeField, F, OuterRef, Q, QuerySet, UUIDField

from access.gate import Gate, call
from access.models import User
from journal.domain.signing import State
from journal.models import Bed, CriticalInfo, DischargeCheck, Isolation, Note, Stay, StayDecision, Task, VitalSet
from journal.selectors.along import along, row_of
from journal.selectors.frame import patients_among
from journal.services.leaving import newest_checks
from lms_epj.core.clock import oslo_date
from lms_epj.core.prepared import Among, Prepared, Slot

TEMPLATES = ["ADMITTED", "NOTIFIED"]
HISTORY = 10
DISCHARGE_NOTES = ("doctor_discharge", "nurse_discharge")
CAVE = (CriticalInfo.Kind.ALLERGY, CriticalInfo.Kind.INTOLERANCE)

# The newest sets of each patient by the index; a window function would read every set that was ever taken. Of each what a list shows.
NEWEST_VITALS = """
SELECT v.id, v.patient_id, v.category, v.event_at, v.recorded_at, v.news2_total, v.news2_level, v.news2_points, v.rule_version, v.next_due_at,
    v.on_oxygen, v.oxygen_flow, v.pulse, v.systolic, v.diastolic FROM unnest(%s::uuid[]) AS wanted(id)
CROSS JOIN LATERAL (
    SELECT * FROM journal_vitalset x WHERE x.patient_id = wanted.id AND x.struck_at IS NULL ORDER BY x.event_at DESC LIMIT %s) v
"""


@dataclass(frozen=True)
class BoardState:
    """Ids and a fingerprint: what is known of a board before any record on it is opened."""

    patients: list[UUID]
    blocked: set[UUID]
    taken: set[UUID]
    version: str
    beds: list[Bed] = field(default_factory=list)


@dataclass
class OnBoard:
    """One patient as the board knows them. ``vitals`` newest first."""

    patient: Any
    stay: Stay | None = None
    blocked: bool = False
    vitals: list[VitalSet] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    critical: list[CriticalInfo] = field(default_factory=list)
    unsigned: list[Note] = field(default_factory=list)
    written: set[str] = field(default_factory=set)
    isolation: Isolation | None = None
    decision: StayDecision | None = None
    checks: dict[str, DischargeCheck] = field(default_factory=dict)

    @property
    def present(self) -> bool:
        return self.stay is not None and self.stay.status in Stay.PRESENT


def board_state() -> BoardState:
    """Who stands on the acting ward's board, and the fingerprint of all that it shows. Opens nothing."""
    answer = call("board_state", TEMPLATES)
    state = json.loads(answer) if isinstance(answer, str) else answer
    return BoardState(
        [UUID(p) for p in state["patients"]], {UUID(p) for p in state["blocked"]}, {UUID(b) for b in state["taken"]}, state["version"], list(map(_bed, state["beds"])),
    )  # fmt: skip


def _bed(row: dict[str, Any]) -> Bed:
    """A bed as it came with the state; it holds no patient, so nothing is opened by it."""
    ready = datetime.fromisoformat(row["ready_at"]) if row["ready_at"] else None
    names = ("id", "unit_id", "number", "status", "ready_at", "room", "remark")
    return Bed.from_db("default", names, (UUID(row["id"]), UUID(row["unit_id"]), row["number"], row["status"], ready, row["room"], row["remark"]))


def board_patients(gate: Gate, state: BoardState) -> list[OnBoard]:
    """Everyone on the board, each disclosed and so logged, with what the board says of them. Eight queries whatever the number, nine when somebody leaves
    today."""
    ids = gate.disclose(state.patients)
    found = {p.pk: OnBoard(p, blocked=p.pk in state.blocked) for p in patients_among(ids)}
    for stay in _STAYS.rows(patients=ids, ward=gate.unit_id):
        found[stay.patient_id].stay, found[stay.patient_id].decision = stay, _decision(stay)
    for patient, sets in newest_vitals(ids).items():
        found[patient].vitals = sets
    for patient, tasks in open_tasks(gate, ids).items():
        found[patient].tasks = tasks
    for item in _WARNINGS.rows(patients=ids):
        found[item.patient_id].critical.append(item)
    for row in _ISOLATED.rows(patients=ids):
        found[row.patient_id].isolation = row
    for note in board_notes(gate, ids):
        _sort_note(gate, found[note.patient_id], note)
    _checks(gate, found)
    return list(found.values())


def _decision(stay: Any) -> StayDecision | None:
    """The newest decision, which came along with the stay."""
    row = row_of(StayDecision, stay.decided)
    if row is not None:
        row.author = User(id=row.author_id, given_name=stay.decided["given"], family_name=stay.decided["family"])
    return row


def leaves_today(gate: Gate, stay: Stay | None) -> bool:
    planned = stay.planned_discharge_at if stay else None
    return planned is not None and oslo_date(planned) <= oslo_date(gate.now)


def _checks(gate: Gate, found: dict[UUID, OnBoard]) -> None:
    """What persons have said is done for those who leave today."""
    leaving = [one.stay.pk for one in found.values() if one.stay and leaves_today(gate, one.stay)]
    checks: dict[UUID, list[DischargeCheck]] = defaultdict(list)
    for check in _CHECKS.rows(stays=leaving) if leaving else []:
        checks[check.patient_id].append(check)
    for patient, rows in checks.items():
        found[patient].checks = newest_checks(rows)


def newest_vitals(ids: Sequence[UUID], count: int = HISTORY) -> dict[UUID, list[VitalSet]]:
    """Up to ``count`` sets per patient, newest first, without those entered in error."""
    sets: dict[UUID, list[VitalSet]] = defaultdict(list)
    for row in VitalSet.objects.raw(NEWEST_VITALS, [list(ids), count]):
        sets[row.patient_id].append(row)
    return sets


def open_tasks(gate: Gate, ids: Iterable[UUID]) -> dict[UUID, list[Task]]:
    """What the acting unit, or the acting person, has left to do; soonest first."""
    tasks: dict[UUID, list[Task]] = defaultdict(list)
    for task in _TASKS.rows(patients=list(ids), unit=gate.unit_id, user=gate.user_id):
        tasks[task.patient_id].append(task)
    return tasks


def board_notes(gate: Gate, ids: Iterable[UUID]) -> Iterable[Note]:
    """One's own unsigned notes, and the discharge notes of these days; without their text."""
    return _NOTES.rows(patients=list(ids), author=gate.user_id, since=gate.now - timedelta(days=14))


def _notes() -> QuerySet[Note]:
    own = Q(author=Slot("author", UUIDField()), state__in=[State.DRAFT, State.CONFIRMED], corrects=None)
    leaving = Q(document_type__in=DISCHARGE_NOTES, state__in=[State.SIGNED, State.COSIGNED], event_at__gte=Slot("since", DateTimeField()))
    return Note.objects.filter(own | leaving, _ON_BOARD).select_related("document_type").defer("content").order_by("event_at")


_ON_BOARD = Among(F("patient_id"), Slot("patients", UUIDField()))
_DECIDED = StayDecision.objects.filter(stay=OuterRef("pk")).order_by("-event_at", "-id")
_STAYS = Prepared(
    lambda: (
        Stay.objects.filter(_ON_BOARD, ward=Slot("ward", UUIDField()), status__in=[Stay.Status.EXPECTED, *Stay.PRESENT])
        .select_related("bed", "responsible_nurse", "responsible_doctor")
        .annotate(decided=along(_DECIDED, "stay_id", "outcome", "author_id", given="author__given_name", family="author__family_name"))
    )
)
_TASKS = Prepared(
    lambda: Task.objects.filter(
        Q(for_unit=Slot("unit", UUIDField())) | Q(for_user=Slot("user", UUIDField())), _ON_BOARD, done_at=None, cancelled_at=None
    ).order_by("due_at", "id")
)
_WARNINGS = Prepared(
    lambda: CriticalInfo.objects.filter(_ON_BOARD, ended_at=None, kind__in=[*CAVE, CriticalInfo.Kind.INFECTION]).order_by("kind", "substance")
)
_NOTES = Prepared(_notes)
_ISOLATED = Prepared(lambda: Isolation.objects.filter(_ON_BOARD, ended_at=None).order_by("event_at"))
_CHECKS = Prepared(lambda: DischargeCheck.objects.filter(Among(F("stay_id"), Slot("stays", UUIDField()))).order_by("event_at", "id"))
_BEDS = Prepared(lambda: Bed.objects.filter(unit=Slot("unit", UUIDField())))


def _sort_note(gate: Gate, row: OnBoard, note: Note) -> None:
    if note.state in (State.SIGNED, State.COSIGNED):
        if row.stay and row.stay.admitted_at and note.event_at >= row.stay.admitted_at:
            row.written.add(str(note.document_type_id))
    else:
        row.unsigned.append(note)


def beds_of(gate: Gate) -> list[Bed]:
    return _BEDS.rows(unit=gate.unit_id)


def staff_of(unit: UUID, *roles: str) -> list[User]:
    """People who may act in the unit now in one of the roles, by name."""
    return list(User.objects.filter(pk__in=call("unit_staff", unit, list(roles))).order_by("family_name", "given_name"))
