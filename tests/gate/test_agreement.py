"""The rule stands twice, in Python and in the database, written by two hands. Random worlds prove that both say the same.

Every day some hundred worlds; `EPJ_WORLDS=20000` proves it at length, `EPJ_WORLDS_SEED` takes others.
"""

import os
import random
from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from tests.conftest import acting_as
from tests.gate.agreement import expect, observe, worlds_in_place
from tests.gate.loader import own_templates
from tests.gate.worlds import World, random_world

WORLDS = int(os.environ.get("EPJ_WORLDS", "120"))
SEED = int(os.environ.get("EPJ_WORLDS_SEED", "1"))
BATCH = 8  # worlds in the database at a time: the facts of a person name every legal entity there is
BATCHES_TO_VACUUM = 25


@pytest.mark.slow
def test_decide_and_the_database_agree(own_transactions):
    # One long transaction would slow down as it fills with what was taken back.
    templates = own_templates()
    asked = 0
    for number, first in enumerate(range(0, WORLDS, BATCH)):
        batch = range(first, min(first + BATCH, WORLDS))
        worlds = [random_world(random.Random(f"{SEED}/{one}"), templates) for one in batch]
        with transaction.atomic():
            worlds_in_place(worlds)
            with acting_as("epj_app"):
                differences = [difference for world in worlds for difference in differences_in(world)]
            transaction.set_rollback(True)
        assert not differences, f"seed {SEED}, worlds {batch}:\n" + "\n".join(differences[:20])
        asked += sum(len(world.persons()) * len(world.entries()) for world in worlds)
        if number % BATCHES_TO_VACUUM == 0:
            with connection.cursor() as cursor:
                cursor.execute("VACUUM")
            print(f"{batch[-1] + 1} worlds, {asked} pairs of person and row: no difference", flush=True)
    print(f"{WORLDS} worlds, {asked} pairs of person and row: no difference", flush=True)


def differences_in(world: World) -> Iterator[str]:
    for user, authorisation in world.persons():
        for difference in expect(world, user, authorisation).differences(observe(world, authorisation)):
            yield f"authorisation {authorisation}: {difference}"
