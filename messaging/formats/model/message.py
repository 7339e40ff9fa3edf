"""The message itself."""

from dataclasses import dataclass, field
from typing import Any

from messaging.formats.model.attachment import Attachment
from messaging.formats.model.facts import (
    Appointment,
    Contact,
    Critical,
    Diagnosis,
    Event,
    FunctionLevel,
    LabResult,
    Medication,
    Note,
    Question,
    Relative,
    Service,
    TextPart,
)
from messaging.formats.model.parties import Party, Person
from messaging.formats.model.values import Code, Moment


@dataclass(frozen=True)
class Standard:
    """Which standard a message follows. `family` is how it is wrapped: msghead, message, apprec, ebxml or other."""

    name: str = ""
    version: str = ""
    family: str = "other"
    namespace: str = ""
    root: str = ""
    receipt: str = ""  # version of the receipt it wants, empty when it wants none

    @property
    def known(self) -> bool:
        return bool(self.version)


@dataclass(frozen=True)
class Conversation:
    """Message numbers: of the one answered or changed, and of the first in the thread."""

    parent: str = ""
    root: str = ""


@dataclass(frozen=True)
class Header:
    message_id: str = ""
    type: Code | None = None
    generated: Moment | None = None
    sender: Party | None = None
    receiver: Party | None = None
    copies: tuple[Party, ...] = ()
    patient: Person | None = None
    conversation: Conversation | None = None
    processing: Code | None = None
    priority: Code | None = None
    structure_version: str = ""


@dataclass(frozen=True)
class Content:
    """What is told. `status` is new, changed, cancelled (7309); `document_id` stays the same through them."""

    status: Code | None = None
    report_status: Code | None = None
    document_id: str = ""
    refers_to: tuple[str, ...] = ()
    issued: Moment | None = None
    start: Moment | None = None  # of the stay or event reported
    stop: Moment | None = None
    kind: Code | None = None
    discipline: Code | None = None
    urgency: Code | None = None
    is_answer: bool | None = None
    subject: str = "person"
    notes: tuple[Note, ...] = ()
    questions: tuple[Question, ...] = ()
    texts: tuple[TextPart, ...] = ()
    results: tuple[LabResult, ...] = ()
    diagnoses: tuple[Diagnosis, ...] = ()
    medications: tuple[Medication, ...] = ()
    critical: tuple[Critical, ...] = ()
    events: tuple[Event, ...] = ()
    discharged_to: Code | None = None
    services: tuple[Service, ...] = ()
    functions: tuple[FunctionLevel, ...] = ()
    relatives: tuple[Relative, ...] = ()
    contacts: tuple[Contact, ...] = ()
    appointments: tuple[Appointment, ...] = ()


@dataclass(frozen=True)
class ReceiptStatus:
    """A receipt's own content: `status` 1 taken in, 2 refused, 3 taken in with a faulty part (8258)."""

    status: Code | None = None
    errors: tuple[Code, ...] = ()
    original_id: str = ""
    original_type: Code | None = None
    original_issued: Moment | None = None
    software: str = ""
    software_version: str = ""


@dataclass(frozen=True)
class Envelope:
    """What the transport wrote outside the message."""

    message_id: str = ""
    action: str = ""
    service: str = ""
    sender: str = ""
    receiver: str = ""
    conversation: str = ""
    agreement: str = ""
    refers_to: str = ""
    sent: Moment | None = None
    errors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Message:
    """`source` is the element as it came, for showing what the fields above do not hold; not compared."""

    standard: Standard = Standard()
    header: Header = Header()
    content: Content = Content()
    attachments: tuple[Attachment, ...] = ()
    receipt: ReceiptStatus | None = None
    envelope: Envelope | None = None
    signed: bool = False
    source: Any = field(default=None, compare=False, repr=False)
