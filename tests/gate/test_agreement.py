"""The rule stands twice, in Python and in the database, written by two hands. Random worlds prove that both say the same.

Every day some hundred worlds; `EPJ_WORLDS=20000` proves it at length, `EPJ_WORLDS_SEED` takes others.
"""

import os
import random

import pytest
from django.db import transaction

from tests.gate.agreement import expect, make_probe, observe, prepare
from tests.gate.loader import load_document_types, load_worlds, own_templates, settle
from tests.gate.worlds import T, random_world

WORLDS = int(os.environ.get("EPJ_WORLDS", "120"))
SEED = int(os.environ.get("EPJ_WORLDS_SEED", "1"))
BATCH = 8  # worlds in the database at a time: the facts of a person name every legal entity there is


@pytest.mark.django_db
@pytest.mark.slow
def test_decide_and_the_database_agree(as_app, set_clock):
    set_clock(T)
    load_document_types()
    templates = own_templates()
    asked, allowed, differences = 0, 0, []
    for first in range(0, WORLDS, BATCH):
        numbers = range(first, min(first + BATCH, WORLDS))
        worlds = [random_world(random.Random(f"{SEED}/{number}"), templates) for number in numbers]
        with transaction.atomic():
            for world in worlds:
                settle(world)
            load_worlds(worlds)
            make_probe(worlds)
            with as_app():
                prepare()
                for number, world in zip(numbers, worlds, strict=True):
                    for user, authorisation in world.persons():
                        expected, observed = expect(world, user, authorisation), observe(world, authorisation)
                        asked += sum(len(world.rows(p)) for p in world.patients())
                        allowed += len(expected.read)
                        differences += [f"world {number}, authorisation {authorisation}: {d}" for d in expected.differences(observed)]
            transaction.set_rollback(True)
        assert not differences, "\n".join(differences[:20])
        if first % 1000 < BATCH:
            print(f"{numbers.stop} worlds, {asked} pairs, {allowed} readable: no difference", flush=True)
    # Worlds in which all is forbidden, or all allowed, would prove nothing.
    assert 0.2 < allowed / asked < 0.8
    print(f"{WORLDS} worlds, {asked} pairs of person and row, {allowed} readable: no difference.", flush=True)
