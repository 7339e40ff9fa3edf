"""What a world says to `decide()`: facts about anyone in it, made of parts that are read once per world."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from access.domain.facts import (
    Actor,
    Authorisation,
    Block,
    BlockException,
    Community,
    CourseDemand,
    CourseHeld,
    Entity,
    Facts,
    Licence,
    Measure,
    Opening,
    Participation,
    Right,
    Role,
    Template,
    Unit,
)

if TYPE_CHECKING:
    from tests.gate.worlds import Record, World


class WorldFacts:
    """Of a world that changes no more. Nothing is left out for a person or a time, so that `decide` must choose itself."""

    def __init__(self, world: World) -> None:
        tables = world.tables
        self.now = world.now
        self.users = {one["id"]: one for one in tables["User"]}
        self.licences = _by(tables["Licence"], "user_id", lambda x: Licence(x["profession"], *_period(x)))
        self.entities = tuple(Entity(x["id"], x["name"], *_period(x), x["successor_id"]) for x in tables["LegalEntity"])
        self.communities = tuple(Community(x["id"], *_period(x)) for x in tables["RecordCommunity"])
        self.participations = tuple(
            Participation(x["community_id"], x["legal_entity_id"], x["service_code"], x["mode"], *_period(x)) for x in tables["Participation"]
        )
        names = {x["id"]: x["name"] for x in tables["Course"]}
        demands = _by(tables["RequiredCourse"], "role_id", lambda x: CourseDemand(x["course_id"], names[x["course_id"]], *_period(x)))
        self.courses = _by(tables["CourseCompletion"], "user_id", lambda x: CourseHeld(x["course_id"], *_period(x)))
        roles = {
            x["id"]: Role(x["id"], x["code"], x["name"], x["may_chart"], x["required_profession"], tuple(demands[x["id"]]))
            for x in tables["RoleTemplate"]
        }
        units = {x["id"]: Unit(x["id"], x["name"], x["service_code"], x["legal_entity_id"], *_period(x)) for x in tables["OrgUnit"]}
        self.authorisations = {
            x["id"]: Authorisation(x["id"], roles[x["role_id"]], units[x["unit_id"]], *_period(x)) for x in tables["AccessAuthorisation"]
        }
        rights = _by(tables["RoleRight"], "role_id", lambda x: Right(x["template_id"], x["category_id"], x["actions"], *_period(x)))
        self.rights = {role: _by_template(rights[role]) for role in roles}
        templates = {x["id"]: _template(x) for x in tables["MeasureTemplate"]}
        self.measures = _by(tables["DecidedMeasure"], "patient_id", lambda x: _measure(x, templates[x["template_id"]]))
        exceptions = _by(tables["BlockException"], "block_id", lambda x: BlockException(x["user_id"], x["unit_id"]))
        self.blocks = _by(tables["AccessBlock"], "patient_id", lambda x: _block(x, exceptions[x["id"]]))
        self.openings = _by(tables["BlockOpening"], "patient_id", lambda x: (x["user_id"], Opening(x["entry_id"], x["opened_at"], x["valid_to"])))

    def about(self, user: UUID, authorisation: UUID | None, patient: UUID | None) -> Facts:
        person, held = self.users[user], self.authorisations[authorisation] if authorisation else None
        measures = tuple(self.measures[patient])
        display = f"{person['given_name']} {person['family_name']}"
        return Facts(
            self.now,
            Actor(user, person["is_active"], display, tuple(self.licences[user]), held, tuple(self.courses[user])),
            patient,
            self.entities,
            self.communities,
            self.participations,
            measures,
            # Those under other templates cannot count, and are many.
            tuple(right for template in {m.template.id for m in measures} for right in self.rights[held.role.id][template]) if held else (),
            tuple(self.blocks[patient]),
            tuple(opening for whose, opening in self.openings[patient] if whose == user),
        )


def _by(records: Iterable[Record], key: str, made: Callable[[Record], Any]) -> defaultdict[Any, list[Any]]:
    found: defaultdict[Any, list[Any]] = defaultdict(list)
    for record in records:
        found[record[key]].append(made(record))
    return found


def _by_template(rights: list[Right]) -> defaultdict[UUID, list[Right]]:
    found: defaultdict[UUID, list[Right]] = defaultdict(list)
    for right in rights:
        found[right.template].append(right)
    return found


def _period(x: Record) -> tuple[Any, Any]:
    return x["valid_from"], x["valid_to"]


def _template(x: Record) -> Template:
    return Template(x["id"], x["code"], x["name"], timedelta(hours=x["tail_hours"]), x["own_unit_only"], x["purpose"], x["user_selected"])


def _measure(x: Record, template: Template) -> Measure:
    scope = None if x["scope_categories"] is None else frozenset(x["scope_categories"])
    return Measure(x["id"], template, x["unit_id"], x["performer_id"], x["starts_at"], x["ends_at"], scope, x["scope_since"], x["reason"])


def _block(x: Record, exceptions: list[BlockException]) -> Block:
    target = next((x[key] for key in ("target_user_id", "target_role_id", "target_unit_id", "target_entity_id") if x[key]), None)
    return Block(
        x["id"], x["scope"], x["category_id"], x["document_type_id"], x["stay_id"], x["entry_id"], x["entries_from"], x["entries_to"],
        x["target"], target, *_period(x), tuple(exceptions),
    )  # fmt: skip
