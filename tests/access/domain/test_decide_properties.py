"""What must hold in any world: ends close, blocks only narrow, openings open one entry, and every clause matters."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from access.domain.codes import Action
from access.domain.decide import categories, decide, decide_patient
from access.domain.facts import Facts, Opening, Row
from access.domain.rules import Clause, ReasonCode, is_held
from tests.gate.worlds import T, World, clause_statistics, random_world

LEAST_SHARE = 0.005
WORLDS = st.integers(min_value=0, max_value=2**32).map(lambda seed: random_world(random.Random(seed)))
TICK = timedelta(microseconds=1)

in_any_world = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)


def cases(world: World) -> Iterator[tuple[Facts, list[Row]]]:
    for user, authorisation in world.persons():
        for patient in world.patients():
            yield world.facts_for(user, authorisation, patient), world.rows(patient)


def seen(facts: Facts, rows: list[Row], action: Action = Action.READ) -> set[Row]:
    return {row for row in rows if decide(facts, action, row)}


@in_any_world
@given(WORLDS)
def test_ending_the_actors_measures_with_their_tails_closes_everything(world: World):
    for facts, rows in cases(world):
        ended = tuple(replace(m, starts_at=min(m.starts_at, T - m.template.tail), ends_at=T - m.template.tail) for m in facts.measures)
        closed = replace(facts, measures=ended)
        assert not seen(closed, rows)
        assert not decide_patient(closed)
        assert not categories(closed, Action.SEARCH)


@in_any_world
@given(WORLDS)
def test_measures_of_others_count_for_nothing(world: World):
    for facts, rows in cases(world):
        own = replace(facts, measures=tuple(m for m in facts.measures if is_held(m, facts)))
        assert [decide(own, Action.READ, row) for row in rows] == [decide(facts, Action.READ, row) for row in rows]


@in_any_world
@given(WORLDS)
def test_a_block_only_narrows_and_never_hides_the_patient(world: World):
    for facts, rows in cases(world):
        free = replace(facts, blocks=())
        narrowed = seen(facts, rows)
        assert narrowed <= seen(free, rows)
        for row in seen(free, rows) - narrowed:
            assert decide(facts, Action.READ, row).reason is ReasonCode.BLOCKED
        assert decide_patient(free).allow == decide_patient(facts).allow
        for number in range(len(facts.blocks)):
            fewer = replace(facts, blocks=facts.blocks[:number] + facts.blocks[number + 1 :])
            assert narrowed <= seen(fewer, rows)


@in_any_world
@given(WORLDS, st.randoms(use_true_random=False))
def test_an_opening_opens_one_entry_at_most_and_only_a_blocked_one(world: World, chance: random.Random):
    for facts, rows in cases(world):
        row = chance.choice(rows)
        opened = replace(facts, openings=(*facts.openings, Opening(row.entry, T, T + TICK)))
        gained = seen(opened, rows) - seen(facts, rows)
        assert gained <= {row}
        assert seen(facts, rows) <= seen(opened, rows)
        assert (row in gained) == decide(facts, Action.READ, row).blocked


@in_any_world
@given(WORLDS)
def test_more_rights_measures_and_exceptions_never_take_away(world: World):
    for facts, rows in cases(world):
        now = seen(facts, rows)
        for number in range(len(facts.measures)):
            assert seen(replace(facts, measures=facts.measures[:number] + facts.measures[number + 1 :]), rows) <= now
        assert seen(replace(facts, rights=facts.rights[::2]), rows) <= now
        assert seen(replace(facts, blocks=tuple(replace(b, exceptions=()) for b in facts.blocks)), rows) <= now
        assert seen(replace(facts, participations=facts.participations[::2]), rows) <= now


@in_any_world
@given(WORLDS)
def test_every_answer_carries_its_ground(world: World):
    for facts, rows in cases(world):
        for row in rows:
            for action in (Action.READ, Action.WRITE):
                decision = decide(facts, action, row)
                assert decision.allow == (decision.reason is ReasonCode.ALLOWED) == (decision.measure is not None)
                assert decision.blocked == (decision.reason is ReasonCode.BLOCKED)
                assert (decision.former_measure is not None) == (decision.reason is ReasonCode.MEASURE_ENDED)
                if decision:
                    assert decide_patient(facts, action, row.category)
                    assert row.category in categories(facts, action)
                if decision and action is Action.WRITE:
                    assert decide(facts, Action.READ, row), "who may write may read"


def test_a_world_is_the_same_for_the_same_seed_and_shares_no_id_with_another():
    one, again, other = (random_world(random.Random(seed)) for seed in (7, 7, 8))
    assert one.tables == again.tables
    shared = {"MeasureTemplate", "InfoCategory", "DocumentType"}
    ids = [{r["id"] for name, rows in w.tables.items() if name not in shared for r in rows} for w in (one, other)]
    assert not ids[0] & ids[1]


def test_each_clause_alone_decides_at_least_one_pair_in_two_hundred():
    pairs, alone = clause_statistics((random_world(random.Random(seed)) for seed in range(160)), rows_each=3)
    assert not {clause.name: alone[clause] for clause in Clause if alone[clause] < LEAST_SHARE * pairs}, pairs
