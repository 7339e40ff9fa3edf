"""Clauses 2 and 3: a decided measure, and what the role may do under it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from access.domain.codes import Action, Category
from access.domain.decide import categories, decide, decide_patient
from access.domain.rules import ReasonCode
from tests.access.domain.conftest import (
    AGO,
    NOW,
    NURSE,
    READ_ALL,
    SOON,
    TICK,
    WARD,
    Ask,
    authorised,
    block,
    facts,
    measure,
    rights,
    row,
    template,
    uid,
)

TAIL = timedelta(hours=48)


def under(**changes):
    return facts(measures=(measure(**changes),))


def test_no_measure_means_no_record_whatever_the_role(read: Ask):
    assert read(facts(measures=())).reason is ReasonCode.NO_MEASURE


def test_another_units_measure_gives_nothing(read: Ask):
    assert read(under(unit=WARD)).reason is ReasonCode.NO_MEASURE


def test_a_measure_naming_the_person_gives_access_and_one_naming_another_does_not(read: Ask):
    assert read(under(unit=None, performer=NURSE))
    assert read(under(unit=None, performer=uid(999))).reason is ReasonCode.NO_MEASURE


def test_a_measure_opens_at_its_start_and_not_before(read: Ask):
    assert read(under(starts_at=NOW))
    assert read(under(starts_at=NOW + TICK)).reason is ReasonCode.MEASURE_NOT_STARTED


def test_ending_a_measure_and_its_tail_closes_and_the_denial_knows_the_former_measure(read: Ask):
    ended = measure(ends_at=NOW - TAIL)
    decision = read(facts(measures=(ended,)))
    assert decision.reason is ReasonCode.MEASURE_ENDED
    assert decision.former_measure == ended
    assert read(under(ends_at=NOW - TAIL + TICK))


def test_the_former_measure_is_the_last_to_close_and_never_another_units(read: Ask):
    older, newer = measure(ends_at=NOW - 9 * TAIL), measure(id=uid(201), ends_at=NOW - 3 * TAIL)
    foreign = measure(id=uid(202), unit=WARD, ends_at=NOW - 2 * TAIL)
    assert read(facts(measures=(newer, foreign, older))).former_measure == newer
    assert read(facts(measures=(foreign,))).former_measure is None


def test_in_the_tail_one_reads_and_finishes_the_own_units_entries_only(read: Ask, write: Ask):
    tail = under(ends_at=NOW)
    assert read(tail, unit=WARD).in_tail
    assert write(tail).in_tail
    assert write(tail, unit=WARD).reason is ReasonCode.TAIL_OTHER_UNIT
    assert decide(tail, Action.SIGN, row(unit=WARD)).reason is ReasonCode.TAIL_OTHER_UNIT
    assert write(under(ends_at=NOW + TICK), unit=WARD)


def test_the_role_needs_the_right_for_this_category_and_this_action(read: Ask, write: Ask):
    assert read(facts(rights=rights(READ_ALL, Category.MEDICAL))).reason is ReasonCode.CATEGORY_NOT_GRANTED
    assert write(facts(rights=rights(READ_ALL))).reason is ReasonCode.ACTION_NOT_GRANTED
    assert read(facts(rights=rights(READ_ALL)))


def test_rights_under_another_template_do_not_count(read: Ask):
    assert read(facts(measures=(measure(template=template(id=uid(101))),))).reason is ReasonCode.CATEGORY_NOT_GRANTED


def test_a_role_without_duty_to_chart_cannot_write_though_the_matrix_says_so(read: Ask, write: Ask):
    known = authorised(role={"may_chart": False})
    assert read(known)
    assert write(known).reason is ReasonCode.MAY_NOT_CHART
    assert decide(known, Action.SIGN, row()).reason is ReasonCode.MAY_NOT_CHART


def test_a_measure_may_be_limited_to_categories_and_to_newer_entries(read: Ask):
    assert read(under(scope_categories=frozenset({Category.NURSING})))
    assert read(under(scope_categories=frozenset({Category.MEDICAL}))).reason is ReasonCode.OUTSIDE_SCOPE
    assert read(under(scope_categories=frozenset())).reason is ReasonCode.OUTSIDE_SCOPE
    assert read(under(scope_since=row().event_at))
    assert read(under(scope_since=row().event_at + TICK)).reason is ReasonCode.BEFORE_SCOPE


def test_finishing_work_reaches_the_own_units_entries_only(read: Ask):
    known = under(template=template("FINISHING", own_unit_only=True))
    assert read(known)
    assert read(known, unit=WARD).reason is ReasonCode.OWN_UNIT_ONLY


def test_two_measures_do_not_lend_each_other_what_each_lacks(write: Ask):
    tail = measure(ends_at=NOW)
    narrow = measure(id=uid(201), scope_categories=frozenset({Category.MEDICAL}))
    assert write(facts(measures=(tail, narrow)), unit=WARD).reason is ReasonCode.TAIL_OTHER_UNIT


def test_the_log_names_the_running_derived_measure_before_tail_and_self_chosen(read: Ask):
    tail = measure(id=uid(201), ends_at=NOW, starts_at=AGO + TAIL)
    chosen = measure(id=uid(202), template=template("PARTICIPATION", user_selected=True), starts_at=AGO + TAIL)
    assert read(facts(measures=(tail, chosen, measure()))).measure == measure()
    assert read(facts(measures=(tail, chosen))).measure == chosen


def test_the_patient_is_known_where_any_category_may_be_searched():
    known = facts(rights=rights(1, Category.TASKS))
    assert decide_patient(known)
    assert decide_patient(known, Action.SEARCH, Category.TASKS)
    assert decide_patient(known, Action.READ).reason is ReasonCode.ACTION_NOT_GRANTED
    assert decide_patient(known, Action.SEARCH, Category.MEDICAL).reason is ReasonCode.CATEGORY_NOT_GRANTED
    assert decide_patient(facts(measures=())).reason is ReasonCode.NO_MEASURE
    assert decide_patient(under(ends_at=NOW - TAIL)).former_measure is not None
    assert decide_patient(facts(patient=None)).reason is ReasonCode.OTHER_PATIENT


def test_neither_a_block_nor_a_missing_agreement_hides_who_the_patient_is():
    decision = decide_patient(facts(blocks=(block(),), communities=()))
    assert decision
    assert decision.blocked


def test_a_block_of_a_category_out_of_reach_is_not_told_of():
    limited = facts(rights=rights(READ_ALL, Category.NURSING), blocks=(block(scope="category", category=Category.MENTAL),))
    assert not decide_patient(limited).blocked
    assert decide_patient(replace(limited, rights=rights(READ_ALL))).blocked
    assert decide_patient(replace(limited, blocks=(*limited.blocks, block()))).blocked


def test_categories_are_those_with_the_right_within_the_scope():
    known = facts(measures=(measure(scope_categories=frozenset({Category.NURSING, Category.MENTAL})),), rights=rights(READ_ALL, Category.NURSING))
    assert categories(known) == {Category.NURSING}
    assert categories(known, Action.WRITE) == frozenset()
    assert categories(facts(measures=(measure(starts_at=SOON),))) == frozenset()


@pytest.mark.parametrize("action", list(Action))
def test_each_action_is_a_right_of_its_own(action):
    assert decide(facts(rights=rights(int(action))), action, row())
    assert not decide(facts(rights=rights(127 - action)), action, row())
