"""What the tests of rights share: cells of the matrix by name, and a change brought through both administrators."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from access.models import MeasureTemplate, RightsChange, RoleRight, RoleTemplate
from access.selectors.rights import Cell
from access.services.rights import Proposed, rights_decide, rights_propose

FIRST, SECOND = "tilgang.admin", "tilgang.admin2"
READ, PRINT, CHART = 3, 19, 63


def cell(role: str, template: str, category: int, after: int) -> Cell:
    """A cell as it stands, and what it is wished to be."""
    held, under = RoleTemplate.objects.get(code=role), MeasureTemplate.objects.get(code=template)
    standing = RoleRight.objects.filter(role=held, template=under, category_id=category, valid_to=None).first()
    return Cell(held.id, under.id, category, standing.actions if standing else 0, after)


def propose(open_gate: Callable[..., Any], *cells: Cell, reason: str = "Prøve av rettigheter") -> Proposed:
    with open_gate(FIRST):
        return rights_propose(cells=cells, reason=reason)


def decide_as(open_gate: Callable[..., Any], user: str, change: UUID | None, verdict: str = "approve", reason: str = "") -> None:
    assert change is not None
    with open_gate(user):
        rights_decide(change=change, verdict=verdict, reason=reason)


def bring_about(open_gate: Callable[..., Any], *cells: Cell) -> None:
    """In force, by both."""
    made = propose(open_gate, *cells)
    if made.proposed:
        decide_as(open_gate, SECOND, made.proposed)


def state_of(change: UUID | None) -> str:
    return RightsChange.objects.get(id=change).state
