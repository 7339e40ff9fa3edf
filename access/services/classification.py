"""Roles, categories and document types made by an administrator, without a developer (R11, R13). None of them opens a record by itself."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from access.gate import call
from access.models import DocumentType
from lms_epj.core.folding import fold

CODE_LENGTH = 40
NO_CODE_LEFT = 0
_PLAIN = str.maketrans({"æ": "ae", "ø": "o", "å": "a"})


class ClassificationError(Exception):
    """Why nothing was made: the field, and the words in bokmål."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


def code_of(name: str) -> str:
    """A stable code in plain letters from a name."""
    return re.sub(r"[^a-z0-9]+", "_", fold(name).translate(_PLAIN)).strip("_")[:CODE_LENGTH]


def _checked(name: str, reason: str) -> tuple[str, str]:
    name, reason = " ".join(name.split()), reason.strip()
    if not code_of(name):
        raise ClassificationError("name", _("Skriv et navn."))
    if not reason:
        raise ClassificationError("reason", _("Skriv hvorfor. Begrunnelsen står i loggen."))
    return name, reason


def role_new(*, name: str, mark: str, source: UUID, reason: str) -> UUID:
    """A role with the rights, duties and document types of another; held by nobody yet. Returns it.

    Raises ClassificationError.
    """
    name, reason = _checked(name, reason)
    if len(mark.strip()) > 2:
        raise ClassificationError("mark", _("Merket er én eller to bokstaver."))
    made = call("role_new", code_of(name), name, mark.strip(), source, reason)
    if made is None:
        raise ClassificationError("name", _("Det finnes en rolle med dette navnet. Velg et annet."))
    return made


def category_new(*, name: str, strict: bool, reason: str) -> int:
    """An information category that nobody may see yet. Returns its code.

    Raises ClassificationError.
    """
    name, reason = _checked(name, reason)
    made = call("category_new", name, strict, reason)
    if made is None:
        raise ClassificationError("name", _("Det finnes en kategori med dette navnet. Velg et annet."))
    if made == NO_CODE_LEFT:
        raise ClassificationError("name", _("Det er ikke plass til flere kategorier. Bruk en av dem som finnes."))
    return made


def document_type_save(*, code: str, name: str, category: int, written_by: Sequence[str], headings: str, reason: str) -> str:
    """Makes a document type (`code` empty), or changes one. `headings`: one to a line. Returns its code.

    Raises ClassificationError.
    """
    name, reason = _checked(name, reason)
    if not written_by:
        raise ClassificationError("written_by", _("Velg minst én rolle som skriver journaltypen."))
    old = DocumentType.objects.filter(code=code).first() if code else None
    made = code or code_of(name)
    if not code and DocumentType.objects.filter(code=made).exists():
        raise ClassificationError("name", _("Det finnes en journaltype med dette navnet. Velg et annet."))
    sections = sections_of(headings, old.sections if old else [])
    if not call("document_type_save", made, name, category, list(written_by), json.dumps(sections), reason):
        raise ClassificationError("name", _("Det finnes en journaltype med dette navnet. Velg et annet."))
    return made


def template_save(*, document_type: DocumentType, sections: Sequence[Mapping[str, Any]], reason: str) -> None:
    """A new version of the template, in use from now for everything that is begun. Raises ClassificationError."""
    _name, reason = _checked(document_type.name, reason)
    if list(sections) == document_type.sections:
        raise ClassificationError("reason", _("Malen er den samme som før. Ingenting er lagret."))
    kept = (document_type.code, document_type.name, document_type.category_id, list(document_type.written_by))
    call("document_type_save", *kept, json.dumps(list(sections)), reason)


def sections_of(headings: str, old: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The form: one section per heading. A heading kept keeps its key, so that what was written under it is found; none at all gives one field."""
    kept = {section["label"]: section for section in old}
    lines = list(dict.fromkeys(line for one in headings.splitlines() if (line := " ".join(one.split())))) or ["Notat"]
    taken = {section["key"] for section in old}
    made = []
    for label in lines:
        if label in kept:
            made.append(kept[label])
            continue
        key = base = code_of(label) or "text"
        number = 1
        while key in taken:
            number += 1
            key = f"{base}_{number}"
        taken.add(key)
        made.append({"key": key, "label": label, "hint": "", "rows": 8 if len(lines) == 1 else 3, "required": False})
    return made
