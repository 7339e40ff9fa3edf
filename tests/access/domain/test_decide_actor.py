"""Clause 1: who acts."""

from dataclasses import replace

import pytest

from access.domain.facts import Licence
from access.domain.rules import ReasonCode
from tests.access.domain.conftest import AGO, NOW, SOON, TICK, Ask, authorised, facts, uid


def with_actor(**changes):
    base = facts()
    return replace(base, actor=replace(base.actor, **changes))


def with_entity_of_unit(**changes):
    base = facts()
    return replace(base, entities=(replace(base.entities[0], **changes), *base.entities[1:]))


def test_a_nurse_with_everything_in_order_reads_and_is_told_by_which_measure(read: Ask):
    decision = read(facts())
    assert decision.allow
    assert decision.reason is ReasonCode.ALLOWED
    assert decision.measure == facts().measures[0]
    assert not decision.in_tail
    assert not decision.opened


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        (with_actor(active=False), ReasonCode.USER_INACTIVE),
        (with_actor(authorisation=None), ReasonCode.NO_AUTHORISATION),
        (authorised(valid_from=NOW + TICK), ReasonCode.AUTHORISATION_NOT_STARTED),
        (authorised(valid_to=NOW), ReasonCode.AUTHORISATION_ENDED),
        (authorised(unit={"valid_to": NOW}), ReasonCode.UNIT_CLOSED),
        (authorised(unit={"valid_from": SOON}), ReasonCode.UNIT_CLOSED),
        (authorised(unit={"legal_entity": uid(999)}), ReasonCode.ENTITY_CLOSED),
        (with_entity_of_unit(valid_to=NOW), ReasonCode.ENTITY_CLOSED),
        (with_actor(licences=()), ReasonCode.LICENCE_MISSING),
        (with_actor(licences=(Licence("LE", AGO, None),)), ReasonCode.LICENCE_MISSING),
        (with_actor(licences=(Licence("SP", AGO, NOW),)), ReasonCode.LICENCE_ENDED),
        (with_actor(licences=(Licence("SP", SOON, None),)), ReasonCode.LICENCE_ENDED),
    ],
)
def test_whoever_lacks_one_of_these_reads_nothing(read: Ask, known, reason):
    decision = read(known)
    assert not decision
    assert decision.reason is reason
    assert decision.measure is None


@pytest.mark.parametrize(
    "known",
    [
        authorised(valid_from=NOW),
        authorised(valid_to=NOW + TICK),
        authorised(unit={"valid_from": NOW, "valid_to": NOW + TICK}),
        with_entity_of_unit(valid_from=NOW, valid_to=NOW + TICK),
        with_actor(licences=(Licence("SP", AGO, NOW), Licence("SP", NOW, NOW + TICK))),
    ],
)
def test_a_period_holds_its_first_moment_and_all_before_its_last(read: Ask, known):
    assert read(known)


def test_a_role_without_a_required_profession_needs_no_licence(read: Ask):
    known = authorised(role={"required_profession": None})
    assert read(replace(known, actor=replace(known.actor, licences=())))


def test_facts_about_another_patient_or_none_open_no_row(read: Ask):
    assert read(facts(patient=uid(999))).reason is ReasonCode.OTHER_PATIENT
    assert read(facts(patient=None)).reason is ReasonCode.OTHER_PATIENT
