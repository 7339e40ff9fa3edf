"""What stands around the notes, on paper: critical information, diagnoses, next of kin, stays, services, the plan, tasks, and what is new."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from access.models import User
from journal.domain.paper import Block, entry, facts, heading, strong, struck, table, text
from journal.models import (
    ChecklistRun,
    CriticalInfo,
    CriticalInfoStatus,
    Diagnosis,
    NextOfKin,
    PlanAction,
    PlanEvaluation,
    PlanProblem,
    ServiceDecision,
    Stay,
    StayDecision,
    Task,
    Visit,
)
from journal.selectors.paper.asked import Asked, at, by, in_chunks, joined, name_of, near, printable
from journal.selectors.plan import in_words
from journal.selectors.shift_report import News
from journal.selectors.shift_report import name_of as listed_name
from lms_epj.core.formatting import format_date, format_identity_number

STATED = (("Hva", 3), ("Utdypet", 4), ("Ført", 3))


def critical_blocks(patient: UUID) -> Iterator[Block]:
    """Never nothing: that nothing is known, and that nobody has asked, are two things."""
    rows = list(printable(CriticalInfo.objects.filter(patient=patient)).select_related("author", "unit").order_by("kind", "-event_at"))
    if rows:
        yield table("critical", STATED, [_critical(row) for row in rows])
        return
    said = printable(CriticalInfoStatus.objects.filter(patient=patient)).select_related("author").order_by("-event_at").first()
    if said and said.none_known:
        yield text(f"Ingen kjente. Spurt {at(said.event_at)} av {name_of(said.author)}.")
    else:
        yield text("Ikke registrert. Det er ikke det samme som at pasienten ikke har noe.")


def _critical(row: CriticalInfo) -> list[Any]:
    what = f"{row.get_kind_display()}: {row.substance}"
    more = joined((row.reaction, str(row.year or ""), row.certainty))
    if row.ended_at:
        return [struck(what), joined((more, f"Gjelder ikke lenger fra {at(row.ended_at)}"), "\n"), f"{by(row.author, row.unit)}\n{at(row.event_at)}"]
    return [strong(what), more, f"{by(row.author, row.unit)}\n{at(row.event_at)}"]


def diagnosis_blocks(patient: UUID) -> Iterator[Block]:
    rows = printable(Diagnosis.objects.filter(patient=patient)).select_related("author", "unit").order_by("-active", "-main", "-event_at")
    lines = [
        [strong(row.text) if row.active else row.text, joined((f"ICPC-2 {row.icpc2}" if row.icpc2 else "", f"ICD-10 {row.icd10}" if row.icd10 else "",
                                                             "hoveddiagnose" if row.main else "", "" if row.active else "ikke lenger aktiv")),
         f"{by(row.author, row.unit)}\n{at(row.event_at)}"]
        for row in rows
    ]  # fmt: skip
    if lines:
        yield table("diagnoses", STATED, lines)


def kin_blocks(patient: UUID) -> Iterator[Block]:
    rows = printable(NextOfKin.objects.filter(patient=patient)).select_related("author", "unit").order_by("ended_at", "-nearest", "name")
    lines = [[struck(row.name) if row.ended_at else row.name, joined((row.relation, "nærmeste pårørende" if row.nearest else "", row.phone)),
              joined((f"Ikke lenger fra {at(row.ended_at)}" if row.ended_at else "", f"{by(row.author, row.unit)}\n{at(row.event_at)}"), "\n")] for row in rows]  # fmt: skip
    if lines:
        yield table("kin", STATED, lines)


def stay_blocks(patient: UUID, asked: Asked) -> Iterator[Block]:
    decided: dict[UUID, list[StayDecision]] = defaultdict(list)
    for one in printable(StayDecision.objects.filter(patient=patient)).select_related("author").order_by("event_at", "pk"):
        decided[one.stay_id].append(one)
    rows = printable(asked.within(Stay.objects.filter(patient=patient))).select_related("ward", "bed", "responsible_nurse", "responsible_doctor")
    for stay in rows.order_by("event_at", "pk"):
        yield heading(f"{stay.ward.name}, {stay.get_status_display().lower()}", 3)
        yield facts([
            ("Årsak", stay.cause), ("Henvist fra", stay.referrer), ("Innlagt", at(stay.admitted_at)), ("Utskrevet", at(stay.discharged_at)), ("Til", stay.destination),
            ("Lege", name_of(stay.responsible_doctor)), ("Sykepleier", name_of(stay.responsible_nurse)),
            *((one.get_outcome_display(), f"{one.reason}\n{name_of(one.author)}, {at(one.event_at)}") for one in decided[stay.pk]),
        ], entries=1)  # fmt: skip


def service_blocks(patient: UUID, asked: Asked) -> Iterator[Block]:
    rows = (
        printable(ServiceDecision.objects.filter(patient=patient))
        .select_related("service_type", "executing_unit", "author", "unit")
        .order_by("starts_at")
    )
    lines = [[strong(row.service_type.name), joined((row.text, f"Utføres av {row.executing_unit.name}"), "\n"),
              joined((f"fra {format_date(row.starts_at)}" + (f" til {format_date(row.ends_at)}" if row.ends_at else ""), by(row.author, row.unit)), "\n")]
             for row in rows]  # fmt: skip
    if lines:
        yield table("services", (("Tjeneste", 3), ("Vedtak", 4), ("Tid og hvem", 3)), lines)


def visit_blocks(patient: UUID, asked: Asked) -> Iterator[Block]:
    rows = (
        printable(asked.within(Visit.objects.filter(patient=patient), "planned_at"))
        .select_related("visiting_unit", "done_by")
        .order_by("planned_at", "pk")
    )
    for chunk in in_chunks(rows):
        yield table("visits", (("Planlagt", 2), ("Hva", 4), ("Status", 2.4), ("Merknad", 3)), [
            [near(row.planned_at), joined(("" if one.get("done") or row.status == "planned" else "ikke gjort: ") + one["text"] for one in row.chores),
             joined((row.get_status_display(), f"{name_of(row.done_by)} {near(row.done_at)}" if row.done_at else ""), "\n"), row.remark]
            for row in chunk
        ])  # fmt: skip


def task_blocks(patient: UUID, asked: Asked) -> Iterator[Block]:
    rows = (
        printable(asked.within(Task.objects.filter(patient=patient), "due_at"))
        .select_related("for_unit", "for_user", "done_by")
        .order_by("due_at", "pk")
    )
    for chunk in in_chunks(rows):
        yield table("tasks", (("Frist", 2), ("Oppgave", 4), ("Til", 2.4), ("Hva som ble gjort", 3.6)), [_task(row) for row in chunk])


def _task(row: Task) -> list[Any]:
    to = name_of(row.for_user) or (row.for_unit.name if row.for_unit else "")
    if row.cancelled_at:
        return [near(row.due_at), struck(row.title), to, f"Bortfalt {near(row.cancelled_at)}"]
    done = joined((row.outcome, f"{name_of(row.done_by)} {near(row.done_at)}"), "\n") if row.done_at else "Ikke gjort"
    return [near(row.due_at), row.title, to, done]


def plan_blocks(patient: UUID, asked: Asked) -> Iterator[Block]:
    """Problem by problem: goal, actions, how it goes. What is ended comes last."""
    actions: dict[UUID, list[PlanAction]] = defaultdict(list)
    for action in printable(PlanAction.objects.filter(patient=patient)).select_related("for_unit", "author").order_by("event_at", "pk"):
        actions[action.origin_id].append(action)
    told: dict[UUID, list[PlanEvaluation]] = defaultdict(list)
    for one in printable(PlanEvaluation.objects.filter(patient=patient)).select_related("author", "unit").order_by("-event_at", "-pk"):
        told[one.origin_id].append(one)
    problems = [
        row
        for row in printable(PlanProblem.objects.filter(patient=patient)).select_related("author", "unit").order_by("event_at", "pk")
        if asked.wants(row.category_id)
    ]
    for title, chosen in (("Pågår", [row for row in problems if not row.ended_at]), ("Avsluttet", [row for row in problems if row.ended_at])):
        if chosen:
            yield text(title) if asked.what == "record" else heading(title)
        for row in chosen:
            yield _problem(row, actions[row.pk], told[row.pk])


def _problem(row: PlanProblem, actions: Iterable[PlanAction], told: Iterable[PlanEvaluation]) -> Block:
    about = [f"Satt opp {at(row.event_at)} av {by(row.author, row.unit)}"]
    if row.ended_at:
        about.append(f"Avsluttet {at(row.ended_at)}: {row.get_outcome_display().lower()}")
    goal = row.goal + (f" Nås innen {format_date(row.goal_by)}." if row.goal_by else "")
    done = [("Tiltak", joined((action.text, f"{action.for_unit.name}. {in_words(action)}", f"til og med {format_date(action.ends_on)}" if action.ends_on else "",
                               f"avsluttet {at(action.ended_at)}: {action.end_reason}" if action.ended_at else ""), " – ")) for action in actions]  # fmt: skip
    goes = [(one.get_kind_display(), joined((one.text, f"({by(one.author, one.unit)}, {at(one.event_at)})"), " ")) for one in told]
    return entry(row.problem, about, [("Mål", goal), *done, *goes])


def checklist_blocks(patient: UUID, asked: Asked) -> Iterator[Block]:
    """Point by point, with who answered it and when; a list that was struck says so."""
    rows = printable(asked.within(ChecklistRun.objects.filter(patient=patient))).select_related("author", "unit", "finished_by", "struck_by")
    for run in rows.order_by("event_at", "pk"):
        names = {str(one.pk): name_of(one) for one in User.objects.filter(pk__in={point["by"] for point in run.points if point.get("by")})}
        about = [
            f"Begynt {at(run.event_at)} av {by(run.author, run.unit)}",
            f"Ferdig {at(run.finished_at)}, {name_of(run.finished_by)}" if run.finished_at else "Ikke ferdig",
        ]
        told = [f"Feilført: {run.struck_reason}. {name_of(run.struck_by)} {at(run.struck_at)}"] if run.struck_at else []
        yield entry(run.title, about, [_point(point, names) for point in run.points], remarks=told)


def _point(point: dict[str, Any], names: dict[str, str]) -> tuple[str, str]:
    state = str(dict(ChecklistRun.State.choices).get(point.get("state"), "Ikke besvart"))
    when = near(datetime.fromisoformat(point["at"])) if point.get("at") else ""
    return point["text"], joined((state, point.get("note", ""), joined((names.get(point.get("by", ""), ""), when), " ")))


def report_blocks(found: Iterable[News], *, named: bool) -> Iterator[Block]:
    """What is new of each patient, as the page of the shift report says it. ``named``: of several, each under bed, name and number."""
    for one in found:
        if named:
            bed = f"{one.stay.bed.number}  " if one.stay and one.stay.bed else ""
            yield heading(f"{bed}{listed_name(one.patient)}, {format_identity_number(one.patient.number) if one.patient.number else 'uten nummer'}")
        lines = _news(one)
        if lines:
            yield facts(lines, entries=1)
        for note in one.notes:
            state = joined(("rettet" if note["corrected"] else "", "ikke signert" if note["unsigned"] else ""))
            yield entry(note["title"], [joined((near(note["at"]), note["author"], state), " · ")], [("", note["text"])])
        if one.more_notes:
            yield text(f"{one.more_notes} notat til" if one.more_notes == 1 else f"{one.more_notes} notater til")


def _news(one: News) -> list[tuple[str, str]]:
    return [
        ("Opphold", joined(one.course, " · ")), ("NEWS2", _vitals(one.vitals) if one.vitals else ""), ("Legemidler", joined(one.medicines, "\n")),
        ("Doser", joined(one.doses, "\n")), ("Forfalt", joined(one.tasks_late, "\n")), ("Gjort", joined(one.tasks_done, "\n")),
    ]  # fmt: skip


def _vitals(found: dict[str, Any]) -> str:
    first = f"{found['first']} → " if found["first"] is not None else ""
    highest = f", høyest {found['highest']} {near(found['highest_at'])}" if found["highest"] > found["last"] else ""
    counted = "én måling" if found["count"] == 1 else f"{found['count']} målinger"
    return f"{first}{found['last']} {near(found['last_at'])}{highest}, {counted}"
