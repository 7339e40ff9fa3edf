"""The named patients: Kari (story A), Per (story B), and those in the beds when the demo starts."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from lms_epj.core.clock import from_oslo, to_oslo

from .conditions import CHRONIC, CONDITIONS
from .course import CourseWriter, settled
from .medications import prescribe
from .places import LMS, MUNICIPALITIES
from .population import Population
from .shapes import Course, CriticalInfo, NextOfKin, Note, Person, Stay, Visit
from .stays import StayWriter


@dataclass(frozen=True)
class BedPatient:
    """``days`` since admission, ``left`` days to the expected end; ``cave`` as substance and reaction."""

    bed: int
    given: str
    family: str
    age: int
    sex: str
    municipality: str
    topic: str
    days: float
    left: float
    cave: tuple[str, str] | None = None
    language: str = ""
    cast: bool = False


BEDS = (
    BedPatient(2, "Bjørn Arvid", "Olsen", 78, "M", "nordre_follo", "pneumoni", 1.6, 2.0, cast=True),
    BedPatient(3, "Thi Lan", "Nguyen", 69, "K", "vestby", "uvi", 1.4, 2.6, language="vietnamesisk", cast=True),
    BedPatient(4, "Per", "Johansen", 91, "M", "frogn", "dehyd", 3.3, 0.9, ("Jodkontrast", "elveblest"), cast=True),
    BedPatient(6, "Solveig", "Berg", 73, "K", "nesodden", "svikt", 2.2, 3.0, ("ACE-hemmer", "tørrhoste")),
    BedPatient(7, "Marit", "Aas", 88, "K", "enebakk", "delir", 0.9, 3.5),
    BedPatient(8, "Odd", "Karlsen", 66, "M", "as", "rosen", 3.4, 0.15),
    BedPatient(9, "Yusuf", "Ahmed", 58, "M", "nordre_follo", "gastro", 1.5, 1.0),
    BedPatient(10, "Astrid", "Lie", 80, "K", "vestby", "hofte", 5.3, 0.2),
)
EXPECTED = BedPatient(5, "Gunnar", "Dahl", 83, "M", "nordre_follo", "kols", 0, 4)

# Whom the demo tells of by name: there is one of each.
NAMES = frozenset({(one.given, one.family) for one in (*BEDS, EXPECTED)} | {("Kari Marie", "Hansen"), ("Per Kristian", "Brekke"), ("Harald", "Moe")})


class Cast:
    def __init__(self, people: Population, courses: CourseWriter, now: datetime) -> None:
        self.people, self.courses, self.now = people, courses, now
        self.rng: Random = courses.rng

    def kari(self) -> Course:
        """Home nursing in Ås, COPD grade 3; her last visit was charted at 13:10."""
        person = self.people.fixed("Kari Marie", "Hansen", date(1942, 2, 3), "K", MUNICIPALITIES["as"], gp="Tor Eide", known=True)
        kin = [NextOfKin("Lise Hansen", "datter", "415 20 118", True),
               NextOfKin("Gerd Solheim", "nabo", "482 61 340", False)]  # fmt: skip
        known = [c for c in CHRONIC if c.phrase in ("KOLS", "atrieflimmer", "osteoporose")]
        course, slots = self.courses.background(person, kin, "kols", known)
        course.critical = [CriticalInfo("allergy", "Penicillin", "anafylaksi", 2014, "confirmed"),
                           CriticalInfo("allergy", "Naproksen", "utslett", 2009)]  # fmt: skip
        course.critical_status = ""
        unit = self.courses.services(course, slots, since_days=412) or "as.home"
        last = latest_clock(self.now, 13, 10)
        self.courses.home_notes(course, slots, unit, "kols", 14, last - timedelta(hours=3))
        course.notes.append(self._last_visit(last))
        course.visits = self._kari_today(unit)
        return course

    def _kari_today(self, unit: str) -> list[Visit]:
        nurse = self.courses.roster.named("aas.hjemmesykepleier").key
        day = to_oslo(self.now).replace(second=0, microsecond=0, tzinfo=None)
        visits = []
        for hour, minute, tasks in ((9, 0, ("Morgenstell", "Multidose")), (13, 0, ("Inhalasjon",)), (20, 15, ("Kveldsstell",))):
            at = from_oslo(day.replace(hour=hour, minute=minute))
            done = at + timedelta(minutes=30) < self.now
            visits.append(Visit(unit, at, 20, tasks, "done" if done else "planned", nurse if done else None, nurse))
        return visits

    def _last_visit(self, at: datetime) -> Note:
        content = {
            "observation": "Kari satt framoverbøyd ved kjøkkenbordet da jeg låste meg inn, og måtte trekke pusten mellom "
            "hvert tredje ord. Målte RF 24, SpO2 86 % uten oksygen, puls 104 og temperatur 37,9. Hun har hostet opp gult, "
            "seigt slim siden i går og orket bare en halv skive med brunost til lunsj.",
            "help": "Tok to inhalasjoner salbutamol på kammer mens jeg så på, SpO2 steg til 88 % etter et kvarter. Åpnet "
            "soveromsvinduet på gløtt og støttet henne opp med tre puter i godstolen.",
            "plan": "Fastlege Tor Eide er oppringt og vurderer innleggelse på Follo LMS i ettermiddag. Datteren Lise har fått "
            "beskjed og pakker toalettsaker og briller.",
        }
        author = self.courses.roster.named("aas.hjemmesykepleier")
        title = "Hjemmebesøk, økende tungpust"
        return self.courses.notes.given("home_visit", content, author, at, title=title, recorded_by=self.now)

    def per(self) -> Person:
        """Enebakk is outside the community: until he comes he is in the population register only."""
        return self.people.fixed("Per Kristian", "Brekke", date(1939, 9, 21), "M", MUNICIPALITIES["enebakk"], gp="Ragna Vik", known=True)

    def beds(self) -> list[Course]:
        return [self._in_bed(patient) for patient in BEDS] + [self._expected()]

    def _start(self, p: BedPatient) -> tuple[Course, dict[str, str], str | None]:
        born = self.now.date().replace(year=self.now.year - p.age, day=1) - timedelta(days=self.rng.randint(5, 250))
        place = MUNICIPALITIES[p.municipality]
        person = self.people.fixed(p.given, p.family, born, p.sex, place, language=p.language)
        course, slots = self.courses.background(person, self.people.next_of_kin(person), p.topic)
        if p.cave:
            substance, reaction = p.cave
            course.critical = [CriticalInfo("allergy", substance, reaction, self.now.year - 11)]
            course.critical_status = ""
            if substance == "ACE-hemmer":
                course.medications = [m for m in course.medications if m.generic != "ramipril"]
        return course, slots, self.courses.services(course, slots)

    def _in_bed(self, p: BedPatient) -> Course:
        course, slots, unit = self._start(p)
        admitted = self.now - timedelta(days=p.days)
        writer = StayWriter(course, CONDITIONS[p.topic], slots, self.courses.notes, self.courses.roster, self.now)
        writer.write(f"stay-bed-{p.bed}", admitted, self.now + timedelta(days=p.left), p.bed, cast=p.cast)
        course.diagnoses.append(settled(p.topic, admitted.date()))
        if p.topic == "uvi":
            course.vitals[-1] = replace(course.vitals[-1], systolic=88, diastolic=52)
        if p.bed == 7:
            course.notes = [_unsigned(note) for note in course.notes]
        if unit:
            self.courses.home_notes(course, slots, unit, "", 5, admitted - timedelta(hours=6))
        return course

    def _expected(self) -> Course:
        course, slots, unit = self._start(EXPECTED)
        if unit:
            self.courses.home_notes(course, slots, unit, "kols", 6, self.now - timedelta(hours=5))
        course.stays.append(
            Stay(
                key="stay-expected", status="expected", cause="KOLS-forverring", bed=5,
                expected_at=self.now + timedelta(minutes=50), admitted_at=None, referrer=f"fastlege {course.person.gp}",
                responsible_nurse=self.courses.roster.pick(self.rng, LMS, "lms_nurse").key,
                responsible_doctor=self.courses.roster.named("lms.lege").key,
            )
        )  # fmt: skip
        return course

    def harald(self) -> Course:
        """Not admitted; on warfarin-like treatment and insulin: the one emergency access is shown with."""
        person = self.people.fixed("Harald", "Moe", date(1951, 9, 17), "M", MUNICIPALITIES["nordre_follo"])
        known = [c for c in CHRONIC if c.phrase in ("diabetes type 2", "atrieflimmer", "hypertensjon")]
        course, slots = self.courses.background(person, self.people.next_of_kin(person), "diab", known)
        course.critical, course.critical_status = [], ""
        course.medications.append(prescribe("ramipril", self.now.date() - timedelta(days=800), f"fastlege {person.gp}"))
        unit = self.courses.services(course, slots)
        if unit:
            self.courses.home_notes(course, slots, unit, "diab", 9, self.now)
            self.courses.visits_today(course, unit)
        return course


def _unsigned(note: Note) -> Note:
    """The doctor's admission note waits for its signature, so that a work list has something to show."""
    return replace(note, state="CONFIRMED") if note.document_type == "doctor_admission" else note


def latest_clock(now: datetime, hour: int, minute: int) -> datetime:
    """The last time the wall clock showed this: today if it has passed, else yesterday."""
    wall = to_oslo(now).replace(hour=hour, minute=minute, second=0, microsecond=0, tzinfo=None)
    moment = from_oslo(wall)
    return moment if moment <= now else from_oslo(wall - timedelta(days=1))
