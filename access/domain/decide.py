"""May this person do this with this row? One answer for enforcement, log and explanation (R12, R24, R28).

Pure: the facts come in, a decision goes out. The database states the same rule in its own words; neither reads the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from access.domain import blocks, rules
from access.domain.codes import CATEGORIES, Action
from access.domain.facts import Block, Facts, Measure, Row
from access.domain.rules import NOTHING, RANK, Clause, Grant, Ignored, ReasonCode


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer and its ground; true exactly when it allows.

    `measure` is the deciding one (None on a denial); `in_tail` says that it has ended and only its tail is running: read, and finish
    the own unit's entries. `former_measure` is set when nothing is live and the last one closed: then may a denial page tell more than
    "not found". `blocked` on a row's denial: a block alone stopped it; on a patient's decision: something is blocked for this actor –
    no count, no place. `opened`: the row is blocked and stands open by a lawful opening, which the log must say.
    """

    allow: bool
    reason: ReasonCode
    action: Action
    category: int | None = None
    measure: Measure | None = None
    in_tail: bool = False
    former_measure: Measure | None = None
    blocked: bool = False
    opened: bool = False

    def __bool__(self) -> bool:
        return self.allow


def decide(facts: Facts, action: Action, row: Row, ignore: Ignored = NOTHING) -> Decision:
    """The whole rule for one row. A denial names the first clause that stopped it; of several measures, the one that came furthest."""
    if facts.patient is None or row.patient != facts.patient:
        return Decision(False, ReasonCode.OTHER_PATIENT, action, row.category)
    case = _case(facts, ignore)
    grant, reason = case.grant_for(action, row.category, row)
    if grant is None:
        return Decision(False, reason, action, row.category, former_measure=case.former)
    refused = case.community_refusal(row.entity)
    if refused is not None:
        return Decision(False, refused, action, row.category)
    if row.draft and row.author != facts.actor.user_id and Clause.DRAFT not in ignore:
        return Decision(False, ReasonCode.DRAFT_OF_OTHER, action, row.category)
    hit = any(blocks.hits(block, row, ignore) for block in case.blocks)
    if hit and row.entry not in case.opened:
        return Decision(False, ReasonCode.BLOCKED, action, row.category, blocked=True)
    return Decision(True, ReasonCode.ALLOWED, action, row.category, grant.measure, grant.in_tail, opened=hit)


def decide_patient(facts: Facts, action: Action = Action.SEARCH, category: int | None = None, ignore: Ignored = NOTHING) -> Decision:
    """May this person know of the patient at all, or do this in this category?

    Clauses 1–3 without a row: neither a block nor a missing agreement hides who the patient is, and an allowed category may turn out
    empty. What only a row can tell (its unit, its time) does not count here.
    """
    case = _case(facts, ignore)
    asked = CATEGORIES if category is None else (category,)
    answers = [case.grant_for(action, one, None) for one in asked]
    grants = [grant for grant, _ in answers if grant is not None]
    if grants:
        best = min(grants, key=case.grants.index)
        return Decision(True, ReasonCode.ALLOWED, action, category, best.measure, best.in_tail, blocked=case.tells_of_blocks())
    reason = max((reason for _, reason in answers), key=RANK.__getitem__)
    return Decision(False, reason, action, category, former_measure=case.former)


def categories(facts: Facts, action: Action = Action.READ) -> frozenset[int]:
    """The categories of this patient in which the actor may do this to at least some row."""
    case = _case(facts, NOTHING)
    return frozenset(one for one in CATEGORIES if case.grant_for(action, one, None)[0] is not None)


class _Case:
    """What of the facts is the same for every row, worked out once."""

    __slots__ = ("_community", "_facts", "_ignore", "actor_refusal", "blocks", "former", "grants", "no_grant", "opened")

    def __init__(self, facts: Facts, ignore: Ignored) -> None:
        self._facts = facts
        self._ignore = ignore
        self._community: dict[UUID, ReasonCode | None] = {}
        self.actor_refusal = rules.actor_refusal(facts, ignore)
        live = self.actor_refusal is None and facts.patient is not None
        self.grants: tuple[Grant, ...] = rules.grants_of(facts, ignore) if live else ()
        self.former: Measure | None = rules.former_measure(facts) if live and not self.grants else None
        self.no_grant = self._why_no_grant()
        self.blocks: tuple[Block, ...] = blocks.blocks_against(facts, ignore) if live else ()
        self.opened = blocks.opened_entries(facts, ignore)

    def _why_no_grant(self) -> ReasonCode:
        if self.actor_refusal is not None:
            return self.actor_refusal
        if self._facts.patient is None:
            return ReasonCode.OTHER_PATIENT
        if self.former is not None:
            return ReasonCode.MEASURE_ENDED
        return ReasonCode.MEASURE_NOT_STARTED if rules.has_future_measure(self._facts) else ReasonCode.NO_MEASURE

    def grant_for(self, action: int, category: int, row: Row | None) -> tuple[Grant | None, ReasonCode]:
        """The first measure that gives the right by itself, or the reason of the one that came furthest (clauses 1–3)."""
        furthest = self.no_grant
        for grant in self.grants:
            refused = grant.refusal(action, category, row)
            if refused is None:
                return grant, ReasonCode.ALLOWED
            if RANK[refused] > RANK[furthest]:
                furthest = refused
        return None, furthest

    def tells_of_blocks(self) -> bool:
        """Is there a block to tell this actor of? Not one of a whole category that the actor could not read anyway."""
        return any(b.scope != "category" or b.category is None or self.grant_for(Action.READ, b.category, None)[0] for b in self.blocks)

    def community_refusal(self, entity: UUID) -> ReasonCode | None:
        if entity not in self._community:
            self._community[entity] = rules.community_refusal(self._facts, entity, self._ignore)
        return self._community[entity]


def _case(facts: Facts, ignore: Ignored) -> _Case:
    case = facts._prepared.get(ignore)
    if case is None:
        case = facts._prepared[ignore] = _Case(facts, ignore)
    return case
