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
from functools import cached_property
from typing import Any
from uuid import UUID

from access.domain.codes import Action, Category
from access.domain.decide import decide
from access.domain.facts import Facts, Row
from access.domain.rules import Clause
from tests.gate.world_facts import WorldFacts

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
    entry. A `Stay` is an entry too; `rows()` gives both. Once it has been asked for rows or facts, a world changes no more.
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
        return self._rows[patient]

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
        return self._facts.about(user, authorisation, patient)

    @cached_property
    def _facts(self) -> WorldFacts:
        return WorldFacts(self)

    @cached_property
    def _rows(self) -> dict[UUID, list[Row]]:
        rows: dict[UUID, list[Row]] = {patient: [] for patient in self.patients()}
        for entry in self.entries():
            rows[entry["patient_id"]].append(row_of(entry))
        return rows


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
