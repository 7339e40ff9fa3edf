"""What opens the records: municipal services and stays, running and ended, with the measures they led to."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from django.db.backends.utils import CursorWrapper

from access.domain.codes import Category
from access.models import MeasureTemplate
from lms_epj.demo.load.copying import Keys, Stamps, copy_lines, line
from lms_epj.demo.load.follo.staff import Patient, Place, Region
from lms_epj.demo.load.organisation import OPENED
from lms_epj.demo.load.progress import Progress
from lms_epj.demo.places import LMS

STAYS = 6_500  # ten beds since the centre opened, the last four months apart: those are the ward's own
DECISION = (
    "id", "patient_id", "category", "unit_id", "legal_entity_id", "author_id", "event_at", "recorded_at", "service_type_id",
    "executing_unit_id", "text", "starts_at", "ends_at", "lock_version",
)  # fmt: skip
STAY = (
    "id", "patient_id", "category", "unit_id", "legal_entity_id", "author_id", "event_at", "recorded_at", "ward_id", "status", "cause",
    "referrer", "expected_at", "admitted_at", "discharged_at", "destination", "owed", "lock_version",
)  # fmt: skip
MEASURE = (
    "id", "patient_id", "template_id", "unit_id", "service_code", "starts_at", "ends_at", "decided_at", "source_kind", "source_id",
    "reason", "caller", "user_selected", "end_reason",
)  # fmt: skip
# unit kind → (service type, measure template)
SERVICES = {
    "home_nursing": (15, "SERVICE_HEALTH"), "nursing_home": (18, "SERVICE_HEALTH"), "therapy": (19, "SERVICE_HEALTH"),
}  # fmt: skip
PRACTICAL = (1, "SERVICE_PRACTICAL")
CAUSES = ("Pneumoni", "Urinveisinfeksjon", "Dehydrering", "Fall uten brudd", "KOLS-forverring", "Observasjon etter fall", "Cellulitt")


class CourseLines:
    """Lines for three tables, drawn patient by patient."""

    def __init__(self, region: Region) -> None:
        self.region, self.rng, self.key, self.stamp = region, Random("follo-courses"), Keys("follo-courses"), Stamps()
        self.templates = dict(MeasureTemplate.objects.using(region.org.using).values_list("code", "id"))
        self.officers = dict.fromkeys(region.places, region.org.users["aas.saksbehandler"].pk)
        self.decisions: list[str] = []
        self.stays: list[str] = []
        self.measures: list[str] = []

    def service(self, patient: Patient, code: int, template: str, starts: datetime, ends: datetime | None) -> None:
        """A decision by the municipality's office, access for who carries it out, and for the office while it runs."""
        office = self.region.places[f"{patient.home.key.split('.')[0]}.office"]
        start, ms = self.stamp[starts]
        end = self.stamp[ends][0] if ends else None
        key = self.key(ms)
        author = self.officers[patient.home.key]
        self.decisions.append(line(
            key, patient.id, int(Category.CASEWORK), office.id, office.entity, author, start, start, code, patient.home.id,
            "Innvilget", start, end, 1))  # fmt: skip
        self.measure(patient, template, patient.home, code, start, ms, end, "service", key)
        self.measure(patient, "SERVICE_CASEWORK", office, code, start, ms, end, "service", key)

    def stay(self, patient: Patient, admitted: datetime, discharged: datetime) -> None:
        ward = self.region.places[LMS]
        start, ms = self.stamp[admitted]
        end = self.stamp[discharged][0]
        key = self.key(ms)
        author = self.rng.choice(self.region.authors[ward.id]).id
        self.stays.append(line(
            key, patient.id, int(Category.LOGISTICS), ward.id, ward.entity, author, start, start, ward.id, "discharged",
            self.rng.choice(CAUSES), "Legevakt", start, start, end, "Hjem", "[]", 1))  # fmt: skip
        self.measure(patient, "ADMITTED", ward, None, start, ms, end, "stay", key)

    def measure(
        self, patient: Patient, template: str, unit: Place, code: int | None, start: str, ms: int, end: str | None, kind: str, source: str
    ) -> None:
        self.measures.append(line(
            self.key(ms), patient.id, self.templates[template], unit.id, code, start, end, start, kind, source, "", "", False,
            "service_ended" if end else ""))  # fmt: skip


def load_courses(cursor: CursorWrapper, region: Region, progress: Progress) -> None:
    """Services of all patients, and the stays of some."""
    lines = CourseLines(region)
    rng, now = lines.rng, region.now
    for patient in region.patients:
        if patient.home.key == LMS:
            continue
        for code, template in _services(patient, rng):
            starts = now - timedelta(days=1 + 900 * rng.random() ** 2)
            ends = None
            if not patient.active:
                ends = now - timedelta(days=30 + 3000 * rng.random())
                starts = ends - timedelta(days=20 + 700 * rng.random())
            lines.service(patient, code, template, starts, ends)
    for patient, discharged in _stays(region, rng):
        lines.stay(patient, discharged - timedelta(days=1 + 4 * rng.random()), discharged)
    progress.say("services and stays")
    for table, columns, ready in (
        ("journal_servicedecision", DECISION, lines.decisions), ("journal_stay", STAY, lines.stays),
        ("access_decidedmeasure", MEASURE, lines.measures),
    ):  # fmt: skip
        copy_lines(cursor, table, columns, ready, progress)


def _services(patient: Patient, rng: Random) -> list[tuple[int, str]]:
    found = [SERVICES[patient.home.kind]]
    return [*found, PRACTICAL] if patient.home.kind == "home_nursing" and rng.random() < 0.5 else found


def _stays(region: Region, rng: Random) -> Iterator[tuple[Patient, datetime]]:
    """(patient, when discharged), spread over the years."""
    span = (region.now - timedelta(days=125) - OPENED) / timedelta(days=1) - 10
    for patient in [p for p in region.patients if p.home.key == LMS]:
        yield patient, region.now - timedelta(days=125 + span * rng.random())
    for _ in range(round(STAYS * region.scale)):
        yield rng.choice(region.patients), region.now - timedelta(days=125 + span * rng.random())
