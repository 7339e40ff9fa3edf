"""The work list of a unit and of a person: what is due, for whom, from whom."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from access.gate import Gate, call
from journal.models import Task
from journal.selectors.frame import patients_among
from journal.services.tasks import asked
from lms_epj.core.formatting import format_list_name

AHEAD = timedelta(days=7)
MINE, UNIT = "mine", "enhet"


def tasks_context(gate: Gate, wanted: str, done: str = "") -> dict[str, Any]:
    """What tasks.html shows: open tasks due within a week, for the acting unit or the acting person alone.

    ``done``: id of the task just closed, to offer «Angre».
    """
    ids = gate.disclose(call("task_patients", gate.now + AHEAD, as_uuid(done)))
    patients = {p.pk: p for p in patients_among(ids)}
    own = Q(for_unit=gate.unit_id) | Q(for_user=gate.user_id)
    found = list(
        Task.objects.filter(own, patient__in=ids, due_at__lt=gate.now + AHEAD)
        .filter(Q(done_at=None, cancelled_at=None) | Q(pk=as_uuid(done), done_by=gate.user_id))
        .select_related("author", "unit", "for_user", "for_unit", "asks_note")
        .order_by("due_at", "id")
    )
    open_tasks = [task for task in found if task.done_at is None]
    mine = [task for task in open_tasks if task.for_user_id == gate.user_id]
    shown = mine if wanted == MINE else open_tasks
    closed = next((task for task in found if task.done_at), None)
    return {
        "now": gate.now,
        "unit": gate.unit,
        "rows": [task_row(gate, task, patients[task.patient_id]) for task in shown],
        "chips": [
            {"label": _("Enheten"), "url": reverse("tasks"), "active": wanted != MINE, "count": len(open_tasks)},
            {"label": _("Mine"), "url": f"{reverse('tasks')}?vis={MINE}", "active": wanted == MINE, "count": len(mine)},
        ],
        "undo": task_row(gate, closed, patients[closed.patient_id]) if closed else None,
    }


def patient_tasks(gate: Gate, patient_id: UUID) -> list[dict[str, Any]]:
    """The open tasks of one patient, soonest first."""
    patient = patients_among([patient_id])[0]
    tasks = Task.objects.filter(patient=patient_id, done_at=None, cancelled_at=None)
    return [
        task_row(gate, task, patient) for task in tasks.select_related("author", "unit", "for_user", "for_unit", "asks_note").order_by("due_at", "id")
    ]


def task_row(gate: Gate, task: Task, patient: Any) -> dict[str, Any]:
    """One task with what is needed to close it."""
    address = [patient.pk, task.pk]
    closable = task.for_unit_id == gate.unit_id or task.for_user_id == gate.user_id or task.unit_id == gate.unit_id
    return {
        "id": task.pk, "title": task.title, "due_at": task.due_at, "overdue": task.due_at < gate.now, "done_at": task.done_at,
        "name": format_list_name(patient.family_name, patient.given_name), "url": reverse("patient", args=[patient.pk]),
        "for": _receiver(gate, task),
        "asks": asked(task), "from": task.author.get_full_name() + (f", {task.unit.name}" if task.unit_id != gate.unit_id else ""),
        "done_url": reverse("task_done", args=address) if closable else "", "cancel_url": reverse("task_cancel", args=address), "undo_url": reverse("task_undo", args=address),
        "hidden": {"patient": patient.pk, "actor": gate.user_id, "lock_version": task.lock_version},
    }  # fmt: skip


def _receiver(gate: Gate, task: Task) -> str:
    """Who shall do it, unless it is plainly the acting unit."""
    if task.for_user:
        return task.for_user.get_full_name()
    return task.for_unit.name if task.for_unit and task.for_unit_id != gate.unit_id else ""


def as_uuid(text: str) -> UUID | None:
    """The id in an address, or None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
