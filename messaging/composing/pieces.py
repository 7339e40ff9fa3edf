"""What a message may be made of: rows of the record, each with what a block asks about it and what it says in a message."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from messaging.formats.model.facts import Critical, Diagnosis, Medication, Relative, Service

PARTS = ("diagnoses", "critical", "medications", "services", "relatives")


@dataclass(frozen=True)
class Piece:
    """One row. ``part`` is where it goes (one of PARTS, or ``note``); ``fact`` what it says there; ``texts`` the sections of a note."""

    id: UUID
    part: str
    label: str
    category: int
    document_type: str | None
    stay: UUID | None
    origin: UUID | None
    event_at: datetime
    fact: Diagnosis | Critical | Medication | Service | Relative | None = None
    texts: Mapping[str, str] = field(default_factory=dict)

    def asked(self) -> dict[str, Any]:
        """As `gate.entries_withheld` takes it."""
        return {
            "id": str(self.id), "category": self.category, "document_type": self.document_type, "stay": str(self.stay) if self.stay else None,
            "origin": str(self.origin) if self.origin else None, "event_at": self.event_at.isoformat(),
        }  # fmt: skip


@dataclass(frozen=True)
class Course:
    """The stay, as far as messages speak of it."""

    id: UUID
    cause: str
    referrer: str
    admitted_at: datetime | None
    ready_at: datetime | None
    planned_at: datetime | None
    discharged_at: datetime | None
    destination: str


@dataclass(frozen=True)
class Subject:
    """The patient as a message names them. ``number`` with its kind (FNR, DNR …), or empty."""

    given: str
    family: str
    born: date | None
    sex: str
    number: str
    kind: str
    gp: str
    municipality: str
    deceased_at: datetime | None = None


@dataclass(frozen=True)
class Material:
    """All that may go: the patient, the stay and the pieces."""

    subject: Subject
    course: Course | None
    pieces: tuple[Piece, ...] = ()

    def without(self, ids: Iterable[UUID]) -> "Material":
        gone = set(ids)
        return replace(self, pieces=tuple(one for one in self.pieces if one.id not in gone))

    def of(self, part: str) -> list[Piece]:
        return [one for one in self.pieces if one.part == part]

    def text(self, sources: Iterable[str]) -> tuple[str, UUID | None]:
        """The first note section that says something, by «document_type.section», and which note it stood in."""
        for source in sources:
            document_type, _, section = source.partition(".")
            if document_type == "stay" and self.course and getattr(self.course, section):
                return getattr(self.course, section), None
            for note in self.of("note"):
                if note.document_type == document_type and note.texts.get(section, "").strip():
                    return note.texts[section].strip(), note.id
        return "", None
