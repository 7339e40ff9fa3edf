"""Does the proof of agreement see anything? Each clause is spoiled in turn, in either hand, and must be missed."""

import random
from collections.abc import Callable, Iterator

import pytest
from django.db import DatabaseError, connection, transaction

from access.domain.rules import Clause
from access.policies.entries import read_clause
from tests.conftest import acting_as
from tests.gate import faults
from tests.gate.agreement import Answers, expect, observe, worlds_in_place
from tests.gate.loader import ENTRY_MODELS, own_templates
from tests.gate.worlds import World, random_world

WORLDS = 48
# What every policy of the record says, and the same with a fault: (name, old, new).
POLICY_FAULTS = [
    ("community", "{t}.legal_entity_id = ANY (g.entities)", "true"),
    ("draft", "{t}.author_id = g.user_id", "true"),
    ("draft shown to none", "({t}.state <> 'DRAFT' OR {t}.author_id = g.user_id)", "{t}.state <> 'DRAFT'"),
    ("careful", "WHEN {t}.patient_id = ANY (g.careful)", "WHEN false"),
    ("mask", "& 1 = 1", "& 1 >= 0"),
    ("whose mask", "array_position(g.subjects, {t}.patient_id)", "1"),
]
Person = tuple[World, object, object]

pytestmark = pytest.mark.slow


class Stage:
    """Worlds in the database, the persons in them, and what each hand says when it is whole."""

    def __init__(self) -> None:
        templates = own_templates()
        self.worlds = [random_world(random.Random(f"faults/{number}"), templates) for number in range(WORLDS)]
        worlds_in_place(self.worlds)
        self.persons: list[Person] = [(world, *person) for world in self.worlds for person in world.persons()]
        random.Random(3).shuffle(self.persons)
        self.expected: dict[object, Answers] = {}

    def expect(self, person: Person) -> Answers:
        world, user, authorisation = person
        if authorisation not in self.expected:
            answers = expect(world, user, authorisation)
            answers.facts_read, answers.facts_write = set(), set()  # not asked here
            self.expected[authorisation] = answers
        return self.expected[authorisation]

    def differing(self) -> Iterator[str]:
        """Differences between decide() and the database as it is now."""
        for person in self.persons:
            yield from self.expect(person).differences(observe(person[0], person[2], with_facts=False))

    def notices(self, spoil: Callable[[], None]) -> bool:
        """Whether the worlds tell that something was spoiled; it is whole again afterwards."""
        with transaction.atomic():
            spoil()
            try:
                with acting_as("epj_app"):
                    noticed = next(self.differing(), None) is not None
            except DatabaseError:  # it no longer works at all
                noticed = True
            transaction.set_rollback(True)
        return noticed


@pytest.fixture
def stage(own_transactions: None) -> Iterator[Stage]:
    with transaction.atomic():
        yield Stage()
        transaction.set_rollback(True)


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def spoil_policies(old: str, new: str) -> None:
    touched = False
    for model in ENTRY_MODELS:
        table = f"journal_{model.lower()}"
        whole = read_clause(table, draft=model == "Note")
        spoiled = whole.replace(old.format(t=table), new.format(t=table))
        if spoiled != whole:
            touched = True
            run(f"ALTER POLICY entry_read ON {table} USING ({spoiled})")
    assert touched, f"no policy says {old}"


def test_every_fault_in_the_database_is_noticed(stage):
    with acting_as("epj_app"):
        assert not list(stage.differing())
    missed = [str(fault) for fault in faults.FAULTS if not stage.notices(lambda fault=fault: run(fault.apply()))]
    missed += [f"policy: {name}" for name, old, new in POLICY_FAULTS if not stage.notices(lambda old=old, new=new: spoil_policies(old, new))]
    assert not missed, "\n".join(missed)


def test_every_fault_in_decide_is_noticed(stage):
    with acting_as("epj_app"):
        observed = [observe(world, authorisation, with_facts=False) for world, _, authorisation in stage.persons]

    def notices(clause: Clause) -> bool:
        for (world, user, authorisation), answers in zip(stage.persons, observed, strict=True):
            spoiled = expect(world, user, authorisation, frozenset({clause}))
            spoiled.facts_read, spoiled.facts_write = set(), set()
            if next(spoiled.differences(answers), None):
                return True
        return False

    assert not [clause.name for clause in Clause if not notices(clause)]


@pytest.mark.parametrize("function", [name for names in faults.FUNCTIONS.values() for name in names])
def test_every_line_of_the_rule_that_compares_has_a_fault(function):
    assert not faults.lines_without_fault(function)


def test_reasons_for_leaving_a_line_out_still_speak_of_a_line():
    lines = {line for names in faults.FUNCTIONS.values() for name in names for _, _, line in faults.clause_lines(name)}
    assert not {line for line in faults.OTHERWISE if line != "ELSE true"} - lines


def test_every_part_of_the_policy_has_a_fault():
    rest = read_clause("journal_note", draft=True)
    for _, old, _ in sorted(POLICY_FAULTS, key=lambda one: -len(one[1])):
        rest = rest.replace(old.format(t="journal_note"), "")
    assert not faults.COMPARES.search(rest.removeprefix("EXISTS").replace(">>", "")), rest
