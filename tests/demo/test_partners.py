"""The demo's two of the stories are those the partners write about."""

from datetime import UTC, datetime

from lms_epj.demo.ward import generate_ward
from messaging.simulator.people import PEOPLE


def test_the_partners_know_the_people_of_the_stories_by_the_numbers_they_have_here():
    for seed in (2012, 7):
        register = generate_ward(datetime(2026, 11, 23, 8, tzinfo=UTC), seed=seed, patients=20).register
        numbers = {(one.given_name, one.family_name): one.identities[0].value for one in register if one.identities}
        for person in PEOPLE.values():
            assert numbers[person.given, person.family] == person.number("FNR")
