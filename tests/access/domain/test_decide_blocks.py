"""Clauses 5 and 6: the patient's blocks and their openings (R25), and drafts."""

from dataclasses import replace
from datetime import timedelta

import pytest

from access.domain.codes import Action, Category
from access.domain.decide import decide
from access.domain.facts import BlockException
from access.domain.rules import ReasonCode
from tests.access.domain.conftest import (
    AAS,
    COLLEAGUE,
    ENTRY,
    HOME,
    LMS,
    NOTE,
    NOW,
    NURSE,
    OLD_AAS,
    ROLE,
    STAY,
    TICK,
    WARD,
    Ask,
    block,
    facts,
    opening,
    row,
    uid,
)


def under(*blocks, **changes):
    return facts(blocks=blocks, **changes)


def entry_block(**changes):
    return block(scope="entry", entry=ENTRY, **changes)


def test_a_blocked_row_is_refused_and_marked_as_blocked_for_every_action():
    for action in Action:
        known = under(block(), rights=tuple(replace(r, actions=127) for r in facts().rights))
        decision = decide(known, action, row())
        assert decision.reason is ReasonCode.BLOCKED
        assert decision.blocked


def test_a_row_out_of_reach_anyway_does_not_tell_of_its_block(read: Ask):
    assert not read(under(block(), measures=())).blocked
    assert not read(under(block()), draft=True).blocked


@pytest.mark.parametrize(
    ("target", "own", "other"),
    [("user", NURSE, COLLEAGUE), ("role", ROLE, uid(999)), ("unit", HOME, WARD), ("legal_entity", AAS, LMS)],
)
def test_a_block_hits_its_target_and_no_other(read: Ask, target, own, other):
    assert read(under(block(target=target, target_id=own))).blocked
    assert read(under(block(target=target, target_id=other)))


def test_an_exception_for_the_person_or_the_unit_spares_them(read: Ask):
    for spared in (BlockException(NURSE, None), BlockException(None, HOME)):
        assert read(under(block(exceptions=(spared,))))
    assert read(under(block(exceptions=(BlockException(COLLEAGUE, None), BlockException(None, WARD))))).blocked


def test_an_exception_in_one_block_does_not_lift_another(read: Ask):
    spared = block(exceptions=(BlockException(NURSE, None),))
    assert read(under(spared, block(id=uid(301)))).blocked


def test_a_block_holds_within_its_own_time(read: Ask):
    assert read(under(block(valid_from=NOW))).blocked
    assert read(under(block(valid_from=NOW + TICK)))
    assert read(under(block(valid_to=NOW)))
    assert read(under(block(valid_to=NOW + TICK))).blocked


@pytest.mark.parametrize(
    ("scoped", "change"),
    [
        (block(scope="category", category=Category.NURSING), {"category": Category.MEDICAL}),
        (block(scope="document_type", document_type="nurse_note"), {"document_type": "report"}),
        (block(scope="stay", stay=STAY), {"stay": uid(999)}),
        (block(scope="stay", stay=STAY), {"stay": None}),
        (entry_block(), {"entry": NOTE}),
    ],
)
def test_a_block_of_a_part_hits_that_part_only(read: Ask, scoped, change):
    assert read(under(scoped)).blocked
    assert read(under(scoped), **change)


def test_a_blocked_entry_takes_what_was_derived_from_it_along(read: Ask):
    assert read(under(entry_block()), entry=NOTE, origin=ENTRY).blocked


def test_a_block_of_a_period_hits_entries_from_its_start_until_before_its_end(read: Ask):
    at = row().event_at
    assert read(under(block(entries_from=at, entries_to=at + TICK))).blocked
    assert read(under(block(entries_from=at + TICK)))
    assert read(under(block(entries_to=at)))
    assert read(under(block(entries_from=NOW - timedelta(days=1)))), "future entries only: older ones stay"


@pytest.mark.parametrize("wide", [block(), block(scope="stay", stay=STAY), block(scope="entry", entry=NOTE)])
def test_critical_information_stays_when_something_larger_or_its_source_is_blocked(read: Ask, wide):
    assert read(under(wide), category=Category.CRITICAL, origin=NOTE)


@pytest.mark.parametrize(
    "named",
    [entry_block(), block(scope="category", category=Category.CRITICAL), block(scope="document_type", document_type="nurse_note")],
)
def test_critical_information_is_hidden_when_it_is_itself_blocked_by_name(read: Ask, named):
    assert read(under(named), category=Category.CRITICAL).blocked


def test_an_opening_opens_every_block_for_that_entry_and_is_told_to_the_log(read: Ask):
    known = under(block(), entry_block(id=uid(301)), openings=(opening(),))
    assert read(known).opened
    assert read(known, entry=NOTE).blocked
    assert not read(facts(openings=(opening(),))).opened


def test_an_opening_does_not_reach_what_was_derived_from_the_entry(read: Ask):
    assert read(under(entry_block(), openings=(opening(),)), entry=NOTE, origin=ENTRY).blocked


def test_an_opening_holds_within_its_time(read: Ask):
    def opened(**changes):
        return read(under(block(), openings=(opening(**changes),)))

    assert opened(valid_from=NOW)
    assert opened(valid_from=NOW + TICK).blocked
    assert opened(valid_to=NOW).blocked
    assert opened(valid_to=NOW + TICK)


def test_an_opening_gives_no_access_of_its_own(read: Ask):
    assert read(under(block(), openings=(opening(),), measures=())).reason is ReasonCode.NO_MEASURE


def test_an_unknown_kind_of_block_stops_everything_rather_than_nothing(read: Ask):
    with pytest.raises(ValueError, match="scope"):
        read(under(block(scope="chapter")))
    with pytest.raises(ValueError, match="target"):
        read(under(block(target="municipality")))


def test_a_draft_is_its_authors_alone_for_every_action(read: Ask, write: Ask):
    assert read(facts(), draft=True, author=NURSE)
    assert write(facts(), draft=True, author=NURSE)
    assert read(facts(), draft=True).reason is ReasonCode.DRAFT_OF_OTHER
    assert write(facts(), draft=True).reason is ReasonCode.DRAFT_OF_OTHER


def test_the_author_of_a_draft_too_needs_the_measure(read: Ask):
    assert read(facts(measures=()), draft=True, author=NURSE).reason is ReasonCode.NO_MEASURE


def test_ids_as_text_are_refused_because_they_would_slip_past_a_block():
    with pytest.raises(TypeError):
        row(entry=str(ENTRY))


def test_a_block_against_a_merged_entity_goes_on_against_its_successor(read: Ask):
    against = block(target="legal_entity", target_id=OLD_AAS)
    assert read(under(against)).blocked
    apart = tuple(replace(one, successor=None) for one in facts().entities)
    assert not read(under(against, entities=apart)).blocked
