"""What a message tells, in rows that can be filed: results, diagnoses, medicines, warnings, events, services, texts."""

from dataclasses import dataclass

from messaging.formats.model.parties import Organisation, Person, Professional
from messaging.formats.model.values import Code, Moment, Quantity


@dataclass(frozen=True)
class TextPart:
    """A piece of prose. `section` is the part of the message it stood in: medical, nursing, other, …"""

    text: str
    heading: Code | None = None
    section: str = ""
    note: str = ""


@dataclass(frozen=True)
class LabResult:
    """One finding. `value` is as written; `low`/`high` bound it when the answer is an interval."""

    analysis: Code | None = None
    value: str = ""
    unit: str = ""
    comparator: Code | None = None
    low: Quantity | None = None
    high: Quantity | None = None
    reference: str = ""
    deviation: Code | None = None
    status: Code | None = None
    change: Code | None = None
    taken: Moment | None = None
    material: str = ""
    comment: str = ""
    number: str = ""
    belongs_to: str = ""


@dataclass(frozen=True)
class Diagnosis:
    code: Code | None = None
    text: str = ""
    main: bool | None = None
    former: bool = False


@dataclass(frozen=True)
class Medication:
    """`given` tells that it is a dose given or handed out, at `start`, not a prescription."""

    name: str = ""
    atc: Code | None = None
    generic: str = ""
    form: Code | None = None
    strength: Quantity | None = None
    dose: str = ""
    purpose: str = ""
    use: Code | None = None
    status: Code | None = None
    start: Moment | None = None
    stop: Moment | None = None
    number: str = ""
    prescription: str = ""
    multidose: Code | None = None
    note: str = ""
    amount: Quantity | None = None
    given: bool = False
    by: Professional | None = None


@dataclass(frozen=True)
class Critical:
    """Something to beware of: `kind` is cave, allergy or precaution."""

    kind: str
    text: str
    substance: Code | None = None
    severity: Code | None = None
    notes: tuple[TextPart, ...] = ()


@dataclass(frozen=True)
class Service:
    """A service the patient has, or is asked for (`wanted`)."""

    kind: Code | None = None
    name: str = ""
    private: bool | None = None
    provider: str = ""
    information: str = ""
    amount: str = ""
    unit: str = ""
    start: Moment | None = None
    stop: Moment | None = None
    note: str = ""
    wanted: bool = False


@dataclass(frozen=True)
class Event:
    """`estimate` is the element Anslag, which senders read in two opposite ways: show it, conclude nothing from it."""

    code: Code | None = None
    time: Moment | None = None
    estimate: bool | None = None
    description: str = ""
    place: str = ""
    note: str = ""


@dataclass(frozen=True)
class FunctionLevel:
    variable: Code | None = None
    score: str = ""
    note: str = ""


@dataclass(frozen=True)
class Relative:
    person: Person
    relation: Code | None = None
    role: Code | None = None
    birth_year: str = ""
    note: str = ""


@dataclass(frozen=True)
class Contact:
    """`function` tells why they are named: unit, contact, responsible, or a role in a dialogue."""

    function: str
    professional: Professional | None = None
    organisation: Organisation | None = None
    person: Person | None = None
    role: Code | None = None
    approved: Moment | None = None
    note: str = ""


@dataclass(frozen=True)
class Question:
    """A request for information, or the one that is answered."""

    kind: Code | None = None
    topic: str = ""
    text: str = ""
    reason: str = ""
    purpose: Code | None = None
    urgency: Code | None = None
    since: Moment | None = None
    until: Moment | None = None
    items: tuple[Code, ...] = ()
    document_id: str = ""


@dataclass(frozen=True)
class Appointment:
    booked: bool | None = None
    time: str = ""
    minutes: str = ""
    place: str = ""
    patient_books: bool | None = None
    patient_told: bool | None = None
    relatives_told: bool | None = None
    note: str = ""


@dataclass(frozen=True)
class Note:
    """The note of a dialogue."""

    theme: Code | None = None
    title: str = ""
    text: str = ""
    remark: str = ""
    document_id: str = ""
    written: Moment | None = None
