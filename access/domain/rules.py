"""The clauses of the rule but the blocks: who acts, by which measure, with what right, under which agreement (R12, R20, R21, R28).

Each function answers with the reason that stopped it, or None. `ignore` switches single clauses off; it exists for the proof that every
clause decides alone somewhere and is never passed by the product.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum, auto
from typing import Protocol
from uuid import UUID

from access.domain.codes import CHARTING, MEMBER
from access.domain.facts import Entity, Facts, Measure, Participation, Row


class Clause(Enum):
    """The smallest parts of the rule that can be switched off; the last of each group widens or narrows as its name says."""

    USER_ACTIVE = auto()
    AUTHORISATION_STARTED = auto()
    AUTHORISATION_NOT_ENDED = auto()
    UNIT_LIVE = auto()
    ENTITY_LIVE = auto()
    LICENCE_HELD = auto()
    LICENCE_LIVE = auto()

    MEASURE_HELD = auto()
    MEASURE_BY_PERFORMER = auto()
    MEASURE_STARTED = auto()
    MEASURE_NOT_ENDED = auto()
    TAIL = auto()

    RIGHT = auto()
    SCOPE_CATEGORIES = auto()
    SCOPE_SINCE = auto()
    OWN_UNIT_ONLY = auto()
    MAY_CHART = auto()
    TAIL_OWN_UNIT = auto()

    COMMUNITY = auto()
    COMMUNITY_LIVE = auto()
    PARTICIPATION_LIVE = auto()
    MEMBER_MODE = auto()
    SERVICE_COVERED = auto()
    SAME_COMMUNITY = auto()
    SUCCESSOR = auto()

    BLOCK = auto()
    BLOCK_LIVE = auto()
    BLOCK_TARGET = auto()
    BLOCK_SUCCESSOR = auto()
    BLOCK_EXCEPTION = auto()
    BLOCK_SCOPE = auto()
    BLOCK_PERIOD = auto()
    BLOCK_ORIGIN = auto()
    CRITICAL_SHIELD = auto()
    OPENING = auto()
    OPENING_LIVE = auto()

    DRAFT = auto()

    # Enum hashes names in Python; the proof asks for millions of memberships.
    __hash__ = object.__hash__


Ignored = frozenset[Clause]
NOTHING: Ignored = frozenset()


class ReasonCode(StrEnum):
    """Why, in the order in which it is asked; the log keeps the value, `explain.py` has the words."""

    ALLOWED = "allowed"
    OTHER_PATIENT = "other_patient"
    USER_INACTIVE = "user_inactive"
    NO_AUTHORISATION = "no_authorisation"
    AUTHORISATION_NOT_STARTED = "authorisation_not_started"
    AUTHORISATION_ENDED = "authorisation_ended"
    UNIT_CLOSED = "unit_closed"
    ENTITY_CLOSED = "entity_closed"
    LICENCE_MISSING = "licence_missing"
    LICENCE_ENDED = "licence_ended"
    NO_MEASURE = "no_measure"
    MEASURE_NOT_STARTED = "measure_not_started"
    MEASURE_ENDED = "measure_ended"
    CATEGORY_NOT_GRANTED = "category_not_granted"
    ACTION_NOT_GRANTED = "action_not_granted"
    OUTSIDE_SCOPE = "outside_scope"
    BEFORE_SCOPE = "before_scope"
    OWN_UNIT_ONLY = "own_unit_only"
    MAY_NOT_CHART = "may_not_chart"
    TAIL_OTHER_UNIT = "tail_other_unit"
    NO_COMMUNITY = "no_community"
    COMMUNITY_ENDED = "community_ended"
    PARTICIPATION_ENDED = "participation_ended"
    MESSAGE_ONLY = "message_only"
    SERVICE_NOT_COVERED = "service_not_covered"
    DRAFT_OF_OTHER = "draft_of_other"
    BLOCKED = "blocked"


RANK = {code: rank for rank, code in enumerate(ReasonCode)}


class Period(Protocol):
    @property
    def valid_from(self) -> datetime: ...
    @property
    def valid_to(self) -> datetime | None: ...


def is_live(period: Period, at: datetime) -> bool:
    """Holds its start, not its end."""
    return period.valid_from <= at and (period.valid_to is None or at < period.valid_to)


def actor_refusal(facts: Facts, ignore: Ignored = NOTHING) -> ReasonCode | None:
    """Clause 1: an active user with a live authorisation in a live unit of a live entity, and the licence the role asks for."""
    now, actor, held = facts.now, facts.actor, facts.actor.authorisation
    if not actor.active and Clause.USER_ACTIVE not in ignore:
        return ReasonCode.USER_INACTIVE
    if held is None:
        return ReasonCode.NO_AUTHORISATION
    if held.valid_from > now and Clause.AUTHORISATION_STARTED not in ignore:
        return ReasonCode.AUTHORISATION_NOT_STARTED
    if held.valid_to is not None and held.valid_to <= now and Clause.AUTHORISATION_NOT_ENDED not in ignore:
        return ReasonCode.AUTHORISATION_ENDED
    if not is_live(held.unit, now) and Clause.UNIT_LIVE not in ignore:
        return ReasonCode.UNIT_CLOSED
    entity = next((e for e in facts.entities if e.id == held.unit.legal_entity), None)
    if (entity is None or not is_live(entity, now)) and Clause.ENTITY_LIVE not in ignore:
        return ReasonCode.ENTITY_CLOSED
    return _licence_refusal(facts, held.role.required_profession, ignore)


def _licence_refusal(facts: Facts, profession: str | None, ignore: Ignored) -> ReasonCode | None:
    if profession is None or Clause.LICENCE_HELD in ignore:
        return None
    licences = [x for x in facts.actor.licences if x.profession == profession]
    if any(is_live(x, facts.now) or Clause.LICENCE_LIVE in ignore for x in licences):
        return None
    return ReasonCode.LICENCE_ENDED if licences else ReasonCode.LICENCE_MISSING


@dataclass(frozen=True, slots=True)
class Grant:
    """A live measure of the actor together with what the actor's role may do under it: {category: action bits}."""

    measure: Measure
    actions: dict[int, int]
    in_tail: bool
    own_unit: UUID
    may_chart: bool
    ignore: Ignored

    def refusal(self, action: int, category: int, row: Row | None) -> ReasonCode | None:
        """Clauses 2 and 3 by this one measure. Without a row: could there be any row of the category that it lets through?"""
        measure, ignore = self.measure, self.ignore
        bits = self.actions.get(category, 0)
        if bits & action != action and (not ignore or Clause.RIGHT not in ignore):
            return ReasonCode.ACTION_NOT_GRANTED if bits else ReasonCode.CATEGORY_NOT_GRANTED
        if (
            measure.scope_categories is not None
            and category not in measure.scope_categories
            and (not ignore or Clause.SCOPE_CATEGORIES not in ignore)
        ):
            return ReasonCode.OUTSIDE_SCOPE
        if row is not None:
            if measure.scope_since is not None and row.event_at < measure.scope_since and (not ignore or Clause.SCOPE_SINCE not in ignore):
                return ReasonCode.BEFORE_SCOPE
            if measure.template.own_unit_only and row.unit != self.own_unit and (not ignore or Clause.OWN_UNIT_ONLY not in ignore):
                return ReasonCode.OWN_UNIT_ONLY
        return self._charting_refusal(row) if action & CHARTING else None

    def _charting_refusal(self, row: Row | None) -> ReasonCode | None:
        """Only who has a duty to chart writes (R1); in the tail one finishes the own unit's entries."""
        if not self.may_chart and Clause.MAY_CHART not in self.ignore:
            return ReasonCode.MAY_NOT_CHART
        if self.in_tail and row is not None and row.unit != self.own_unit and Clause.TAIL_OWN_UNIT not in self.ignore:
            return ReasonCode.TAIL_OTHER_UNIT
        return None


def is_held(measure: Measure, facts: Facts, ignore: Ignored = NOTHING) -> bool:
    """Clause 2, whose: the measure is carried out by the actor's unit or by the actor."""
    held = facts.actor.authorisation
    if Clause.MEASURE_HELD in ignore or (held is not None and measure.unit == held.unit.id):
        return True
    return measure.performer == facts.actor.user_id and Clause.MEASURE_BY_PERFORMER not in ignore


def is_open(measure: Measure, at: datetime, ignore: Ignored = NOTHING) -> bool:
    """Clause 2, when: from its start until its end and the template's tail."""
    if measure.starts_at > at and Clause.MEASURE_STARTED not in ignore:
        return False
    closes_at = measure.ends_at if Clause.TAIL in ignore else measure.closes_at
    return closes_at is None or at < closes_at or Clause.MEASURE_NOT_ENDED in ignore


def grants_of(facts: Facts, ignore: Ignored = NOTHING) -> tuple[Grant, ...]:
    """The live measures of the actor, the one to name in the log first: running before tail, derived before self-chosen, newest first."""
    held = facts.actor.authorisation
    if held is None:
        return ()
    actions: dict[UUID, dict[int, int]] = {}
    for right in facts.rights:
        actions.setdefault(right.template, {})[right.category] = right.actions
    grants = [
        Grant(m, actions.get(m.template.id, {}), m.ends_at is not None and m.ends_at <= facts.now, held.unit.id, held.role.may_chart, ignore)
        for m in facts.measures
        if is_held(m, facts, ignore) and is_open(m, facts.now, ignore)
    ]
    grants.sort(key=lambda g: (g.in_tail, g.measure.template.user_selected, -g.measure.starts_at.timestamp(), g.measure.id.int))
    return tuple(grants)


def former_measure(facts: Facts) -> Measure | None:
    """The actor's measure that was the last to close, tail and all: the ground for a denial page that may say more than 404."""
    closed = [m for m in facts.measures if is_held(m, facts) and m.starts_at <= facts.now and (end := m.closes_at) is not None and end <= facts.now]
    return max(closed, key=lambda m: (m.closes_at, m.id.int), default=None)


def has_future_measure(facts: Facts) -> bool:
    return any(is_held(m, facts) and m.starts_at > facts.now for m in facts.measures)


def holder_of(entity: UUID, entities: dict[UUID, Entity], at: datetime) -> UUID:
    """The entity that answers for this one's entries at a time: ended entities are followed to their successors (never in circles)."""
    seen = {entity}
    while (
        (this := entities.get(entity)) is not None
        and this.successor is not None
        and this.valid_to is not None
        and this.valid_to <= at
        and this.successor not in seen
    ):
        entity = this.successor
        seen.add(entity)
    return entity


_COMMUNITY_REASONS = (
    (Clause.COMMUNITY_LIVE, ReasonCode.COMMUNITY_ENDED),
    (Clause.PARTICIPATION_LIVE, ReasonCode.PARTICIPATION_ENDED),
    (Clause.MEMBER_MODE, ReasonCode.MESSAGE_ONLY),
    (Clause.SERVICE_COVERED, ReasonCode.SERVICE_NOT_COVERED),
)


def community_refusal(facts: Facts, entity: UUID, ignore: Ignored = NOTHING) -> ReasonCode | None:
    """Clause 4: an entry of another entity needs a live agreement that binds both and covers the service of the actor's unit (R21)."""
    held = facts.actor.authorisation
    if held is None:
        return ReasonCode.NO_AUTHORISATION
    if Clause.COMMUNITY in ignore:
        return None
    entities = {} if Clause.SUCCESSOR in ignore else {e.id: e for e in facts.entities}
    mine, theirs = holder_of(held.unit.legal_entity, entities, facts.now), holder_of(entity, entities, facts.now)
    if mine == theirs or _bound(facts, mine, theirs, held.unit.service_code, ignore):
        return None
    for clause, reason in _COMMUNITY_REASONS:
        if clause not in ignore and _bound(facts, mine, theirs, held.unit.service_code, ignore | {clause}):
            return reason
    return ReasonCode.NO_COMMUNITY


def _bound(facts: Facts, mine: UUID, theirs: UUID, service: int | None, ignore: Ignored) -> bool:
    def counts(p: Participation) -> bool:
        return (p.mode == MEMBER or Clause.MEMBER_MODE in ignore) and (Clause.PARTICIPATION_LIVE in ignore or is_live(p, facts.now))

    def in_force(communities: Iterable[UUID]) -> set[UUID]:
        live = {c.id for c in facts.communities if Clause.COMMUNITY_LIVE in ignore or is_live(c, facts.now)}
        return live.intersection(communities)

    ours = in_force(
        p.community
        for p in facts.participations
        if p.legal_entity == mine and counts(p) and (p.service_code == service or Clause.SERVICE_COVERED in ignore)
    )
    other = in_force(p.community for p in facts.participations if p.legal_entity == theirs and counts(p))
    return bool(ours and other) if Clause.SAME_COMMUNITY in ignore else bool(ours & other)
