"""The template that a note was written in: the type's present one, or the version it was begun in (R9)."""

from typing import Any

from access.gate import current, is_open
from access.models import DocumentTemplate, DocumentType
from journal.models import Note


def sections_of(note: Note) -> list[dict[str, Any]]:
    """The sections of the note's own version of the template."""
    return template(note.document_type, note.template_version) if note.document_type else []


def template(document_type: DocumentType, number: int | None) -> list[dict[str, Any]]:
    """One version's sections. An older one is asked for once in a request, however many notes of it a page shows."""
    if number is None or number == document_type.version:
        return document_type.sections
    known: dict[tuple[str, int], list[dict[str, Any]]] = current().__dict__.setdefault("templates", {}) if is_open() else {}
    place = (document_type.code, number)
    if place not in known:
        found = DocumentTemplate.objects.filter(document_type=document_type, number=number).first()
        known[place] = found.sections if found else document_type.sections
    return known[place]
