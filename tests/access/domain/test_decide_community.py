"""Clause 4: entries of another legal entity need a live agreement that binds both and covers the service (R20, R21, R30)."""

from dataclasses import replace

import pytest

from access.domain.facts import Community, Entity, Participation
from access.domain.rules import ReasonCode
from tests.access.domain.conftest import AAS, AGO, COMMUNITY, LMS, NOW, OLD_AAS, SOON, TICK, WARD, Ask, authorised, facts, uid

OTHER = uid(900)


def participation(entity=AAS, service=15, **changes):
    return replace(Participation(COMMUNITY, entity, service, "member", AGO, None), **changes)


def bound(mine=None, theirs=None):
    """The agreement with one of the two participations changed."""
    return facts(participations=(mine or participation(), theirs or participation(LMS, 25)))


def test_members_of_one_live_agreement_read_each_other(read: Ask):
    assert read(facts(), entity=LMS, unit=WARD)


def test_own_entries_need_no_agreement(read: Ask):
    assert read(facts(communities=(), participations=()))


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        (facts(participations=()), ReasonCode.NO_COMMUNITY),
        (facts(participations=(participation(),)), ReasonCode.NO_COMMUNITY),
        (bound(theirs=participation(LMS, 25, community=OTHER)), ReasonCode.NO_COMMUNITY),
        (facts(communities=(Community(COMMUNITY, AGO, NOW),)), ReasonCode.COMMUNITY_ENDED),
        (facts(communities=(Community(COMMUNITY, SOON, None),)), ReasonCode.COMMUNITY_ENDED),
        (bound(mine=participation(valid_to=NOW)), ReasonCode.PARTICIPATION_ENDED),
        (bound(theirs=participation(LMS, 25, valid_from=NOW + TICK)), ReasonCode.PARTICIPATION_ENDED),
        (bound(mine=participation(mode="message_only")), ReasonCode.MESSAGE_ONLY),
        (bound(theirs=participation(LMS, 25, mode="message_only")), ReasonCode.MESSAGE_ONLY),
        (bound(mine=participation(service=18)), ReasonCode.SERVICE_NOT_COVERED),
        (authorised(unit={"service_code": None}), ReasonCode.SERVICE_NOT_COVERED),
    ],
)
def test_what_is_missing_in_the_agreement_is_named(read: Ask, known, reason):
    decision = read(known, entity=LMS, unit=WARD)
    assert not decision
    assert decision.reason is reason
    assert read(known), "the own entity's entries stay"


def test_two_live_agreements_do_not_add_up_to_one(read: Ask):
    known = replace(bound(theirs=participation(LMS, 25, community=OTHER)), communities=(Community(COMMUNITY, AGO, None), Community(OTHER, AGO, None)))
    assert read(known, entity=LMS).reason is ReasonCode.NO_COMMUNITY


def test_the_other_side_may_take_part_with_any_service(read: Ask):
    assert read(bound(theirs=participation(LMS, 11)), entity=LMS)


def test_a_merged_entitys_entries_belong_to_its_successor(read: Ask):
    assert read(facts(participations=()), entity=OLD_AAS)


def with_old(**changes):
    known = facts(participations=())
    return replace(known, entities=(*known.entities[:2], replace(known.entities[2], **changes)))


def test_the_successor_takes_over_at_the_end_and_not_before(read: Ask):
    assert read(with_old(valid_to=NOW), entity=OLD_AAS)
    assert not read(with_old(valid_to=NOW + TICK), entity=OLD_AAS)
    assert not read(with_old(valid_to=None), entity=OLD_AAS)
    assert not read(with_old(successor=None), entity=OLD_AAS)


def test_successors_are_followed_all_the_way_and_circles_end(read: Ask):
    known = with_old()
    chain = (*known.entities, Entity(OTHER, "Eldre Ås", AGO, NOW, OLD_AAS))
    assert read(replace(known, entities=chain), entity=OTHER)
    circle = (*known.entities[:2], Entity(OLD_AAS, "A", AGO, NOW, OTHER), Entity(OTHER, "B", AGO, NOW, OLD_AAS))
    assert not read(replace(known, entities=circle), entity=OTHER)


def test_the_predecessor_of_a_member_is_read_under_the_members_agreement(read: Ask):
    known = facts()
    old_lms = Entity(OTHER, "Gamle LMS", AGO, NOW, LMS)
    assert read(replace(known, entities=(*known.entities, old_lms)), entity=OTHER)
    assert not read(replace(known, entities=(*known.entities, replace(old_lms, successor=None))), entity=OTHER)


def test_a_unit_of_a_merged_entity_works_on_under_the_successor(read: Ask):
    known = authorised(unit={"legal_entity": OLD_AAS})
    assert read(known), "the successor's entries"
    assert read(known, entity=OLD_AAS), "and those from before"
    assert read(known, entity=LMS), "under the successor's agreement"


@pytest.mark.parametrize(
    ("old", "reason"),
    [({"successor": None}, ReasonCode.ENTITY_CLOSED), ({"valid_to": NOW + TICK}, None), ({"valid_to": NOW}, None)],
)
def test_a_unit_whose_entity_ended_without_a_successor_is_closed(read: Ask, old, reason):
    known = authorised(unit={"legal_entity": OLD_AAS})
    known = replace(known, entities=(*known.entities[:2], replace(known.entities[2], **old)))
    decision = read(known, entity=OLD_AAS)
    assert decision.reason is (reason or ReasonCode.ALLOWED)


def test_a_successor_that_has_not_begun_lets_nobody_in(read: Ask):
    known = authorised(unit={"legal_entity": OLD_AAS})
    known = replace(known, entities=(replace(known.entities[0], valid_from=NOW + TICK), *known.entities[1:]))
    assert read(known).reason is ReasonCode.ENTITY_CLOSED
