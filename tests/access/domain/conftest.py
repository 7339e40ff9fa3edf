"""One small world by hand: a nurse of Ås home nursing, a patient of hers, an LMS in the same agreement, one entry.

Tests change one thing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from access.domain.codes import Action, Category
from access.domain.decide import Decision, decide
from access.domain.facts import (
    Actor,
    Authorisation,
    Block,
    Community,
    Entity,
    Facts,
    Licence,
    Measure,
    Opening,
    Participation,
    Right,
    Role,
    Row,
    Template,
    Unit,
)

NOW = datetime(2026, 11, 12, 12, 0, tzinfo=UTC)
AGO, SOON = NOW - timedelta(days=30), NOW + timedelta(days=30)
TICK = timedelta(microseconds=1)


def uid(number: int) -> UUID:
    return UUID(int=number)


PATIENT, NURSE, COLLEAGUE, AAS, LMS, OLD_AAS, COMMUNITY, HOME, WARD, ROLE, ENTRY, NOTE, STAY = map(uid, range(1, 14))
READ_ALL, WRITE_ALL = 1 | 2, 1 | 2 | 4 | 8


def template(code: str = "SERVICE_HEALTH", **changes: Any) -> Template:
    base = Template(uid(100), code, "Aktiv tjeneste", timedelta(hours=48), False, "TREAT", False)
    return replace(base, **changes)


def measure(**changes: Any) -> Measure:
    return replace(Measure(uid(200), template(), HOME, None, AGO, None, None, None, ""), **changes)


def block(**changes: Any) -> Block:
    return replace(Block(uid(300), "record", None, None, None, None, None, None, "everyone", None, AGO, None, ()), **changes)


def opening(**changes: Any) -> Opening:
    return replace(Opening(ENTRY, NOW - timedelta(minutes=5), NOW + timedelta(hours=1)), **changes)


def row(**changes: Any) -> Row:
    base = Row(PATIENT, Category.NURSING, "nurse_note", STAY, ENTRY, None, HOME, AAS, NOW - timedelta(days=2), COLLEAGUE)
    return replace(base, **changes)


def rights(actions: int, *categories: int) -> tuple[Right, ...]:
    return tuple(Right(uid(100), category, actions, AGO, None) for category in categories or Category)


def facts(**changes: Any) -> Facts:
    unit = Unit(HOME, "Hjemmesykepleien Nord", 15, AAS, AGO, None)
    role = Role(ROLE, "home_nurse", "Sykepleier i hjemmetjenesten", True, "SP")
    actor = Actor(NURSE, True, "Hanne Moen", (Licence("SP", AGO, None),), Authorisation(uid(50), role, unit, AGO, None))
    base = Facts(
        now=NOW,
        actor=actor,
        patient=PATIENT,
        entities=(
            Entity(AAS, "Ås", AGO, None, None),
            Entity(LMS, "LMS", AGO, None, None),
            Entity(OLD_AAS, "Gamle Ås", AGO - timedelta(days=900), AGO, AAS),
        ),
        communities=(Community(COMMUNITY, AGO, None),),
        participations=(
            Participation(COMMUNITY, AAS, 15, "member", AGO, None),
            Participation(COMMUNITY, LMS, 25, "member", AGO, None),
        ),
        measures=(measure(),),
        rights=rights(WRITE_ALL),
    )
    return replace(base, **changes)


def authorised(**changes: Any) -> Facts:
    """The facts with the authorisation changed; `unit` and `role` take the changed fields of these."""
    base = facts()
    held = base.actor.authorisation
    assert held is not None
    parts = {key: replace(getattr(held, key), **changes.pop(key)) for key in ("unit", "role") if key in changes}
    return replace(base, actor=replace(base.actor, authorisation=replace(held, **parts, **changes)))


Ask = Callable[..., Decision]


@pytest.fixture
def read() -> Ask:
    """Read the entry: `read(facts, **changes of the row)`."""
    return lambda known, **changes: decide(known, Action.READ, row(**changes))


@pytest.fixture
def write() -> Ask:
    return lambda known, **changes: decide(known, Action.WRITE, row(**changes))
