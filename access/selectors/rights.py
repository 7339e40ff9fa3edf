"""The matrix of rights, its changes and their effect, as the administrator reads them. For administrators of access only; others get an error."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from access.gate import call, rows
from access.models import InfoCategory, MeasureTemplate, RoleTemplate
from lms_epj.core.folding import fold, sort_key

Matrix = dict[tuple[UUID, int], int]  # (template, category) → actions


@dataclass(frozen=True)
class Cell:
    """One place in the matrix that a change touches. `before` and `after` are sets of actions."""

    role: UUID
    template: UUID
    category: int
    before: int
    after: int

    def as_json(self) -> dict[str, Any]:
        return {"role": str(self.role), "template": str(self.template), "category": self.category, "before": self.before, "after": self.after}

    @classmethod
    def from_json(cls, x: dict[str, Any]) -> "Cell":
        """Raises KeyError, TypeError or ValueError for anything else."""
        return cls(UUID(x["role"]), UUID(x["template"]), int(x["category"]), int(x["before"]), int(x["after"]))

    @property
    def gives(self) -> bool:
        return bool(self.after & ~self.before)

    @property
    def takes(self) -> bool:
        return bool(self.before & ~self.after)


def templates() -> list[MeasureTemplate]:
    """In the order they were made, which is the order of a course: notified, admitted …"""
    return list(MeasureTemplate.objects.order_by("id"))


def categories() -> list[InfoCategory]:
    return list(InfoCategory.objects.order_by("code"))


def roles(query: str = "") -> list[dict[str, Any]]:
    """Roles whose name holds the words, with how many hold them now: {role, people, units}."""
    counts = {row["role_id"]: row for row in rows("role_counts")}
    wanted = fold(query).split()
    found = [role for role in RoleTemplate.objects.all() if all(part in fold(role.name) for part in wanted)]
    nobody = {"people": 0, "units": 0}
    return [{"role": role, **{key: counts.get(role.id, nobody)[key] for key in nobody}} for role in sorted(found, key=lambda one: sort_key(one.name))]


def matrix(role: UUID, at: datetime | None = None) -> Matrix:
    """What the role may do at a moment, now unless another is given."""
    return {(row["template_id"], row["category"]): row["actions"] for row in rows("rights_matrix", role, at)}


def whole_matrix(at: datetime | None = None) -> dict[UUID, Matrix]:
    """The matrix of every role."""
    found: dict[UUID, Matrix] = {}
    for row in rows("rights_matrix", None, at):
        found.setdefault(row["role_id"], {})[row["template_id"], row["category"]] = row["actions"]
    return found


def people(role: UUID) -> list[dict[str, Any]]:
    """Who holds the role now: rows of gate.role_people, those who lack the licence it asks for first."""
    return sorted(rows("role_people", role), key=lambda row: (row["licensed"], sort_key(row["user_name"]), row["unit_name"]))


def history(role: UUID, template: UUID | None = None, category: int | None = None) -> list[dict[str, Any]]:
    """Rows of gate.rights_history, newest first."""
    return rows("rights_history", role, template, category)


def changes() -> list[dict[str, Any]]:
    """Rows of gate.rights_changes, those that wait first; `cells` are Cell."""
    return [_with_cells(row) for row in rows("rights_changes", None)]


def change(wanted: UUID) -> dict[str, Any] | None:
    return next((_with_cells(row) for row in rows("rights_changes", wanted)), None)


def waiting() -> int:
    """How many changes wait for a second administrator."""
    return sum(row["state"] == "proposed" for row in rows("rights_changes", None))


def _with_cells(row: dict[str, Any]) -> dict[str, Any]:
    content = row["content"]
    return row | {"cells": [Cell.from_json(x) for x in (json.loads(content) if isinstance(content, str) else content)]}


def effect(cells: Iterable[Cell]) -> dict[str, Any]:
    """Who would gain and lose now, over everyone who holds the roles and every patient under a measure (see gate.rights_effect)."""
    return call("rights_effect", json.dumps([cell.as_json() for cell in cells]))


def hindrance(wanted: UUID) -> str:
    """Why the acting administrator may not let the change come into force: own, gains, decided; '' when nothing hinders."""
    return call("rights_may_approve", wanted)
