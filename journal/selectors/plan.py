"""The care plan as one page: open problems with their actions and how it goes, and what is ended."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from access.domain.codes import Action
from access.gate import Gate
from journal.models import Entry, PlanAction, PlanEvaluation, PlanProblem, Task
from journal.services.plans import plan_category

NEWEST = 3


def plan_context(gate: Gate, patient: UUID) -> dict[str, Any]:
    """problems, ended (shapes below) and the addresses of what may be done. Four queries."""
    problems = list(PlanProblem.objects.filter(patient=patient).select_related("author", "unit").order_by("event_at", "id"))
    actions: dict[UUID, list[PlanAction]] = defaultdict(list)
    for action in PlanAction.objects.filter(patient=patient).select_related("for_unit", "author").order_by("event_at", "id"):
        actions[action.origin_id].append(action)
    told: dict[UUID, list[PlanEvaluation]] = defaultdict(list)
    for one in PlanEvaluation.objects.filter(patient=patient).select_related("author", "unit").order_by("-event_at", "-id"):
        told[one.origin_id].append(one)
    due = dict(Task.objects.filter(patient=patient, kind=Task.PLAN, done_at=None, cancelled_at=None).values_list("origin_id", "due_at"))
    shown = [_problem(gate, row, actions[row.pk], told[row.pk], due) for row in problems]
    return {
        "problems": [one for one in shown if not one["ended_at"]], "ended": [one for one in reversed(shown) if one["ended_at"]],
        "new_url": reverse("problem_new", args=[patient]) if plan_category(gate) else "",
    }  # fmt: skip


def _problem(gate: Gate, row: PlanProblem, actions: list[PlanAction], told: list[PlanEvaluation], due: dict[UUID, Any]) -> dict[str, Any]:
    """One problem: what it says, {label: address} of what this person may do with it, its actions and the newest evaluations."""
    target, open_, mine = [row.patient_id, row.pk], row.ended_at is None, writes(gate, row)
    return {
        "id": row.pk, "problem": row.problem, "goal": row.goal, "goal_by": row.goal_by, "late": bool(row.goal_by and open_ and row.goal_by < gate.now.date()),
        "by": f"{row.author.get_full_name()}, {row.unit.name}", "at": row.event_at, "ended_at": row.ended_at, "outcome": row.get_outcome_display(),
        "actions": [_action(gate, one, due.get(one.pk)) for one in actions if one.ended_at is None],
        "stopped": [_action(gate, one, None) for one in actions if one.ended_at], "told": told[:NEWEST], "earlier": told[NEWEST:],
        "action_url": reverse("action_new", args=target) if open_ and plan_category(gate) else "",
        "evaluate_url": reverse("problem_evaluate", args=target) if open_ and plan_category(gate) else "",
        "change_url": reverse("problem_change", args=target) if open_ and mine else "", "end_url": reverse("problem_end", args=target) if open_ and mine else "",
        "reopen_url": reverse("problem_reopen", args=target) if not open_ and mine else "", "lock_version": row.lock_version,
    }  # fmt: skip


def _action(gate: Gate, row: PlanAction, due: Any) -> dict[str, Any]:
    return {
        "id": row.pk, "text": row.text, "for": row.for_unit.name, "when": in_words(row), "ends_on": row.ends_on, "due_at": due,
        "late": bool(due and due < gate.now), "by": row.author.get_full_name(), "ended_at": row.ended_at, "end_reason": row.end_reason,
        "stop_url": reverse("action_stop", args=[row.patient_id, row.pk]) if row.ended_at is None and writes(gate, row) else "",
    }  # fmt: skip


def in_words(action: PlanAction) -> str:
    """«Hver dag kl. 08:00 og 20:00», «Hver 7. dag kl. 10:00», «Ved behov»."""
    if not action.times:
        return _("Ved behov")
    clocks = [f"{at:%H:%M}" for at in action.times]
    at = clocks[0] if len(clocks) == 1 else _("%(first)s og %(last)s") % {"first": ", ".join(clocks[:-1]), "last": clocks[-1]}
    return ngettext("Hver dag kl. %(at)s", "Hver %(days)s. dag kl. %(at)s", action.every_days) % {"days": action.every_days, "at": at}


def writes(gate: Gate, row: Entry) -> bool:
    """Whether the acting person charts in the category this stands under."""
    return gate.may(Action.WRITE, row.category_id)
