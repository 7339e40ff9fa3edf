"""«Who may see this patient» and «what may this person see, and why», now or at a moment behind us.

The database hands over raw facts as they were (gate.who_at), and decide() judges them as it judges a request. What is not kept with dates –
a role's duty to chart, a unit's service – counts as it is today.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from access.domain import blocks, rules
from access.domain.codes import Action
from access.domain.decide import Decision, decide_patient
from access.domain.explain_about import block_in_words, explain_about
from access.domain.facts import Facts
from access.gate import Request, call
from access.models import InfoCategory
from lms_epj.core.folding import sort_key

ASKED = (Action.READ, Action.WRITE)


@dataclass
class Person:
    """One person in one role at the moment. ``why``: the ground, or what stopped it. ``reads``: how many of the kinds of information."""

    user: UUID
    name: str
    role: str
    unit: str
    decision: Decision
    why: str
    reads: int
    blocks: list[str]
    categories: list[dict[str, Any]] = field(default_factory=list)
    entities: list[dict[str, Any]] = field(default_factory=list)

    @property
    def sees(self) -> bool:
        return self.decision.allow


@dataclass
class Answer:
    """``elsewhere``: how many roles in units that the asker does not hold, of which nothing more is told."""

    patient: dict[str, Any]
    people: list[Person]
    elsewhere: int
    kinds: int


def who_at(number: str, at: datetime, request: Request, *, user: UUID | None = None) -> Answer | None:
    """Everyone whom the patient may concern, or the roles of ``user`` with each kind of information; None for a number without a record.

    For administrators (of units they hold) and custodians. Each call is a line in the log.
    """
    found = call("who_at", number, user, at, request.as_json())
    if found is None:
        return None
    names = dict(InfoCategory.objects.order_by("code").values_list("code", "name"))
    patient = UUID(found["patient"]["id"])
    judged = (Facts.from_json(found["shared"] | one, patient) for one in found["people"])
    people = [_person(facts, names, whole=user is not None) for facts in judged]
    people.sort(key=lambda one: (not one.sees, sort_key(one.unit), sort_key(one.name)))
    return Answer(found["patient"], people, found["elsewhere"], len(names))


def _person(facts: Facts, names: dict[int, str], *, whole: bool) -> Person:
    held = facts.actor.authorisation
    assert held is not None  # noqa: S101 - the database names authorisations only
    decision = decide_patient(facts)
    hit = blocks.blocks_against(facts) if decision else ()
    readable = [code for code in names if decide_patient(facts, Action.READ, code)]
    return Person(
        facts.actor.user_id, facts.actor.display, held.role.name, held.unit.name, decision, explain_about(decision, facts, _), len(readable),
        [block_in_words(block, names.get(block.category or 0, ""), _) for block in hit],
        list(_categories(facts, names)) if whole else [], list(_entities(facts)) if whole and decision else [],
    )  # fmt: skip


def _categories(facts: Facts, names: dict[int, str]) -> Iterable[dict[str, Any]]:
    """One line per kind of information: may it be read and written, and by which measure, or why not."""
    for code, name in names.items():
        read, write = (decide_patient(facts, action, code) for action in ASKED)
        yield {"name": name, "reads": read.allow, "writes": write.allow, "why": explain_about(read, facts, _)}


def _entities(facts: Facts) -> Iterable[dict[str, Any]]:
    """Whose entries the agreement lets this role read at all (clause 4)."""
    for entity in sorted(facts.entities, key=lambda one: sort_key(one.name)):
        if rules.is_live(entity, facts.now):
            refused = rules.community_refusal(facts, entity.id)
            decision = Decision(refused is None, refused or rules.ReasonCode.ALLOWED, Action.READ)
            yield {"name": entity.name, "reads": decision.allow, "why": "" if decision else explain_about(decision, facts, _)}
