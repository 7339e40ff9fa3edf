"""Plain rows of the demo data; the loader maps them to tables. Times are aware UTC; keys are texts
that are stable for one seed (the loader keeps its own table of key → id). Field names follow the models."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True)
class Identity:
    kind: str  # FNR, DNR
    value: str
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True)
class Person:
    """``identities`` may be empty: patients without a number must be admissible. ``sex``: K, M or U."""

    key: str
    given_name: str
    family_name: str
    birth_date: date
    sex: str
    identities: tuple[Identity, ...]
    municipality_number: str
    street: str
    postcode: str
    city: str
    phone: str
    gp: str
    protected_address: bool = False
    deceased_at: datetime | None = None
    language: str = ""  # interpreter needed, as «vietnamesisk»; empty when not

    def age(self, on: date) -> int:
        born = self.birth_date
        return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


@dataclass(frozen=True)
class Staff:
    """``username`` only for those who can log in; the others are authors of notes."""

    key: str
    given_name: str
    family_name: str
    profession: str  # role code of the plan: lms_nurse, home_nurse, ...
    unit: str
    hpr_number: str
    username: str = ""

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True)
class NextOfKin:
    name: str
    relation: str
    phone: str
    nearest: bool


@dataclass(frozen=True)
class Diagnosis:
    icpc2: str
    icd10: str
    text: str
    onset: date
    active: bool = True


@dataclass(frozen=True)
class CriticalInfo:
    """``kind`` as in the model; ``certainty``: confirmed, likely or stated."""

    kind: str
    substance: str
    reaction: str
    year: int | None
    certainty: str = "stated"


@dataclass(frozen=True)
class Medication:
    generic: str
    atc: str
    form: str
    strength: str
    dose: str
    route: str
    frequency: str
    indication: str
    as_needed: bool = False
    started: date | None = None
    stopped: date | None = None
    source: str = ""
    high_alert: str = ""


@dataclass(frozen=True)
class Service:
    """A municipal decision; ``service_code`` by KPR."""

    service_code: int
    executing_unit: str
    decided_at: datetime
    starts: date
    ends: date | None
    text: str
    decided_by: str = ""


@dataclass(frozen=True)
class VitalSet:
    """``oxygen_flow`` in L/min, ``None`` on air. The score is not here: the model computes and keeps it."""

    stay: str | None
    taken_at: datetime
    respiration: int
    spo2: int
    spo2_scale: int
    oxygen: bool
    oxygen_flow: Decimal | None
    systolic: int
    diastolic: int
    pulse: int
    consciousness: str
    temperature: Decimal
    author: str


@dataclass(frozen=True)
class OxygenScale:
    scale: int
    prescriber: str
    reason: str
    event_at: datetime


@dataclass(frozen=True)
class Note:
    """``content``: section key → text, keys by :data:`lms_epj.demo.documents.DOCUMENTS`."""

    key: str
    document_type: str
    title: str
    content: dict[str, str]
    author: str
    unit: str
    event_at: datetime
    recorded_at: datetime
    state: str = "SIGNED"
    stay: str | None = None


@dataclass(frozen=True)
class Task:
    title: str
    due_at: datetime
    target_unit: str
    kind: str
    stay: str | None = None
    done_at: datetime | None = None
    done_by: str | None = None


@dataclass(frozen=True)
class Visit:
    unit: str
    planned_at: datetime
    duration: int  # minutes
    tasks: tuple[str, ...]
    status: str  # planned, done, not_home, cancelled
    done_by: str | None = None
    assigned_to: str | None = None


@dataclass(frozen=True)
class Stay:
    key: str
    status: str
    cause: str
    bed: int | None
    expected_at: datetime
    admitted_at: datetime | None
    referrer: str
    responsible_nurse: str
    responsible_doctor: str
    planned_discharge_at: datetime | None = None
    discharge_ready_at: datetime | None = None
    discharged_at: datetime | None = None
    destination: str = ""
    isolation: str = ""


@dataclass
class Course:
    """All that is charted about one person. ``critical_status``: ``none_known`` or empty (not recorded)."""

    person: Person
    next_of_kin: list[NextOfKin] = field(default_factory=list)
    diagnoses: list[Diagnosis] = field(default_factory=list)
    critical: list[CriticalInfo] = field(default_factory=list)
    critical_status: str = ""
    medications: list[Medication] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    vitals: list[VitalSet] = field(default_factory=list)
    oxygen_scales: list[OxygenScale] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)


@dataclass
class Dataset:
    """``register`` is the population register: it holds all of ``courses`` and many who have no record."""

    now: datetime
    register: list[Person]
    staff: list[Staff]
    courses: list[Course]
