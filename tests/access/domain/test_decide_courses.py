"""A role may demand courses: without them, or when they have lapsed, it opens nothing, and says which (R23)."""

from dataclasses import replace
from datetime import datetime

import pytest

from access.domain.codes import Action
from access.domain.decide import decide
from access.domain.explain import explain
from access.domain.facts import CourseDemand, CourseHeld, Facts
from access.domain.rules import ReasonCode
from tests.access.domain.conftest import AGO, NOW, SOON, TICK, authorised, row, uid

COURSE, OTHER = uid(400), uid(401)


def demand(since: datetime = AGO, until: datetime | None = None, course=COURSE, name: str = "Legemiddelhåndtering") -> CourseDemand:
    return CourseDemand(course, name, since, until)


def held(since: datetime = AGO, until: datetime | None = None, course=COURSE) -> CourseHeld:
    return CourseHeld(course, since, until)


def working(demands: tuple[CourseDemand, ...], courses: tuple[CourseHeld, ...]) -> Facts:
    base = authorised(role={"required_courses": demands})
    return replace(base, actor=replace(base.actor, courses=courses))


@pytest.mark.parametrize(
    ("demands", "courses", "reason"),
    [
        ((demand(),), (), ReasonCode.COURSE_MISSING),
        ((demand(),), (held(course=OTHER),), ReasonCode.COURSE_MISSING),
        ((demand(),), (held(until=NOW),), ReasonCode.COURSE_LAPSED),
        ((demand(since=NOW),), (held(until=NOW),), ReasonCode.COURSE_LAPSED),
        ((demand(), demand(course=OTHER)), (held(until=NOW),), ReasonCode.COURSE_MISSING),
        ((demand(), demand(course=OTHER)), (held(),), ReasonCode.COURSE_MISSING),
        ((demand(),), (held(until=NOW + TICK),), ReasonCode.ALLOWED),
        ((demand(),), (held(until=NOW), held(since=NOW)), ReasonCode.ALLOWED),
        ((demand(since=SOON),), (), ReasonCode.ALLOWED),
        ((demand(until=NOW),), (), ReasonCode.ALLOWED),
        ((), (), ReasonCode.ALLOWED),
    ],
)
def test_a_demanded_course_must_be_held_now(demands, courses, reason):
    assert decide(working(demands, courses), Action.READ, row()).reason is reason


def test_the_refusal_names_the_courses_that_are_lacking():
    known = working((demand(), demand(course=OTHER, name="Brannvern")), (held(),))
    said = explain(decide(known, Action.READ, row()), known)
    assert said == "Rollen Sykepleier i hjemmetjenesten krever kurs som ikke er registrert på deg: Brannvern"
