"""What `decide()` knows: the raw facts about one actor and one patient.

Nothing here is filtered by time or by outcome. The rule is applied by `decide.py` alone, so that a denial can be explained (which measure
ended, which authorisation ran out) and so that this hand and the database's hand share nothing but the tables themselves.

All ids are `uuid.UUID`, all times aware `datetime`s. A period holds its start and not its end: `valid_from <= T < valid_to`; no end is
`None`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CourseDemand:
    """A course that the role demands for a time."""

    course: UUID
    name: str
    valid_from: datetime
    valid_to: datetime | None


@dataclass(frozen=True, slots=True)
class CourseHeld:
    """A course that the actor has taken: counts from when it was registered until it lapses."""

    course: UUID
    valid_from: datetime
    valid_to: datetime | None


@dataclass(frozen=True, slots=True)
class Role:
    id: UUID
    code: str
    name: str
    may_chart: bool
    required_profession: str | None
    required_courses: tuple[CourseDemand, ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    id: UUID
    name: str
    service_code: int | None
    legal_entity: UUID
    valid_from: datetime
    valid_to: datetime | None


@dataclass(frozen=True, slots=True)
class Authorisation:
    id: UUID
    role: Role
    unit: Unit
    valid_from: datetime
    valid_to: datetime | None


@dataclass(frozen=True, slots=True)
class Licence:
    profession: str
    valid_from: datetime
    valid_to: datetime | None


@dataclass(frozen=True, slots=True)
class Actor:
    user_id: UUID
    active: bool
    display: str
    licences: tuple[Licence, ...]
    authorisation: Authorisation | None
    courses: tuple[CourseHeld, ...] = ()


@dataclass(frozen=True, slots=True)
class Entity:
    """A legal entity. One that has ended is followed to its successor: a merged municipality's entries belong to the new one."""

    id: UUID
    name: str
    valid_from: datetime
    valid_to: datetime | None
    successor: UUID | None


@dataclass(frozen=True, slots=True)
class Community:
    id: UUID
    valid_from: datetime
    valid_to: datetime | None


@dataclass(frozen=True, slots=True)
class Participation:
    community: UUID
    legal_entity: UUID
    service_code: int
    mode: str
    valid_from: datetime
    valid_to: datetime | None


@dataclass(frozen=True, slots=True)
class Template:
    id: UUID
    code: str
    name: str
    tail: timedelta
    own_unit_only: bool
    purpose: str
    user_selected: bool


@dataclass(frozen=True, slots=True)
class Measure:
    """A decided measure (besluttet tiltak) of the patient; exactly one of `unit` and `performer` is set."""

    id: UUID
    template: Template
    unit: UUID | None
    performer: UUID | None
    starts_at: datetime
    ends_at: datetime | None
    scope_categories: frozenset[int] | None
    scope_since: datetime | None
    reason: str

    @property
    def closes_at(self) -> datetime | None:
        """When the last reading ends: the end plus the template's tail."""
        return None if self.ends_at is None else self.ends_at + self.template.tail


@dataclass(frozen=True, slots=True)
class Right:
    """What the actor's role may do in one category under one measure template, for a time; `actions` is a sum of `Action` bits."""

    template: UUID
    category: int
    actions: int
    valid_from: datetime
    valid_to: datetime | None


@dataclass(frozen=True, slots=True)
class BlockException:
    user: UUID | None
    unit: UUID | None


@dataclass(frozen=True, slots=True)
class Block:
    """A block (sperring, R25).

    `target` is everyone | user | role | unit | legal_entity, `scope` is record | category | document_type | stay | entry.
    """

    id: UUID
    scope: str
    category: int | None
    document_type: str | None
    stay: UUID | None
    entry: UUID | None
    entries_from: datetime | None
    entries_to: datetime | None
    target: str
    target_id: UUID | None
    valid_from: datetime
    valid_to: datetime | None
    exceptions: tuple[BlockException, ...]


@dataclass(frozen=True, slots=True)
class Opening:
    """This actor's lawful opening of one blocked entry; it always ends (§ 5-3 pbrl)."""

    entry: UUID
    valid_from: datetime
    valid_to: datetime


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of the record, reduced to what the rule asks for.

    Ids must be `UUID`: a text that merely looks equal would slip past a block, so it is refused here.
    """

    patient: UUID
    category: int
    document_type: str
    stay: UUID | None
    entry: UUID
    origin: UUID | None
    unit: UUID
    entity: UUID
    event_at: datetime
    author: UUID
    draft: bool = False

    def __post_init__(self) -> None:
        for value in (self.patient, self.stay, self.entry, self.origin, self.unit, self.entity, self.author):
            if value is not None and not isinstance(value, UUID):
                raise TypeError(f"A row's ids are uuid.UUID, not {type(value).__name__}")


@dataclass(frozen=True)
class Facts:
    """Everything the rule may look at, for one actor and one patient (`patient` None: about no patient; then every row is refused)."""

    now: datetime
    actor: Actor
    patient: UUID | None = None
    entities: tuple[Entity, ...] = ()
    communities: tuple[Community, ...] = ()
    participations: tuple[Participation, ...] = ()
    measures: tuple[Measure, ...] = ()
    rights: tuple[Right, ...] = ()
    blocks: tuple[Block, ...] = ()
    openings: tuple[Opening, ...] = ()
    _prepared: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def from_json(cls, data: Mapping[str, Any], patient: UUID | None = None) -> Facts:
        """Facts from what the database's `gate.facts` says, that `about` the patient laid beside the rest; `patient` is the one it was asked for.

        Every key below is present. Ids are uuid texts, times ISO 8601 texts with offset (as `to_jsonb(timestamptz)` gives them), lists
        may be empty. `?` marks what may be null; nothing else may::

            {"now": time,
             "user": {"id", "active": bool, "display": text},
             "licences": [{"profession": text, "valid_from", "valid_to"?}],                     the user's, all times
             "courses": [{"course_id", "valid_from", "valid_to"?}],                             taken by the user, all times
             "authorisation"?: {"id", "valid_from", "valid_to"?,                                 the working role's, live or not
                 "role": {"id", "code": text, "name": text, "may_chart": bool, "required_profession"?: text,
                     "required_courses": [{"course_id", "name": text, "valid_from", "valid_to"?}]},   all times
                 "unit": {"id", "name": text, "service_code"?: int, "valid_from", "valid_to"?, "legal_entity_id"}},
             "entities": [{"id", "name": text, "valid_from", "valid_to"?, "successor_id"?}],    all legal entities
             "communities": [{"id", "valid_from", "valid_to"?}],                                all
             "participations": [{"community_id", "legal_entity_id", "service_code": int, "mode": "member"|"message_only",
                 "valid_from", "valid_to"?}],
             "measures": [{"id", "unit_id"?, "performer_id"?, "starts_at", "ends_at"?,          of this unit or user, all times
                 "scope_categories"?: [int], "scope_since"?, "reason": text,
                 "template": {"id", "code": text, "name": text, "tail_hours": int, "own_unit_only": bool, "purpose": text,
                     "user_selected": bool}}],
             "rights": [{"template_id", "category": int, "actions": int, "valid_from", "valid_to"?}],    of this role, all times
             "blocks": [{"id", "scope": text, "category"?: int, "document_type"?: text, "stay_id"?, "entry_id"?,
                 "entries_from"?, "entries_to"?,
                 "target": text, "target_id"?, "valid_from", "valid_to"?,                       the patient's, all times
                 "exceptions": [{"user_id"?, "unit_id"?}]}],
             "openings": [{"entry_id", "valid_from", "valid_to"}]}              this user's for this patient; valid_from is opened_at

        Measures of other units and users may be among them and do not count. Raises KeyError, TypeError or ValueError on anything else:
        no facts, no access.
        """
        user = data["user"]
        return cls(
            now=_time(data["now"]),
            actor=Actor(
                _id(user["id"]),
                user["active"],
                user["display"],
                tuple(Licence(x["profession"], _time(x["valid_from"]), _end(x["valid_to"])) for x in data["licences"]),
                _authorisation(data["authorisation"]),
                tuple(CourseHeld(_id(x["course_id"]), _time(x["valid_from"]), _end(x["valid_to"])) for x in data["courses"]),
            ),
            patient=patient,
            entities=tuple(
                Entity(_id(x["id"]), x["name"], _time(x["valid_from"]), _end(x["valid_to"]), _id_or_none(x["successor_id"])) for x in data["entities"]
            ),
            communities=tuple(Community(_id(x["id"]), _time(x["valid_from"]), _end(x["valid_to"])) for x in data["communities"]),
            participations=_participations(data["participations"]),
            measures=tuple(_measure(x) for x in data["measures"]),
            rights=_rights(data["rights"], {x["template"]["id"] for x in data["measures"]}),
            blocks=tuple(_block(x) for x in data["blocks"]),
            openings=tuple(Opening(_id(x["entry_id"]), _time(x["valid_from"]), _time(x["valid_to"])) for x in data["openings"]),
        )


# The same few ids and period starts come back with every request, so both readings are remembered.
_id = lru_cache(maxsize=16_384)(UUID)


@lru_cache(maxsize=16_384)
def _time(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"A time without an offset: {text}")
    return moment


def _end(text: str | None) -> datetime | None:
    return None if text is None else _time(text)


def _id_or_none(text: str | None) -> UUID | None:
    return None if text is None else _id(text)


def _authorisation(x: Mapping[str, Any] | None) -> Authorisation | None:
    if x is None:
        return None
    role, unit = x["role"], x["unit"]
    return Authorisation(
        _id(x["id"]),
        Role(
            _id(role["id"]),
            role["code"],
            role["name"],
            role["may_chart"],
            role["required_profession"],
            tuple(CourseDemand(_id(c["course_id"]), c["name"], _time(c["valid_from"]), _end(c["valid_to"])) for c in role["required_courses"]),
        ),
        Unit(
            _id(unit["id"]),
            unit["name"],
            unit["service_code"],
            _id(unit["legal_entity_id"]),
            _time(unit["valid_from"]),
            _end(unit["valid_to"]),
        ),
        _time(x["valid_from"]),
        _end(x["valid_to"]),
    )


def _rights(rows: Iterable[Mapping[str, Any]], templates: set[str]) -> tuple[Right, ...]:
    """A role has a hundred rights and more; those under templates of which the patient has no measure cannot count and are not read."""
    return tuple(
        Right(_id(x["template_id"]), x["category"], x["actions"], _time(x["valid_from"]), _end(x["valid_to"]))
        for x in rows
        if x["template_id"] in templates
    )


def _participations(rows: Iterable[Mapping[str, Any]]) -> tuple[Participation, ...]:
    return tuple(
        Participation(_id(x["community_id"]), _id(x["legal_entity_id"]), x["service_code"], x["mode"], _time(x["valid_from"]), _end(x["valid_to"]))
        for x in rows
    )


def _measure(x: Mapping[str, Any]) -> Measure:
    t, scope = x["template"], x["scope_categories"]
    return Measure(
        _id(x["id"]),
        Template(_id(t["id"]), t["code"], t["name"], timedelta(hours=t["tail_hours"]), t["own_unit_only"], t["purpose"], t["user_selected"]),
        _id_or_none(x["unit_id"]),
        _id_or_none(x["performer_id"]),
        _time(x["starts_at"]),
        _end(x["ends_at"]),
        None if scope is None else frozenset(scope),
        _end(x["scope_since"]),
        x["reason"],
    )


def _block(x: Mapping[str, Any]) -> Block:
    return Block(
        _id(x["id"]),
        x["scope"],
        x["category"],
        x["document_type"],
        _id_or_none(x["stay_id"]),
        _id_or_none(x["entry_id"]),
        _end(x["entries_from"]),
        _end(x["entries_to"]),
        x["target"],
        _id_or_none(x["target_id"]),
        _time(x["valid_from"]),
        _end(x["valid_to"]),
        tuple(BlockException(_id_or_none(e["user_id"]), _id_or_none(e["unit_id"])) for e in x["exceptions"]),
    )
