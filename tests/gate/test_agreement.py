"""The rule stands twice, in Python and in the database, written by two hands. Random worlds prove that both say the same.

Every day some hundred worlds; `EPJ_WORLDS=20000` proves it at length, `EPJ_WORLDS_SEED` takes others. The end of the run says how many.
"""

import os
import random
from collections.abc import Iterator

import pytest
from django.db import connection

from tests.conftest import acting_as
from tests.gate.agreement import expect, ground, observe, worlds_in_place
from tests.gate.loader import WORLD_TABLES, own_templates
from tests.gate.worlds import World, random_world

WORLDS = int(os.environ.get("EPJ_WORLDS", "100"))
SEED = int(os.environ.get("EPJ_WORLDS_SEED", "1"))
PART = 50  # worlds to a test: parallel processes share the tests, and tables slow down as they fill with what was taken back
BATCH = 3  # worlds in the database at a time: more than one, to be kept apart, and few, as the facts name every legal entity there is
SPECIMENS = range(-4, 0)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, WORLDS, PART))
def test_decide_and_the_database_agree(first, own_transactions, record_property):
    templates, pairs = own_templates(), 0
    last = min(first + PART, WORLDS)
    with ground([drawn(number, templates) for number in SPECIMENS]):
        for number in range(first, last, BATCH):
            worlds = {one: drawn(one, templates) for one in range(number, min(number + BATCH, last))}
            with worlds_in_place(list(worlds.values())), acting_as("epj_app"):
                differences = [f"seed {SEED}, world {one}: {found}" for one, world in worlds.items() for found in differences_in(world)]
            if differences:
                pytest.fail("\n".join(differences[:20]), pytrace=False)
            pairs += sum(len(world.persons()) * len(world.entries()) for world in worlds.values())
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM {', '.join(WORLD_TABLES)}, auditlog_entry")
    record_property("worlds", last - first)
    record_property("pairs", pairs)


def drawn(number: int, templates: list[dict]) -> World:
    return random_world(random.Random(f"{SEED}/{number}"), templates)


def differences_in(world: World) -> Iterator[str]:
    for user, authorisation in world.persons():
        for difference in expect(world, user, authorisation).differences(observe(world, authorisation)):
            yield f"authorisation {authorisation}: {difference}"
