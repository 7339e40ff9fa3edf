"""The care plan: problems with goals, actions that become tasks one by one, evaluations.

Each writes in the category of the own profession, so one plan holds what nurses, doctors and therapists do, and the access rule decides line by line.
"""

from collections.abc import Sequence
from datetime import date, time
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from access.domain.codes import Action, Category
from access.gate import Gate, call
from access.services.ways import check_decides
from journal.domain.schedule import MOST_PER_DAY, Schedule, Slot, next_slot
from journal.models import PlanAction, PlanEvaluation, PlanProblem, Task
from journal.services.checks import refuse, require_text
from journal.services.entries import change, entry_columns, stay_of_unit
from lms_epj.core.clock import end_of_day, oslo_date
from lms_epj.core.refusals import broken_constraint

CHARTED_AS = (Category.NURSING, Category.MEDICAL, Category.THERAPY, Category.CASEWORK, Category.MENTAL)


def plan_category(gate: Gate) -> Category | None:
    """What the acting person charts a plan as; None for one who charts none."""
    return next((one for one in CHARTED_AS if gate.may(Action.WRITE, one)), None)


def problem_add(*, gate: Gate, patient: UUID, problem: str, goal: str, goal_by: date | None = None) -> PlanProblem:
    row = PlanProblem(**_columns(gate, patient), **_worded(gate, problem, goal, goal_by))
    row.save(force_insert=True)
    return row


def problem_change(*, gate: Gate, problem: PlanProblem, lock_version: int, text: str, goal: str, goal_by: date | None = None) -> PlanProblem:
    """Other words, another goal or day. What stood before is kept beside it."""
    _require_open(problem)
    before = _("Før: %(problem)s – mål: %(goal)s") % {"problem": problem.problem, "goal": problem.goal}
    with transaction.atomic():
        change(problem, lock_version=lock_version, **_worded(gate, text, goal, goal_by))
        _tell(gate, problem, PlanEvaluation.Kind.CHANGED, before + (f" ({problem.goal_by:%d.%m.%Y})" if problem.goal_by else ""))
    return problem


def problem_end(*, gate: Gate, problem: PlanProblem, lock_version: int, outcome: str, text: str = "") -> PlanProblem:
    """Its actions stop with it, and their open tasks lapse."""
    _require_open(problem)
    if outcome not in PlanProblem.Outcome.values:
        raise refuse("missing", _("Velg hva som kom ut av det."), "outcome")
    with transaction.atomic():
        for action in PlanAction.objects.filter(patient=problem.patient_id, origin_id=problem.pk, ended_at=None):
            action_stop(gate=gate, action=action, lock_version=action.lock_version, reason="Problemet er avsluttet.")
        change(problem, lock_version=lock_version, ended_at=gate.now, ended_by_id=gate.user_id, outcome=outcome)
        _tell(gate, problem, PlanEvaluation.Kind.ENDED, text.strip())
    return problem


def problem_reopen(*, gate: Gate, problem: PlanProblem, lock_version: int) -> PlanProblem:
    """What was ended goes on. Its actions are set up anew by those who will do them."""
    if problem.ended_at is None:
        raise refuse("open", _("Problemet er ikke avsluttet."))
    with transaction.atomic():
        change(problem, lock_version=lock_version, ended_at=None, ended_by_id=None, outcome="")
        _tell(gate, problem, PlanEvaluation.Kind.REOPENED, "")
    return problem


def problem_evaluate(*, gate: Gate, problem: PlanProblem, kind: str, text: str) -> PlanEvaluation:
    _require_open(problem)
    if kind not in PlanEvaluation.ASSESSED:
        raise refuse("missing", _("Velg hvordan det går."), "kind")
    return _tell(gate, problem, kind, require_text(text, "text", _("Skriv hva du har sett eller gjort.")))


def action_add(
    *, gate: Gate, problem: PlanProblem, text: str, for_unit: UUID, times: Sequence[time] = (), every_days: int = 1, ends_on: date | None = None
) -> PlanAction:
    """``times``: when on the days it is done, on the clock in Norway; none: when it is needed, and then no task is made."""
    _require_open(problem)
    if not 1 <= every_days <= 366:
        raise refuse("every_days", _("Skriv hvor mange dager det er mellom hver gang, fra 1 til 366."), "every_days")
    if len(set(times)) > MOST_PER_DAY:
        raise refuse("times", _("Det er for mange tidspunkter for ett døgn."), "times")
    if ends_on is not None and ends_on < oslo_date(gate.now):
        raise refuse("ends_before", _("Siste dag har vært. Skriv en senere dag, eller la feltet stå tomt."), "ends_on")
    if for_unit != gate.unit_id and times:
        check_decides(gate, "TASK")
    action = PlanAction(
        **_columns(gate, problem.patient_id, origin=problem.pk), for_unit_id=for_unit, times=sorted(set(times)),
        text=require_text(text, "text", _("Skriv hva som skal gjøres.")), every_days=every_days, ends_on=ends_on,
    )  # fmt: skip
    try:
        with transaction.atomic():
            action.save(force_insert=True)
            task_follow(gate, action)
    except IntegrityError as error:
        if broken_constraint(error) != "planaction_of_an_open_problem":
            raise
        raise refuse("ended", _("Problemet er avsluttet. Gjenåpne det først.")) from None
    return action


def action_stop(*, gate: Gate, action: PlanAction, lock_version: int, reason: str) -> PlanAction:
    if action.ended_at:
        raise refuse("ended", _("Tiltaket er allerede avsluttet."))
    with transaction.atomic():
        change(action, lock_version=lock_version, ended_at=gate.now, ended_by_id=gate.user_id,
               end_reason=require_text(reason, "reason", _("Skriv hvorfor tiltaket avsluttes.")))  # fmt: skip
        _tasks_lapse(gate, Q(origin_id=action.pk), action.patient_id, _("Tiltaket er avsluttet."))
    return action


def ward_actions_end(*, gate: Gate, patient: UUID) -> None:
    """What the ward does by the plan ends when the patient leaves it; what others do at home goes on.

    An action that another profession charts stays in the plan for them to end, but asks for nothing more here.
    """
    for action in PlanAction.objects.filter(patient=patient, for_unit=gate.unit_id, ended_at=None):
        if gate.may(Action.WRITE, action.category_id):
            action_stop(gate=gate, action=action, lock_version=action.lock_version, reason="Utskrevet")
    _tasks_lapse(gate, Q(for_unit=gate.unit_id), patient, _("Utskrevet"))


def task_follow(gate: Gate, action: PlanAction) -> Task | None:
    """The action's task for its next time from now on; None where it has none. What was not done in time is not asked for again and again."""
    slot = next_time(action, gate)
    if slot is None or action.ended_at:
        return None
    stay = stay_of_unit(gate, action.patient_id)
    task = Task(
        **entry_columns(gate, action.patient_id, Category.TASKS, stay_id=stay, origin=action.pk), origin_id=action.pk, kind=Task.PLAN, title=action.text,
        due_at=slot.due_at, for_unit_id=action.for_unit_id,
    )  # fmt: skip
    task.save(force_insert=True)
    call("task_changed", task.id)
    return task


def task_closed(gate: Gate, task: Task) -> None:
    """The task of an action is closed: its next time becomes a task. Where the action cannot be read, or has ended, nothing follows."""
    if task.kind == Task.PLAN and (action := PlanAction.objects.filter(pk=task.origin_id, ended_at=None).first()):
        task_follow(gate, action)


def task_reopens(gate: Gate, task: Task) -> None:
    """«Done» is taken back: the task that followed gives way."""
    if task.kind == Task.PLAN:
        _tasks_lapse(gate, Q(origin_id=task.origin_id), task.patient_id, _("Den forrige ble åpnet igjen."))


def _tasks_lapse(gate: Gate, which: Q, patient: UUID, reason: str) -> None:
    for task in Task.objects.filter(which, patient=patient, kind=Task.PLAN, done_at=None, cancelled_at=None):
        change(task, lock_version=task.lock_version, cancelled_at=gate.now, outcome=reason)
        call("task_changed", task.id)


def next_time(action: PlanAction, gate: Gate) -> Slot | None:
    ends_at = end_of_day(action.ends_on) if action.ends_on else None
    return next_slot(Schedule(action.times, action.event_at, ends_at, action.every_days), gate.now) if action.times else None


def _columns(gate: Gate, patient: UUID, origin: UUID | None = None) -> dict[str, Any]:
    category = plan_category(gate)
    if category is None:
        raise refuse("not_here", _("Rollen du har nå, fører ikke tiltaksplan."))
    return entry_columns(gate, patient, category, stay_id=stay_of_unit(gate, patient), origin=origin) | {"origin_id": origin}


def _worded(gate: Gate, problem: str, goal: str, goal_by: date | None) -> dict[str, Any]:
    if goal_by is not None and goal_by < oslo_date(gate.now):
        raise refuse("goal_by", _("Dagen har vært. Skriv en senere dag, eller la feltet stå tomt."), "goal_by")
    return {
        "problem": require_text(problem, "problem", _("Skriv hva problemet eller behovet er.")),
        "goal": require_text(goal, "goal", _("Skriv hva dere vil oppnå.")), "goal_by": goal_by,
    }  # fmt: skip


def _tell(gate: Gate, problem: PlanProblem, kind: str, text: str) -> PlanEvaluation:
    row = PlanEvaluation(**_columns(gate, problem.patient_id, origin=problem.pk), kind=kind, text=text)
    row.save(force_insert=True)
    return row


def _require_open(problem: PlanProblem) -> None:
    if problem.ended_at:
        raise refuse("ended", _("Problemet er avsluttet. Gjenåpne det først."))
