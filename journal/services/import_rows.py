"""One patient's lines as rows of ours: built here, written by journal.services.importing in one transaction."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Model

from access.domain.codes import Category
from access.models import DecidedMeasure
from journal.domain.importing import Line, as_day, as_moment
from journal.models import (
    CriticalInfo,
    CriticalInfoStatus,
    Diagnosis,
    Entry,
    Medication,
    NextOfKin,
    Note,
    NoteVersion,
    PlanProblem,
    ServiceDecision,
    VitalSet,
)
from journal.services.import_codes import Author, Codes
from lms_epj.core.ids import uuid7

# kind → (model, category, fields taken over as they are)
PLAIN: dict[str, tuple[type[Entry], Category, tuple[str, ...]]] = {
    "diagnosis": (Diagnosis, Category.DIAGNOSIS, ("text", "icpc2", "icd10", "active", "main")),
    "critical": (CriticalInfo, Category.CRITICAL, ("substance", "reaction", "year", "certainty", "ended_at")),
    "none_known": (CriticalInfoStatus, Category.CRITICAL, ()),
    "medication": (Medication, Category.MEDICATION, (
        "generic", "brand", "atc", "form", "strength", "dose", "route", "frequency", "as_needed", "indication", "started_on", "stopped_at")),
    "vitals": (VitalSet, Category.VITALS, (
        "respiration", "spo2", "on_oxygen", "systolic", "diastolic", "pulse", "temperature", "consciousness", "comment")),
    "next_of_kin": (NextOfKin, Category.ADMIN, ("name", "relation", "phone", "nearest")),
    "service": (ServiceDecision, Category.CASEWORK, ("text", "starts_at", "ends_at")),
    "plan": (PlanProblem, Category.NURSING, ("problem", "goal", "goal_by")),
}  # fmt: skip
DAYS, MOMENTS = {"started_on", "goal_by"}, {"ended_at", "stopped_at", "starts_at", "ends_at"}


@dataclass
class Rows:
    """Rows by model in the order they are written, and which row each line became: [(kind, key, row id, original)]."""

    by_model: dict[type[Model], list[Model]] = field(default_factory=lambda: defaultdict(list))
    became: list[tuple[str, str, UUID, dict[str, str]]] = field(default_factory=list)


def add_entry(rows: Rows, line: Line, patient: UUID, codes: Codes, unit: UUID, author: Author, author_id: UUID) -> None:
    """The row of one line. Times, author and words are the old system's; the unit says which system that was."""
    event = as_moment(line["event_at"])
    recorded = as_moment(line.get("recorded_at")) or event
    common = {
        "id": uuid7(), "patient_id": patient, "unit_id": unit, "legal_entity_id": codes.entity.pk, "author_id": author_id,
        "event_at": event, "recorded_at": recorded,
    }  # fmt: skip
    if line["kind"] == "note":
        _add_note(rows, line, common, codes, author, recorded)
    else:
        _add_plain(rows, line, common, codes)
    original = {"author": author.name, "unit": line.get("unit_text") or "", "type": str(line.get("type") or "")}
    rows.became.append((line["kind"], line["id"], common["id"], original))


def _add_note(rows: Rows, line: Line, common: dict[str, Any], codes: Codes, author: Author, recorded: datetime | None) -> None:
    """A signed note, all of it under the first heading of its type, with the version that says the same."""
    kind = codes.types[line["type"]]
    text = {
        "title": line.get("title") or kind.name, "content": {kind.sections[0]["key"]: line["text"]}, "category_id": kind.category_id,
        "document_type_id": kind.code,
    }  # fmt: skip
    rows.by_model[Note].append(Note(
        **common, **text, state=Note.State.SIGNED, mark=author.mark, version=1, confirmed_at=recorded, signed_by_id=common["author_id"],
        signed_at=recorded, template_version=kind.version,
    ))  # fmt: skip
    rows.by_model[NoteVersion].append(
        NoteVersion(**common | {"id": uuid7()}, **text, note_id=common["id"], origin_id=common["id"], number=1, state=Note.State.SIGNED)
    )


def _add_plain(rows: Rows, line: Line, common: dict[str, Any], codes: Codes) -> None:
    model, category, names = PLAIN[line["kind"]]
    values = {name: _value(name, line[name]) for name in names if line.get(name) not in (None, "")}
    if line["kind"] == "critical":
        values["kind"] = line["type"]
    elif line["kind"] == "none_known":
        values["none_known"] = True
    elif line["kind"] == "medication":
        values["source"] = codes.system
    elif line["kind"] == "service":
        values |= {"service_type_id": int(line["type"]), "executing_unit_id": codes.units[line["executing_unit"]].pk}
        rows.by_model[DecidedMeasure].append(_measure(line, common, codes))
    rows.by_model[model].append(model(**common, category_id=int(category), **values))


def _measure(line: Line, common: dict[str, Any], codes: Codes) -> DecidedMeasure:
    """What the service opens, as when it is decided here: the unit that carries it out reads while it lasts."""
    starts = as_moment(line["starts_at"])
    return DecidedMeasure(
        patient_id=common["patient_id"], template=codes.services[int(line["type"])].template, unit=codes.units[line["executing_unit"]],
        service_code=int(line["type"]), starts_at=starts, ends_at=as_moment(line.get("ends_at")), decided_at=starts, source_kind="service",
        source_id=common["id"],
    )  # fmt: skip


def _value(name: str, value: Any) -> Any:
    if name in DAYS:
        return as_day(value)
    if name in MOMENTS:
        return as_moment(value)
    return Decimal(str(value)).quantize(Decimal("0.1")) if name == "temperature" else value
