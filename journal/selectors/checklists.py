"""The checklists of a patient: open, finished and struck, and what may be begun."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from access.gate import Gate
from access.models import User
from journal.models import ChecklistRun
from journal.selectors.plan import writes
from journal.selectors.procedures import all_in_force
from journal.services.plans import plan_category


def checklists_context(gate: Gate, patient: UUID) -> dict[str, Any]:
    """open, finished and struck lists, newest first, and the procedures that this role can carry out here. Two queries."""
    rows = list(
        ChecklistRun.objects.filter(patient=patient).select_related("author", "unit", "finished_by", "struck_by").order_by("-event_at", "-id")
    )
    return {
        "open": [_told(row) for row in rows if not row.finished_at and not row.struck_at], "finished": [_told(row) for row in rows if row.finished_at and not row.struck_at],
        "struck": [_told(row) for row in rows if row.struck_at],
        "offered": [one for one in all_in_force() if one.steps] if plan_category(gate) else [],
    }  # fmt: skip


def run_context(gate: Gate, run: ChecklistRun) -> dict[str, Any]:
    """One list with its points and who answered each."""
    names = {str(one.pk): one.get_full_name() for one in User.objects.filter(pk__in={point["by"] for point in run.points if point.get("by")})}
    points = [
        point | {"place": place, "name": names.get(point.get("by", ""), ""), "at": _moment(point.get("at"))} for place, point in enumerate(run.points)
    ]
    may = writes(gate, run)
    return {
        "run": run, "points": points, "states": ChecklistRun.State.choices, "open": may and not run.finished_at and not run.struck_at,
        "strike_url": reverse("checklist_strike", args=[run.patient_id, run.pk]) if may and not run.struck_at else "",
    }  # fmt: skip


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _told(row: ChecklistRun) -> dict[str, Any]:
    answered = sum(1 for point in row.points if point["state"])
    return {"row": row, "answered": answered, "of": len(row.points), "url": reverse("checklist", args=[row.patient_id, row.pk])}
