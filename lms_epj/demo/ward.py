"""The ``ward`` size: some 600 patients with a course, believable to a nurse."""

from datetime import datetime, timedelta
from random import Random

from .cast import NAMES, Cast
from .conditions import CONDITIONS
from .course import CourseWriter, settled
from .grammar import Writer
from .notes import NoteWriter
from .population import Population
from .rounds import deal_rounds
from .shapes import Course, Dataset, Person
from .staff import make_staff
from .stays import StayWriter

DEFAULT_SEED = 2012
PATIENTS = 600
REGISTER_ONLY = 2400  # the population register holds several times more people than have a record
_STAYS = 205
_AT_ANY_AGE = frozenset({"gastro", "diab", "angst", "uvi", "rosen", "obst"})


def generate_ward(now: datetime, seed: int = DEFAULT_SEED, patients: int = PATIENTS) -> Dataset:
    """All of it, in memory. ``now``: aware; every time is counted back from it, so the demo is always fresh.

    The same seed and ``now`` give the same data.
    """
    rng = Random(seed)
    roster = make_staff(rng)
    people = Population(rng, now, NAMES)
    courses = CourseWriter(NoteWriter(Writer(rng)), roster, now)
    cast = Cast(people, courses, now)
    written: list[Course] = [cast.kari(), *cast.beds(), cast.harald()]
    register: list[Person] = [cast.per()]
    with_stay = round(_STAYS * patients / PATIENTS)
    for index in range(patients - len(written)):
        written.append(_course(people, courses, now, index, has_stay=index < with_stay))
    deal_rounds(written, roster)
    register += [people.person(ages=(18, 96)) for _ in range(round(REGISTER_ONLY * patients / PATIENTS))]
    return Dataset(now, [c.person for c in written] + register, roster.staff, written)


def _course(people: Population, courses: CourseWriter, now: datetime, index: int, *, has_stay: bool) -> Course:
    rng = courses.rng
    topics, shares = list(CONDITIONS), [c.share for c in CONDITIONS.values()]
    topic = rng.choices(topics, shares)[0] if has_stay or rng.random() < 0.45 else ""
    younger = has_stay and topic in _AT_ANY_AGE and rng.random() < 0.2
    person = people.person(ages=(24, 60) if younger else (61, 97), living=has_stay)
    course, slots = courses.background(person, people.next_of_kin(person), topic)
    known = not has_stay or (not younger and rng.random() < 0.7)
    unit = courses.services(course, slots) if known else None
    if has_stay:
        _past_stay(course, slots, courses, topic, now, index)
    if unit:
        latest = min(now, person.deceased_at - timedelta(days=1)) if person.deceased_at else now
        courses.home_notes(course, slots, unit, topic, rng.randint(3, 8), latest)
        if not person.deceased_at:
            courses.visits_today(course, unit)
    course.notes.sort(key=lambda note: note.event_at)
    return course


def _past_stay(course: Course, slots: dict[str, str], courses: CourseWriter, topic: str, now: datetime, index: int) -> None:
    rng, condition = courses.rng, CONDITIONS[topic]
    # about five days between admissions per bed over the last four months, none after yesterday
    discharged = (now - timedelta(days=1 + rng.random() * 120)).replace(minute=rng.randrange(0, 60, 5), second=0)
    discharged = discharged.replace(hour=rng.randint(10, 14), microsecond=0)
    admitted = discharged - timedelta(days=rng.randint(*condition.days), hours=rng.randint(-4, 16))
    writer = StayWriter(course, condition, slots, courses.notes, courses.roster, now)
    writer.write(f"stay-{index:05}", admitted, discharged, rng.randint(1, 10))
    course.diagnoses.append(settled(topic, admitted.date()))
