"""Does the proof of agreement see anything? Each clause is spoiled in turn, in either hand, and must be missed."""

from collections.abc import Callable

import pytest
from django.db import connection

from access.domain.rules import Clause
from access.policies.entries import read_clause
from tests.gate import faults
from tests.gate.loader import ENTRY_MODELS
from tests.gate.staging import unnoticed

# What every policy of the record says, and the same with a fault: (name, old, new).
POLICY_FAULTS = [
    ("community", "{t}.legal_entity_id = ANY (g.entities)", "true"),
    ("draft", "{t}.author_id = g.user_id", "true"),
    ("draft shown to none", "({t}.state <> 'DRAFT' OR {t}.author_id = g.user_id)", "{t}.state <> 'DRAFT'"),
    ("careful", "WHEN {t}.patient_id = ANY (g.careful)", "WHEN false"),
    ("mask", "& 1 = 1", "& 1 >= 0"),
    ("whose mask", "array_position(g.subjects, {t}.patient_id)", "1"),
]

pytestmark = pytest.mark.slow


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


def test_every_fault_in_the_database_is_noticed(own_transactions):
    spoils: dict[str, Callable[[], None]] = {str(fault): (lambda fault=fault: run(fault.apply())) for fault in faults.FAULTS}
    spoils |= {f"policy: {name}": (lambda old=old, new=new: spoil_policies(old, new)) for name, old, new in POLICY_FAULTS}
    left = unnoticed("database", list(spoils), lambda stage, fault, likely: stage.notices(spoils[fault], likely))
    assert not left, "\n".join(left)


def test_every_fault_in_decide_is_noticed(own_transactions):
    clauses = [clause.name for clause in Clause]
    left = unnoticed("decide", clauses, lambda stage, clause, likely: stage.notices_in_decide(frozenset({Clause[clause]}), likely))
    assert not left, "\n".join(left)


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
