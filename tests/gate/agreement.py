"""What decide() expects of a world and what the database does with it, as plain sets that can be compared.

The two are taken apart so that either hand can be tried with a fault in it against the other's known answers.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from access.domain.codes import Action
from access.domain.decide import decide, decide_patient
from access.domain.facts import Facts, Row
from access.domain.rules import NOTHING, Ignored
from tests.conftest import acting_as, make_clock_settable, stand_clock
from tests.gate.loader import ENTRY_MODELS, WORLD_TABLES, load_document_types, load_worlds, secret_of, settle
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
            writes = bool(decide(facts, Action.WRITE, row, ignore))
            if writes:
                answers.facts_write.add(row.entry)
            # `gate.allows` leaves the draft clause to the policy.
            shared = replace(row, draft=False) if row.draft else row
            for action in ASKED:
                if writes if action is Action.WRITE and shared is row else decide(facts, action, shared, ignore):
                    answers.may[action].add(row.entry)
    answers.search = answers.mine = answers.granted
    answers.facts_read = answers.read
    return answers


def _on_unit_list(facts: Facts) -> Facts:
    """A unit's list holds what the unit does now: neither a person's own measures nor those that are over."""
    held = facts.actor.authorisation
    running = (m for m in facts.measures if held and m.unit == held.unit.id and (m.ends_at is None or m.ends_at > facts.now))
    return replace(facts, measures=tuple(running))


@contextmanager
def ground(specimens: list[World]) -> Iterator[None]:
    """What all worlds share: their moment, the forms, the prepared questions. Taken back at the end. As owner.

    Plans are made once, from what the tables hold of the specimens, and kept: planning anew would cost more than all the answers.
    """
    with transaction.atomic():
        make_clock_settable()
        stand_clock(T)
        load_document_types()
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL jit = off; SET LOCAL plan_cache_mode = force_generic_plan; DEALLOCATE ALL")
            cursor.execute(
                f"CREATE TABLE {PROBE} (patient_id uuid, category int, document_type_id text, stay_id uuid, id uuid, origin_id uuid,"
                f" unit_id uuid, legal_entity_id uuid, event_at timestamptz); CREATE INDEX ON {PROBE} (patient_id);"
                f" GRANT SELECT ON {PROBE} TO epj_app"
            )
            write_worlds(specimens)
            cursor.execute("ANALYZE " + ", ".join(WORLD_TABLES))
            # Every person's facts name these; the rest of the specimens is in nobody's way.
            cursor.execute("DELETE FROM access_participation; DELETE FROM access_recordcommunity; DELETE FROM access_legalentity")
        with acting_as("epj_app"), connection.cursor() as cursor:
            cursor.execute(QUESTIONS)
        yield
        transaction.set_rollback(True)


@contextmanager
def worlds_in_place(worlds: list[World]) -> Iterator[None]:
    """The worlds stand in the tables for as long as the block runs. As owner, on the ground."""
    with transaction.atomic():
        write_worlds(worlds)
        yield
        transaction.set_rollback(True)


def write_worlds(worlds: list[World]) -> None:
    """Their rows; and all entries in a table open to the application, so that the rule can be asked about rows it does not show."""
    for world in worlds:
        settle(world)
    load_worlds(worlds)
    with connection.cursor() as cursor, cursor.copy(f"COPY {PROBE} ({PROBE_COLUMNS}) FROM STDIN") as copy:
        for world in worlds:
            for e in world.entries():
                copy.write_row([e[name] for name in PROBE_COLUMNS.split(", ")])


READ_ALL = " UNION ALL ".join(f"SELECT id FROM journal_{name.lower()}" for name in ENTRY_MODELS)
MAY = ", ".join(f"coalesce(array_agg(id) FILTER (WHERE gate.allows({int(a)}, {PROBE_COLUMNS})), '{{}}')" for a in ASKED)
QUESTIONS = f"""
PREPARE world_enter (text, uuid[]) AS SELECT gate.enter($1, 1, $2, '{{"action": "search", "route": "world"}}');
PREPARE world_rows (uuid[]) AS SELECT ARRAY({READ_ALL}), {MAY} FROM {PROBE} WHERE patient_id = ANY ($1);
PREPARE world_lists AS SELECT gate.search_patients('{{}}', NULL), gate.my_patients(NULL, 100),
    gate.unit_patients(ARRAY(SELECT code FROM access_measuretemplate));
PREPARE world_facts (text, uuid[]) AS SELECT patient, gate.facts($1, patient, false) FROM unnest($2) AS patient;
"""


def observe(world: World, authorisation: UUID, *, with_facts: bool = True) -> Answers:
    """The answers of the database, asked as the application with the person's session."""
    answers, secret, patients = Answers(), secret_of(authorisation), world.patients()
    with connection.cursor() as cursor:
        cursor.execute("EXECUTE world_enter (%s, %s)", [secret, patients])
        entered = _json(cursor.fetchone()[0])
        answers.granted = {UUID(p) for p in entered["granted"]}
        cursor.execute("EXECUTE world_rows (%s)", [patients])
        read, *may = cursor.fetchone()
        answers.read, answers.may = set(read), {action: set(ids) for action, ids in zip(ASKED, may, strict=True)}
        if entered["state"] == "ok":
            cursor.execute("EXECUTE world_lists")
            answers.search, answers.mine, answers.unit = map(set, cursor.fetchone())
        if with_facts:
            cursor.execute("EXECUTE world_facts (%s, %s)", [secret, patients])
            for patient, found in cursor.fetchall():
                _judge(answers, _json(found), patient, world.rows(patient))
    return answers


def _judge(answers: Answers, found: dict[str, Any], patient: UUID, rows: list[Row]) -> None:
    if found["state"] != "ok" or not found.get("authorisation"):
        return
    facts = Facts.from_json(found | found["about"], patient)
    answers.facts_read |= {row.entry for row in rows if decide(facts, Action.READ, row)}
    answers.facts_write |= {row.entry for row in rows if decide(facts, Action.WRITE, row)}


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
