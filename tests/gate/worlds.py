"""Small random worlds in which the rule is tried by both hands: persons, agreements, measures, blocks and entries as plain rows.

All worlds share one moment, `T`, so that thousands of them fit in one database; ids are unique across worlds. Times lie on a coarse grid
around T and often exactly on it, because a wrong `<=` shows nowhere else. The chances are set so that most pairs of person and row pass
nearly every clause: then each clause decides alone often enough to be missed when it is gone (`clause_statistics`).
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from access.domain.codes import Action, Category
from access.domain.decide import decide
from access.domain.facts import Facts, Row
from access.domain.rules import Clause

Record = dict[str, Any]

T = datetime(2026, 11, 12, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LONG_AGO = T - 3000 * DAY
SERVICES = (15, 18, 25)
PROFESSIONS = ("SP", "LE", "FT")


def _template(number: int, code: str, purpose: str, tail: int, longest: int | None = None, chosen: bool = False) -> Record:
    return {
        "id": UUID(int=0x7E57_0000_0000_4000_8000_0000_0000_0000 + number),
        "code": code,
        "name": code.capitalize().replace("_", " "),
        "purpose": purpose,
        "max_hours": longest,
        "tail_hours": tail,
        "user_selected": chosen,
        "own_unit_only": code == "FINISHING",
        "reviewed": code == "EMERGENCY",
    }


TEMPLATES: tuple[Record, ...] = (
    _template(1, "NOTIFIED", "TREAT", 0, 24),
    _template(2, "ADMITTED", "TREAT", 168),
    _template(3, "SERVICE_HEALTH", "TREAT", 72),
    _template(4, "SERVICE_PRACTICAL", "COC", 24),
    _template(5, "PRIMARY_CONTACT", "TREAT", 24),
    _template(6, "TASK", "TREAT", 2),
    _template(7, "PARTICIPATION", "TREAT", 0, 24, chosen=True),
    _template(8, "FINISHING", "TREAT", 0, 24, chosen=True),
    _template(9, "EMERGENCY", "BTG", 0, 1, chosen=True),
)
# Categories that administrators made, also with the highest code there can be.
MADE_CATEGORIES = (17, 30)
INFO_CATEGORIES: tuple[Record, ...] = tuple(
    {"code": int(c), "name": f"Kategori {int(c)}", "strict": c in (Category.MENTAL, Category.SENSITIVE)} for c in (*Category, *MADE_CATEGORIES)
)
DOCUMENT_TYPES: tuple[Record, ...] = tuple(
    {"code": f"world-{x['code']}-{letter}", "name": f"{x['name']} {letter}", "category_id": x["code"]} for x in INFO_CATEGORIES for letter in "ab"
)


@dataclass
class World:
    """One world: `tables` holds a list of rows per table, column names as in the models, ids `UUID`, times aware.

    `MeasureTemplate`, `InfoCategory` and `DocumentType` are the same in every world and are loaded once. `Entry` stands for any kind of
    entry. A `Stay` is an entry too; `rows()` gives both.
    """

    now: datetime = T
    tables: dict[str, list[Record]] = field(default_factory=lambda: defaultdict(list))

    def add(self, table: str, **columns: Any) -> Record:
        self.tables[table].append(columns)
        return columns

    def patients(self) -> list[UUID]:
        return [p["id"] for p in self.tables["Patient"]]

    def persons(self) -> list[tuple[UUID, UUID]]:
        """(user, authorisation): one person in one working role."""
        return [(a["user_id"], a["id"]) for a in self.tables["AccessAuthorisation"]]

    def entries(self) -> list[Record]:
        return self.tables["Stay"] + self.tables["Entry"]

    def rows(self, patient: UUID) -> list[Row]:
        return [row_of(e) for e in self.entries() if e["patient_id"] == patient]

    def pairs(self, rows_each: int | None = None) -> Iterator[tuple[Facts, Row]]:
        """Every person with every row of every patient, or with only the last few rows of each."""
        rows = {patient: self.rows(patient) for patient in self.patients()}
        for user, authorisation in self.persons():
            for patient in self.patients():
                facts = self.facts_for(user, authorisation, patient)
                for row in rows[patient][-rows_each:] if rows_each else rows[patient]:
                    yield facts, row

    def facts_for(self, user: UUID, authorisation: UUID | None, patient: UUID | None) -> Facts:
        """Facts with every measure of the patient, other people's too: `decide` must not count them."""
        return Facts.from_json(self.facts_json(user, authorisation, patient, all_measures=True), patient)

    def facts_json(self, user: UUID, authorisation: UUID | None, patient: UUID | None, all_measures: bool = False) -> Record:
        """The object `gate.facts` must return for this person and patient (order of lists apart)."""
        person = self._one("User", user)
        held = self._one("AccessAuthorisation", authorisation) if authorisation else None
        unit = self._one("OrgUnit", held["unit_id"]) if held else {}
        role = self._one("RoleTemplate", held["role_id"]) if held else {}
        measures = [
            m for m in self._of("DecidedMeasure", patient) if all_measures or m["performer_id"] == user or (held and m["unit_id"] == held["unit_id"])
        ]
        return as_json(
            {
                "now": self.now,
                "user": {"id": user, "active": person["is_active"], "display": f"{person['given_name']} {person['family_name']}"},
                "courses": [_only(x, "course_id valid_from valid_to") for x in self.tables["CourseCompletion"] if x["user_id"] == user],
                "licences": [_only(x, "profession valid_from valid_to") for x in self.tables["Licence"] if x["user_id"] == user],
                "authorisation": held
                and _only(held, "id valid_from valid_to")
                | {
                    "role": _only(role, "id code name may_chart required_profession")
                    | {"required_courses": [self._demand(d) for d in self.tables["RequiredCourse"] if d["role_id"] == role["id"]]},
                    "unit": _only(unit, "id name service_code valid_from valid_to legal_entity_id"),
                },
                "entities": [_only(x, "id name valid_from valid_to successor_id") for x in self.tables["LegalEntity"]],
                "communities": [_only(x, "id valid_from valid_to") for x in self.tables["RecordCommunity"]],
                "participations": [
                    _only(x, "community_id legal_entity_id service_code mode valid_from valid_to") for x in self.tables["Participation"]
                ],
                "measures": [
                    _only(m, "id unit_id performer_id starts_at ends_at scope_categories scope_since reason")
                    | {
                        "template": _only(
                            self._one("MeasureTemplate", m["template_id"]), "id code name tail_hours own_unit_only purpose user_selected"
                        )
                    }
                    for m in measures
                ],
                "rights": [_right(x) for x in self.tables["RoleRight"] if held and x["role_id"] == held["role_id"]],
                "blocks": [self._block(b) for b in self._of("AccessBlock", patient)],
                "openings": [
                    {"entry_id": o["entry_id"], "valid_from": o["opened_at"], "valid_to": o["valid_to"]}
                    for o in self._of("BlockOpening", patient)
                    if o["user_id"] == user
                ],
            }
        )

    def _demand(self, d: Record) -> Record:
        return _only(d, "course_id valid_from valid_to") | {"name": self._one("Course", d["course_id"])["name"]}

    def _one(self, table: str, key: UUID | None) -> Record:
        return next(x for x in self.tables[table] if x["id"] == key)

    def _of(self, table: str, patient: UUID | None) -> list[Record]:
        return [x for x in self.tables[table] if x["patient_id"] == patient]

    def _block(self, b: Record) -> Record:
        shown = _only(b, "id scope stay_id entry_id entries_from entries_to target valid_from valid_to")
        targets = [b[f"target_{kind}_id"] for kind in ("user", "role", "unit", "entity")]
        return shown | {
            "category": b["category_id"],
            "document_type": b["document_type_id"],
            "target_id": next((t for t in targets if t), None),
            "exceptions": [_only(x, "user_id unit_id") for x in self.tables["BlockException"] if x["block_id"] == b["id"]],
        }


def _only(record: Record, keys: str) -> Record:
    return {key: record[key] for key in keys.split()}


def _right(x: Record) -> Record:
    return {"template_id": x["template_id"], "category": x["category_id"]} | _only(x, "actions valid_from valid_to")


def as_json(value: Any) -> Any:
    """Ids and times as the texts JSON carries."""
    match value:
        case dict():
            return {key: as_json(one) for key, one in value.items()}
        case list():
            return [as_json(one) for one in value]
        case UUID():
            return str(value)
        case datetime():
            return value.isoformat()
    return value


def row_of(e: Record) -> Row:
    return Row(
        patient=e["patient_id"],
        category=e["category"],
        document_type=e["document_type_id"],
        stay=e["stay_id"],
        entry=e["id"],
        origin=e["origin_id"],
        unit=e["unit_id"],
        entity=e["legal_entity_id"],
        event_at=e["event_at"],
        author=e["author_id"],
        draft=e["draft"],
    )


def random_world(rng: random.Random, templates: Sequence[Record] = TEMPLATES) -> World:
    """A world of 2–3 legal entities and a merged-away one, 2–3 persons with 2–3 roles each, 2–3 patients with some ten entries each.

    `templates` may be the database's own measure templates, so that nothing has to be loaded beside them.
    """
    from tests.gate.world_builder import Builder

    return Builder(rng, templates).build()


def clause_statistics(
    worlds: Iterable[World], actions: Sequence[Action] = (Action.READ, Action.WRITE), rows_each: int | None = None
) -> tuple[int, Counter[Clause]]:
    """(pairs, {clause: pairs in which it decides alone}): switching off that clause, and no other, turns the answer for one of the actions.

    `rows_each` looks at a few rows of each patient only: many worlds say more than many rows of the same world.
    """
    pairs, alone = 0, Counter[Clause]()
    switched = [(clause, frozenset({clause})) for clause in Clause]
    for world in worlds:
        for facts, row in world.pairs(rows_each):
            pairs += 1
            answers = [(action, decide(facts, action, row).allow) for action in actions]
            for clause, ignore in switched:
                alone[clause] += any(decide(facts, action, row, ignore).allow != answer for action, answer in answers)
    return pairs, alone
