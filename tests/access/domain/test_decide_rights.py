"""Clause 3, when: rights are dated, and a category made on screen is decided like those the program knows."""

from dataclasses import replace

import pytest

from access.domain.codes import Action
from access.domain.decide import categories, decide_patient
from access.domain.rules import ReasonCode
from tests.access.domain.conftest import AGO, NOW, READ_ALL, SOON, TICK, WRITE_ALL, Ask, facts, rights

MADE = (15, 30)


def dated(valid_from, valid_to, actions=READ_ALL):
    return tuple(replace(right, valid_from=valid_from, valid_to=valid_to) for right in rights(actions))


@pytest.mark.parametrize(("valid_from", "valid_to"), [(NOW, None), (AGO, NOW + TICK), (AGO, SOON)])
def test_a_right_in_force_counts(read: Ask, valid_from, valid_to):
    assert read(facts(rights=dated(valid_from, valid_to)))


@pytest.mark.parametrize(("valid_from", "valid_to"), [(NOW + TICK, None), (AGO, NOW), (AGO, AGO)])
def test_a_right_that_is_over_or_has_not_begun_does_not(read: Ask, valid_from, valid_to):
    decision = read(facts(rights=dated(valid_from, valid_to)))
    assert decision.reason is ReasonCode.CATEGORY_NOT_GRANTED


def test_a_right_gives_way_to_the_one_that_follows_at_its_very_moment(read: Ask, write: Ask):
    narrowed = facts(rights=dated(AGO, NOW, WRITE_ALL) + dated(NOW, None, READ_ALL))
    assert read(narrowed)
    assert write(narrowed).reason is ReasonCode.ACTION_NOT_GRANTED
    assert write(replace(narrowed, now=NOW - TICK))


@pytest.mark.parametrize("code", MADE)
def test_a_made_category_is_decided_like_any_other(read: Ask, code):
    held = facts(rights=rights(READ_ALL, code))
    assert read(held, category=code)
    assert read(facts(), category=code).reason is ReasonCode.CATEGORY_NOT_GRANTED
    assert categories(held, Action.READ) == {code}
    assert decide_patient(held, Action.READ)
