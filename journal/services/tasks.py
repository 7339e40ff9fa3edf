"""Tasks: given to a unit or a person, done with who, when and what came of it. An open task opens what it needs, a closed one closes it."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from access.domain.codes import Category
from access.gate import Gate, call
from access.services.ways import check_decides
from journal.models import Task
from journal.selectors.procedures import in_force
from journal.services import plans
from journal.services.checks import refuse, require_text
from journal.services.entries import change, entry_columns, stay_of_unit
from lms_epj.core.refusals import broken_constraint


def task_create(
    *, gate: Gate, patient: UUID, title: str, due_at: datetime, for_unit: UUID | None = None, for_user: UUID | None = None,
    kind: str = "", origin: UUID | None = None, asks_note: str | None = None, asks_series: UUID | None = None,
) -> Task:  # fmt: skip
    """Gives a task to a unit or a named person; one outside the acting unit can read what the task needs while it is open.

    ``asks_note`` (a document type) and ``asks_series`` (a checklist): what must be there before it is closed as done. ``origin``: the entry it
    comes from; what hides that hides the task.
    """
    if for_unit is None and for_user is None:
        raise refuse("missing", _("Velg hvem som skal gjøre oppgaven."), "receiver")
    if for_unit != gate.unit_id:
        check_decides(gate, "TASK")
    task = Task(
        **entry_columns(gate, patient, Category.TASKS, stay_id=stay_of_unit(gate, patient), origin=origin), origin_id=origin, kind=kind, due_at=due_at,
        for_unit_id=for_unit, for_user_id=for_user, asks_note_id=asks_note, asks_series=asks_series,
        title=require_text(title, "title", _("Skriv hva som skal gjøres.")),
    )  # fmt: skip
    with transaction.atomic():
        task.save(force_insert=True)
        call("task_changed", task.id)
    return task


def task_done(*, gate: Gate, task: Task, lock_version: int, outcome: str = "") -> Task:
    """Closes a task as done by the acting person, now."""
    require_ours(gate, task)
    require_open(task)
    try:
        with transaction.atomic():
            change(task, lock_version=lock_version, done_at=gate.now, done_by_id=gate.user_id, outcome=outcome.strip())
            call("task_changed", task.id)
            plans.task_closed(gate, task)
    except IntegrityError as error:
        if broken_constraint(error) != "task_asks":
            raise
        raise refuse("asks", _("Oppgaven kan ikke lukkes ennå: den krever %(what)s.") % {"what": asked(task)}) from None
    return task


def asked(task: Task) -> str:
    """What the task asks for, in words; empty where it asks for nothing."""
    if task.asks_note:
        return _("et signert notat av typen «%(name)s»") % {"name": task.asks_note.name}
    if task.asks_series:
        procedure = in_force(task.asks_series)
        return (
            _("en ferdig sjekkliste: «%(name)s»") % {"name": procedure.title}
            if procedure
            else _("en sjekkliste som er trukket tilbake. La oppgaven bortfalle")
        )
    return ""


def task_undo_done(*, gate: Gate, task: Task, lock_version: int) -> Task:
    """Takes back one's own «done»."""
    if task.done_by_id != gate.user_id:
        raise refuse("not_yours", _("Bare den som gjorde oppgaven ferdig, kan angre."))
    if task.for_unit_id != gate.unit_id:
        check_decides(gate, "TASK")
    with transaction.atomic():
        plans.task_reopens(gate, task)
        change(task, lock_version=lock_version, done_at=None, done_by=None, outcome="")
        call("task_changed", task.id)
    return task


def task_cancel(*, gate: Gate, task: Task, lock_version: int, reason: str) -> Task:
    """The task lapses, with a reason."""
    require_ours(gate, task)
    require_open(task)
    with transaction.atomic():
        change(
            task,
            lock_version=lock_version,
            cancelled_at=gate.now,
            outcome=require_text(reason, "reason", _("Skriv hvorfor oppgaven bortfaller.")),
        )
        call("task_changed", task.id)
        plans.task_closed(gate, task)
    return task


def require_ours(gate: Gate, task: Task) -> None:
    """A task is closed by those who shall do it, or by the unit that gave it."""
    if gate.unit_id not in (task.for_unit_id, task.unit_id) and gate.user_id != task.for_user_id:
        raise refuse("not_ours", _("Oppgaven hører til en annen enhet."))


def require_open(task: Task) -> None:
    if task.done_at or task.cancelled_at:
        raise refuse("closed", _("Oppgaven er allerede avsluttet."))
