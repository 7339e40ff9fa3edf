"""Worlds in which a seeded fault has to show, one at a time, and where each was seen last."""

import json
import os
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.db import DatabaseError, transaction

from access.domain.rules import NOTHING, Ignored
from tests.conftest import acting_as
from tests.gate.agreement import Answers, expect, ground, observe, worlds_in_place
from tests.gate.loader import own_templates
from tests.gate.worlds import World, random_world

# Of the first 288 worlds, those in which the rarest faults show (some need an entity that ends at this very moment).
WORLDS = (*range(48), *range(72, 96), *range(192, 216))
SPECIMENS = range(-4, 0)


class Stage:
    """One world in the database, the persons in it, and what either hand says of each when it is whole."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.persons = world.persons()
        self.expected = [self.expect(one) for one in range(len(self.persons))]
        with acting_as("epj_app"):
            self.observed = [self.observe(one) for one in range(len(self.persons))]
        assert self.expected == self.observed, "the hands disagree before any fault"

    def expect(self, person: int, ignore: Ignored = NOTHING) -> Answers:
        answers = expect(self.world, *self.persons[person], ignore)
        answers.facts_read, answers.facts_write = set(), set()  # not asked here
        return answers

    def observe(self, person: int) -> Answers:
        return observe(self.world, self.persons[person][1], with_facts=False)

    def first(self, tells: Callable[[int], bool], likely: int) -> int | None:
        """The first person of whom it is true, asked in order but for the one with whom to begin."""
        return next((one for one in sorted(range(len(self.persons)), key=lambda one: one != likely) if tells(one)), None)

    def notices(self, spoil: Callable[[], None], likely: int) -> int | None:
        """Who tells that something was spoiled in the database; it is whole again afterwards."""
        with transaction.atomic():
            spoil()
            try:
                with acting_as("epj_app"):
                    noticed = self.first(lambda one: self.observe(one) != self.expected[one], likely)
            except DatabaseError:  # it no longer works at all
                noticed = likely
            transaction.set_rollback(True)
        return noticed

    def notices_in_decide(self, ignore: Ignored, likely: int) -> int | None:
        """Who tells that decide() leaves clauses out."""
        return self.first(lambda one: self.expect(one, ignore) != self.observed[one], likely)


@contextmanager
def staged(number: int) -> Iterator[Stage]:
    """On the ground."""
    world = drawn(number)
    with worlds_in_place([world]):
        yield Stage(world)


def drawn(number: int) -> World:
    return random_world(random.Random(f"faults/{number}"), own_templates())


def unnoticed(kind: str, faults: Sequence[str], tell: Callable[[Stage, str, int], int | None]) -> list[str]:
    """Those that show in no world. `tell(stage, fault, person)`: who there tells of it, asked first of one person.

    Each is tried first where it was seen last (`fault_places_KIND.json`: fault → world, person), which is no more than a shortcut: one
    that does not show there is looked for everywhere. `EPJ_FAULTS=search` looks everywhere for all, and writes the file anew.
    """
    file = Path(__file__).with_name(f"fault_places_{kind}.json")
    searching = os.environ.get("EPJ_FAULTS") == "search"
    known: dict[str, tuple[int, int]] = {} if searching or not file.exists() else json.loads(file.read_text())
    seen: dict[str, tuple[int, int]] = {}

    def look(number: int, tried: Sequence[str]) -> None:
        with staged(number) as stage:
            for fault in tried:
                person = tell(stage, fault, known.get(fault, (number, 0))[1])
                if person is not None:
                    seen[fault] = (number, person)

    places = defaultdict(list)
    for fault in faults:
        if fault in known:
            places[known[fault][0]].append(fault)
    with ground([drawn(number) for number in SPECIMENS]):
        for number, tried in places.items():
            look(number, tried)
        for number in WORLDS:
            if rest := [fault for fault in faults if fault not in seen]:
                look(number, rest)
    if searching:
        lines = (f"  {json.dumps(fault, ensure_ascii=False)}: {list(place)}" for fault, place in sorted(seen.items(), key=lambda one: one[1]))
        file.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    return [fault for fault in faults if fault not in seen]
