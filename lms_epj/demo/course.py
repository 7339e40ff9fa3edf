"""Patients with their background: problems, drugs, CAVE, relatives, services and home-care visits."""

from datetime import date, datetime, timedelta
from random import Random

from lms_epj.core.clock import from_oslo, to_oslo

from . import notes as plans
from .conditions import CANCERS, CHRONIC, CONDITIONS, Chronic, Condition
from .medications import prescribe
from .notes import NoteWriter
from .places import MUNICIPALITIES
from .scene import lab_slots, person_slots, vital_slots
from .shapes import Course, CriticalInfo, Diagnosis, Person, Service, Task, Visit
from .staff import Roster
from .vitals import vital_set

_MEMBER_BY_NUMBER = {m.number: m for m in MUNICIPALITIES.values() if m.mode == "member"}
_CAVE = (
    ("allergy", "Penicillin", "utslett"), ("allergy", "Penicillin", "anafylaksi"), ("allergy", "Sulfa", "utslett"),
    ("intolerance", "Kodein", "kvalme"), ("intolerance", "ACE-hemmer", "tørrhoste"), ("allergy", "Jodkontrast", "elveblest"),
    ("allergy", "Plaster", "eksem"), ("intolerance", "Naproksen", "magesår"), ("intolerance", "Metoklopramid", "uro"),
)  # fmt: skip
_CAVE_DRUGS = {
    "ACE-hemmer": ("ramipril",),
    "Metoklopramid": ("metoklopramid",),
    "Penicillin": ("benzylpenicillin", "pivmecillinam", "cefotaksim"),
}
# service code, words in a sentence, share of those with services
_SERVICES = (
    (15, "hjemmesykepleie", 1.0), (6, "trygghetsalarm", 0.6), (1, "praktisk bistand", 0.4), (5, "matombringing", 0.2),
    (27, "elektronisk medisineringsstøtte", 0.15), (4, "dagaktivitetstilbud", 0.12), (28, "digitalt tilsyn", 0.08),
)  # fmt: skip
_VISIT_TASKS = ("Morgenstell", "Multidose", "Støttestrømper", "Blodtrykk", "Sårstell", "Øyedråper", "Frokost", "Vekt")


class CourseWriter:
    """Makes a course for a person; ``background`` first, then visits, then (elsewhere) the stay."""

    def __init__(self, notes: NoteWriter, roster: Roster, now: datetime) -> None:
        self.notes, self.roster, self.now = notes, roster, now
        self.rng: Random = notes.rng

    def background(self, person: Person, kin: list, topic: str, chronic: list[Chronic] | None = None) -> tuple[Course, dict[str, str]]:
        """Everything known before; returns the course and its fixed slots."""
        course = Course(person, next_of_kin=kin)
        chosen = chronic if chronic is not None else self._chronic(topic)
        for problem in chosen:
            onset = self.now.date() - timedelta(days=self.rng.randint(300, 6000))
            course.diagnoses.append(Diagnosis(problem.icpc2, problem.icd10, problem.text, onset))
        self._critical(course, CONDITIONS.get(topic))
        self._medications(course, chosen)
        return course, person_slots(course, chosen, self.rng, self.now)

    def _chronic(self, topic: str) -> list[Chronic]:
        chosen = [c for c in CHRONIC if c.brings == topic and topic in ("kols", "svikt", "diab")]
        others = [c for c in CHRONIC if c not in chosen]
        chosen += self.rng.sample(others, self.rng.choice((1, 2, 2, 3)))
        return ([self.rng.choice(CANCERS)] if topic == "kreft" else []) + chosen

    def _critical(self, course: Course, condition: Condition | None) -> None:
        rng = self.rng
        if rng.random() < 0.3:
            given = set(condition.drugs) if condition else set()
            fits = [c for c in _CAVE if not given & set(_CAVE_DRUGS.get(c[1], ()))]
            for kind, substance, reaction in rng.sample(fits, 1 if rng.random() < 0.8 else 2):
                if substance not in {c.substance for c in course.critical}:
                    year = self.now.year - rng.randint(2, 40)
                    course.critical.append(CriticalInfo(kind, substance, reaction, year))
        elif rng.random() < 0.7:
            course.critical_status = "none_known"

    def _medications(self, course: Course, chronic: list[Chronic]) -> None:
        banned = {drug for c in course.critical for drug in _CAVE_DRUGS.get(c.substance, ())}
        names = dict.fromkeys(drug for problem in chronic for drug in problem.drugs if drug not in banned)
        names.setdefault("paracetamol")
        for name in names:
            started = self.now.date() - timedelta(days=self.rng.randint(60, 2500))
            course.medications.append(prescribe(name, started, f"fastlege {course.person.gp}"))

    def services(self, course: Course, slots: dict[str, str], *, since_days: int = 0) -> str | None:
        """Municipal services and the assessment behind them; the home-nursing unit, ``None`` outside the community."""
        municipality = _MEMBER_BY_NUMBER.get(course.person.municipality_number)
        if municipality is None:
            return None
        rng, unit = self.rng, f"{municipality.code}.home"
        officer = self.roster.pick(rng, f"{municipality.code}.office", "case_officer")
        died = course.person.deceased_at
        decided = (died or self.now) - timedelta(days=since_days or rng.randint(32, 700), hours=rng.randint(0, 6))
        while to_oslo(decided).weekday() > 4 or not 8 <= to_oslo(decided).hour < 15:
            decided -= timedelta(hours=5, minutes=rng.randint(0, 59))
        chosen = [s for s in _SERVICES if rng.random() < s[2]]
        for code, phrase, _ in chosen:
            starts = to_oslo(decided).date() + timedelta(days=rng.randint(1, 6))
            course.services.append(Service(code, unit, decided, starts, died.date() if died else None, phrase.capitalize(), officer.key))
        words = [phrase for _, phrase, _ in chosen]
        said = " og ".join(words[:2])
        extra = {"tjeneste": said, "tjeneste_stor": said.capitalize()}
        course.notes.append(
            self.notes.write(
                "service_assessment", plans.ASSESSMENT_PLAN, slots | extra, officer, decided,
                person_key=course.person.key,
            )
        )  # fmt: skip
        return unit

    def home_notes(self, course: Course, slots: dict[str, str], unit: str, topic: str, count: int, latest: datetime) -> None:
        """``count`` visits with a note, spread over the weeks before ``latest``, none while in a bed."""
        rng = self.rng
        primary = self.roster.pick(rng, unit, "home_nurse")
        weight = 50 + rng.random() * 42
        day = to_oslo(latest).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
        used: set[datetime] = set()
        for _ in range(count * 3):
            if len(used) == count:
                break
            hour = rng.choice((8, 8, 9, 9, 12, 19, 20))
            at = from_oslo(day - timedelta(days=rng.randint(0, 27)) + timedelta(hours=hour, minutes=rng.randint(0, 50)))
            if at > latest or at in used or _in_bed(course, at):
                continue
            used.add(at)
        for at in sorted(used):
            author = self.roster.pick(rng, unit, "home_nurse", "home_nurse", "health_worker")
            weight += rng.uniform(-0.5, 0.5)
            moment = self._home_slots(slots, topic, at, author.key, primary.given_name, weight)
            plan = plans.home_plan(topic, at, rng)
            title = "Kveldsbesøk" if to_oslo(at).hour >= 17 else "Hjemmebesøk"
            course.notes.append(
                self.notes.write(
                    "home_visit", plan, moment, author, at, person_key=course.person.key, title=title,
                    recorded_by=self.now,
                )
            )  # fmt: skip

    def _home_slots(self, slots: dict[str, str], topic: str, at: datetime, author: str, primary: str, weight: float) -> dict[str, str]:
        condition = CONDITIONS.get(topic) or CONDITIONS["dehyd"]
        measured = vital_set(condition, at, 1.0, self.rng, stay="", author=author, confused=False)
        lab = lab_slots(condition, 0.9, self.rng.getrandbits(30))
        return slots | vital_slots(measured) | lab | {"vekt": f"{weight:.1f}".replace(".", ","), "spl": primary}

    def visits_today(self, course: Course, unit: str) -> None:
        """The day list: planned visits of today, done where the hour has passed."""
        rng = self.rng
        today = to_oslo(self.now).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
        for hour in rng.choice(((7,), (8,), (9,), (10,), (11,), (12,), (7, 18), (9, 20), (8, 13, 20), (10, 19))):
            at = from_oslo(today + timedelta(hours=hour, minutes=rng.randrange(0, 60, 5)))
            if _in_bed(course, at):
                continue
            done = at + timedelta(minutes=30) < self.now
            status = rng.choices(("done", "not_home"), (97, 3))[0] if done else "planned"
            by = self.roster.pick(rng, unit, "home_nurse", "health_worker").key if done else None
            tasks = tuple(rng.sample(_VISIT_TASKS, rng.choice((1, 2, 3))))
            course.visits.append(Visit(unit, at, rng.choice((10, 15, 20, 30, 40)), tasks, status, by))
        if rng.random() < 0.15:
            due = self.now + timedelta(hours=rng.randint(2, 60))
            course.tasks.append(Task(rng.choice(("Bestille multidose", "Ringe fastlege", "Evaluere vedtak")), due, unit,
                                     "home"))  # fmt: skip


def _in_bed(course: Course, at: datetime) -> bool:
    return any(s.admitted_at and s.admitted_at <= at and (s.discharged_at is None or at < s.discharged_at + timedelta(hours=4)) for s in course.stays)


def settled(topic: str, onset: date) -> Diagnosis:
    """The stay's own condition as a problem in the record."""
    condition = CONDITIONS[topic]
    return Diagnosis(condition.icpc2, condition.icd10, condition.text, onset, active=True)
