"""Who drives to whom today: each unit's visits dealt out to its people, so that everyone has a round of their own."""

from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta

from .shapes import Course, Visit
from .staff import Roster

DRIVING = timedelta(minutes=5)


def deal_rounds(courses: list[Course], roster: Roster) -> None:
    """Gives every visit to the first of the unit's people who is free, or to none. The cast come first in a unit, so theirs are never empty.

    A visit that has someone already keeps them; one that is done was done by the one whose round it stands on.
    """
    free_from: dict[str, dict[str, datetime]] = defaultdict(dict)
    for course, number in sorted(_places(courses), key=lambda place: _of(place).planned_at):
        visit = course.visits[number]
        people = [person.key for person in roster.at(visit.unit, "home_nurse", "health_worker")]
        free = free_from[visit.unit]
        who = visit.assigned_to or next((key for key in people if key not in free or free[key] <= visit.planned_at), None)
        if who is None:
            continue
        free[who] = visit.planned_at + timedelta(minutes=visit.duration) + DRIVING
        course.visits[number] = replace(visit, assigned_to=who, done_by=visit.done_by and who)


def _places(courses: list[Course]) -> list[tuple[Course, int]]:
    return [(course, number) for course in courses for number in range(len(course.visits))]


def _of(place: tuple[Course, int]) -> Visit:
    course, number = place
    return course.visits[number]
