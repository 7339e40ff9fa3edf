"""Visits on a unit's day list: started, done, not home. Each may be taken back by the one who did it."""

from typing import Any

from django.utils.translation import gettext as _

from access.gate import Gate
from journal.models import Visit
from journal.services.checks import refuse
from journal.services.entries import change

Status = Visit.Status
UNTOUCHED: dict[str, Any] = {"status": Status.PLANNED, "started_at": None, "done_at": None, "done_by": None, "remark": ""}


def visit_start(*, gate: Gate, visit: Visit, lock_version: int) -> Visit:
    """Begins the visit now."""
    require_own_visit(gate, visit)
    require_planned(visit)
    return change(visit, lock_version=lock_version, started_at=gate.now, done_by_id=gate.user_id)


def visit_finish(*, gate: Gate, visit: Visit, lock_version: int, chores_done: set[int], remark: str = "") -> Visit:
    """Closes the visit. ``chores_done``: positions in the visit's chores that were done; one left undone needs a remark."""
    require_own_visit(gate, visit)
    require_planned(visit)
    chores = [{**chore, "done": place in chores_done} for place, chore in enumerate(visit.chores)]
    if not remark.strip() and not all(chore["done"] for chore in chores):
        raise refuse("remark", _("Noe er ikke gjort. Skriv hvorfor, eller kryss det av."), "remark")
    return change(
        visit, lock_version=lock_version, status=Status.DONE, started_at=visit.started_at or gate.now, done_at=gate.now, done_by_id=gate.user_id,
        chores=chores, remark=remark.strip(),
    )  # fmt: skip


def visit_not_home(*, gate: Gate, visit: Visit, lock_version: int, remark: str = "") -> Visit:
    """Nobody opened. The visit is closed as a deviation and stands as one on the list."""
    require_own_visit(gate, visit)
    require_planned(visit)
    return change(visit, lock_version=lock_version, status=Status.NOT_HOME, done_at=gate.now, done_by_id=gate.user_id, remark=remark.strip())


def visit_undo(*, gate: Gate, visit: Visit, lock_version: int) -> Visit:
    """Takes back one's own last step: the visit is planned again."""
    require_own_visit(gate, visit)
    if visit.done_by_id != gate.user_id:
        raise refuse("not_yours", _("Bare den som førte besøket, kan angre."))
    chores = [{**chore, "done": False} for chore in visit.chores]
    return change(visit, lock_version=lock_version, chores=chores, **UNTOUCHED)


def require_own_visit(gate: Gate, visit: Visit) -> None:
    if visit.visiting_unit_id != gate.unit_id:
        raise refuse("other_unit", _("Besøket hører til en annen enhet."))


def require_planned(visit: Visit) -> None:
    if visit.status != Status.PLANNED:
        raise refuse("status", _("Besøket er allerede ført som «%(status)s».") % {"status": visit.get_status_display().lower()})
