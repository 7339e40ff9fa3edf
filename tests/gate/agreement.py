"""What decide() expects of a world and what the database does with it, as plain sets that can be compared.

The two are taken apart so that either hand can be tried with a fault in it against the other's known answers.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from typing import Any
from uuid import UUID

from django.db import connection

from access.domain.codes import Action
from access.domain.decide import decide, decide_patient
from access.domain.facts import Facts, Row
from access.domain.rules import NOTHING, Clause, Ignored
from tests.conftest import acting_as, make_clock_settable, stand_clock
from tests.gate.loader import ENTRY_MODELS, load_document_types, load_worlds, secret_of, settle
from tests.gate.worlds import T, World

ASKED = (Action.WRITE, Action.SIGN, Action.PRINT)
PROBE = "gate_probe"
PROBE_COLUMNS = "patient_id, category, document_type_id, stay_id, id, origin_id, unit_id, legal_entity_id, event_at"


@dataclass
class Answers:
    """About one person in one role: ids of entries and patients. `facts` is judged by decide() over the database's own facts."""

    granted: set[UUID] = field(default_factory=set)
    read: set[UUID] = field(default_factory=set)
    may: dict[Action, set[UUID]] = field(default_factory=lambda: {action: set() for action in ASKED})
    search: set[UUID] = field(default_factory=set)
    mine: set[UUID] = field(default_factory=set)
    unit: set[UUID] = field(default_factory=set)
    facts_read: set[UUID] = field(default_factory=set)
    facts_write: set[UUID] = field(default_factory=set)

    def differences(self, other: "Answers") -> Iterator[str]:
        for one in fields(self):
            mine, theirs = getattr(self, one.name), getattr(other, one.name)
            if mine != theirs:
                yield f"{one.name}: decide {mine} – database {theirs}"


def expect(world: World, user: UUID, authorisation: UUID, ignore: Ignored = NOTHING) -> Answers:
    """The answers of decide()."""
    answers = Answers()
    for patient in world.patients():
        facts = world.facts_for(user, authorisation, patient)
        if decide_patient(facts, Action.SEARCH, ignore=ignore):
            answers.granted.add(patient)
        if decide_patient(_on_unit_list(facts), Action.SEARCH, ignore=ignore):
            answers.unit.add(patient)
        for row in world.rows(patient):
            if decide(facts, Action.READ, row, ignore):
                answers.read.add(row.entry)
            if decide(facts, Action.WRITE, row, ignore):
                answers.facts_write.add(row.entry)
            for action in ASKED:
                if decide(facts, action, row, ignore | {Clause.DRAFT}):
                    answers.may[action].add(row.entry)
    answers.search = answers.mine = answers.granted
    answers.facts_read = answers.read
    return answers


def _on_unit_list(facts: Facts) -> Facts:
    """A unit's list holds what the unit does now: neither a person's own measures nor those that are over."""
    held = facts.actor.authorisation
    running = (m for m in facts.measures if held and m.unit == held.unit.id and (m.ends_at is None or m.ends_at > facts.now))
    return replace(facts, measures=tuple(running))


def worlds_in_place(worlds: list[World]) -> None:
    """Writes the worlds at their moment, ready to be asked about; they stay until the caller's transaction is rolled back. As owner."""
    make_clock_settable()
    stand_clock(T)
    load_document_types()
    for world in worlds:
        settle(world)
    load_worlds(worlds)
    make_probe(worlds)
    with acting_as("epj_app"):
        prepare()


def make_probe(worlds: list[World]) -> None:
    """A table of all rows, open to the application, so that the rule can be asked about rows it does not show. As owner."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE {PROBE} (patient_id uuid, category int, document_type_id text, stay_id uuid, id uuid, origin_id uuid,"
            " unit_id uuid, legal_entity_id uuid, event_at timestamptz)"
        )
        cursor.execute(f"GRANT SELECT ON {PROBE} TO epj_app")
        with cursor.copy(f"COPY {PROBE} ({PROBE_COLUMNS}) FROM STDIN") as copy:
            for world in worlds:
                for e in world.entries():
                    copy.write_row([e[name] for name in PROBE_COLUMNS.split(", ")])
        cursor.execute(f"CREATE INDEX ON {PROBE} (patient_id)")


READ_ALL = " UNION ALL ".join(f"SELECT id FROM journal_{name.lower()}" for name in ENTRY_MODELS)
MAY = ", ".join(f"coalesce(array_agg(id) FILTER (WHERE gate.allows({int(a)}, {PROBE_COLUMNS})), '{{}}')" for a in ASKED)
LISTS = "gate.search_patients('{}', NULL), gate.my_patients(NULL, 100), gate.unit_patients(ARRAY(SELECT code FROM access_measuretemplate))"


def prepare() -> None:
    """Plans the two large statements once per batch of worlds, as the role that runs them."""
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
        cursor.execute(f"PREPARE world_read AS {READ_ALL}")
        cursor.execute(f"PREPARE world_may (uuid[]) AS SELECT {MAY} FROM {PROBE} WHERE patient_id = ANY ($1)")


def observe(world: World, authorisation: UUID, *, with_facts: bool = True) -> Answers:
    """The answers of the database, asked as the application with the person's session."""
    answers, secret, patients = Answers(), secret_of(authorisation), world.patients()
    with connection.cursor() as cursor:
        request = json.dumps({"action": "search", "route": "world"})
        cursor.execute("SELECT gate.enter(%s, 1, %s, %s)", [secret, patients, request])
        entered = _json(cursor.fetchone()[0])
        answers.granted = {UUID(p) for p in entered["granted"]}
        cursor.execute("EXECUTE world_read")
        answers.read = {row[0] for row in cursor.fetchall()}
        cursor.execute("EXECUTE world_may (%s)", [patients])
        answers.may = {action: set(ids) for action, ids in zip(ASKED, cursor.fetchone(), strict=True)}
        if entered["state"] == "ok":
            cursor.execute(f"SELECT {LISTS}")
            answers.search, answers.mine, answers.unit = map(set, cursor.fetchone())
        for patient in patients if with_facts else ():
            cursor.execute("SELECT gate.facts(%s, %s, false)", [secret, patient])
            _judge(answers, _json(cursor.fetchone()[0]), patient, world.rows(patient))
    return answers


def _judge(answers: Answers, found: dict[str, Any], patient: UUID, rows: list[Row]) -> None:
    if found["state"] != "ok" or not found.get("authorisation"):
        return
    facts = Facts.from_json(found, patient)
    answers.facts_read |= {row.entry for row in rows if decide(facts, Action.READ, row)}
    answers.facts_write |= {row.entry for row in rows if decide(facts, Action.WRITE, row)}


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
