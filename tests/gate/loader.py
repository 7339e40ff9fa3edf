"""Random worlds as rows of the real tables: one COPY per table, in the transaction of the test and as the owner.

An entry becomes a row of the table its category is charted in, so that every policy of the record is asked.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models

from access.domain.codes import Category as C
from tests.gate.worlds import DOCUMENT_TYPES, INFO_CATEGORIES, MADE_CATEGORIES, Record, T, World

# In the order of their foreign keys.
PLAIN_TABLES = (
    "LegalEntity", "OrgUnit", "RecordCommunity", "Participation", "RoleTemplate", "RoleRight", "Course", "RequiredCourse", "User", "Licence",
    "CourseCompletion", "AccessAuthorisation", "Patient", "EmergencyCase", "DecidedMeasure", "AccessBlock", "BlockException", "BlockOpening",
)  # fmt: skip
CHARTED_IN = {
    C.ADMIN: ("NextOfKin",), C.LOGISTICS: ("Visit",), C.CRITICAL: ("CriticalInfo", "CriticalInfoStatus"), C.DIAGNOSIS: ("Diagnosis",),
    C.MEDICATION: ("Medication",), C.VITALS: ("VitalSet", "OxygenScale"), C.CASEWORK: ("ServiceDecision",), C.TASKS: ("Task",),
}  # fmt: skip
TEXTS = ("Note", "NoteVersion")
ENTRY_MODELS = ("Stay", *dict.fromkeys(name for names in CHARTED_IN.values() for name in names), *TEXTS)
WORLD_TABLES = (*(f"access_{name.lower()}" for name in (*PLAIN_TABLES, "Session")), *(f"journal_{name.lower()}" for name in ENTRY_MODELS))
RENAMED_IN_BLOCKS = {"category_id": "category", "document_type_id": "document_type"}

Rows = dict[str, list[dict[str, Any]]]


def secret_of(authorisation: UUID) -> str:
    """The secret of the session in which a person of a world works in one role."""
    return f"world {authorisation}"


def own_templates() -> list[Record]:
    """The database's measure templates, as worlds take them."""
    from access.models import MeasureTemplate

    keys = ("id", "code", "name", "purpose", "max_hours", "tail_hours", "user_selected", "own_unit_only", "reviewed")
    return [dict(zip(keys, values, strict=True)) for values in MeasureTemplate.objects.order_by("code").values_list(*keys)]


def load_document_types() -> None:
    made = [{"code": x["code"], "name": x["name"], "strict": x["strict"]} for x in INFO_CATEGORIES if x["code"] in MADE_CATEGORIES]
    copy_rows(apps.get_model("access", "InfoCategory"), made)
    rows = [{"code": x["code"], "name": x["name"], "category_id": x["category_id"]} for x in DOCUMENT_TYPES]
    copy_rows(apps.get_model("access", "DocumentType"), rows)


def settle(world: World) -> None:
    """A stay is part of itself, as the record's policy reads it: a block of a stay hides the stay too."""
    for stay in world.tables["Stay"]:
        stay["stay_id"] = stay["id"]


def load_worlds(worlds: Iterable[World]) -> dict[UUID, str]:
    """Writes the worlds (after `settle`). Returns the table in which each entry stands."""
    rows: Rows = defaultdict(list)
    for world in worlds:
        for name in PLAIN_TABLES:
            rows[name] += [_fitted(name, record) for record in world.tables[name]]
        rows["Session"] += [_session(user, authorisation) for user, authorisation in world.persons()]
        rows["Stay"] += [_stay(stay) for stay in world.tables["Stay"]]
        first_notes = _first_notes(world)
        for number, entry in enumerate(world.tables["Entry"], len(world.tables["Stay"])):
            name, columns = _charted(entry, number, first_notes.get(entry["patient_id"]))
            rows[name].append(columns)
    rows["LegalEntity"] = [entity | {"org_number": f"7{number:08}"} for number, entity in enumerate(rows["LegalEntity"])]
    for name in (*PLAIN_TABLES, "Session"):
        copy_rows(apps.get_model("access", name), rows[name])
    for name in ENTRY_MODELS:
        copy_rows(apps.get_model("journal", name), rows[name])
    return {row["id"]: f"journal_{name.lower()}" for name in ENTRY_MODELS for row in rows[name]}


def _fitted(name: str, record: Record) -> dict[str, Any]:
    """The record with the columns of the real table; chances of the world that have no column of their own are translated."""
    if name == "RoleTemplate":
        return record | {"required_profession": record["required_profession"] or ""}
    if name == "AccessBlock":
        columns = {RENAMED_IN_BLOCKS.get(key, key): value for key, value in record.items()}
        targets = [columns.pop(f"target_{kind}_id") for kind in ("user", "role", "unit", "entity")]
        return columns | {"target_id": next((target for target in targets if target), None)}
    return record


def _session(user: UUID, authorisation: UUID) -> dict[str, Any]:
    return {
        "id": authorisation, "user_id": user, "authorisation_id": authorisation, "second_factor": True,
        "secret_hash": hashlib.sha256(secret_of(authorisation).encode()).digest(), "device_hash": b"world",
        "created_at": T, "last_seen_at": T, "expires_at": T + timedelta(days=1),
    }  # fmt: skip


def _first_notes(world: World) -> dict[UUID, UUID]:
    """Of each patient, the note that versions of notes can belong to."""
    notes: dict[UUID, UUID] = {}
    for entry in world.tables["Entry"]:
        if _table(entry, 0) == "Note":
            notes.setdefault(entry["patient_id"], entry["id"])
    return notes


def _stay(stay: Record) -> Record:
    columns = {key: value for key, value in stay.items() if key not in ("draft", "category", "stay_id")}
    return columns | {"category_id": stay["category"], "ward_id": stay["unit_id"], "status": "discharged"}


def _charted(entry: Record, number: int, note: UUID | None) -> tuple[str, Record]:
    """The table of one entry, and its row there. `note`: the first of the patient's, if there is one."""
    columns = {key: value for key, value in entry.items() if key not in ("draft", "category")} | {"category_id": entry["category"]}
    unit, author = entry["unit_id"], entry["author_id"]
    name = _table(entry, number if note else 0)
    special: dict[str, Record] = {
        # A draft that corrects itself: any number of drafts of one author and form may stand beside each other.
        "Note": {"state": "DRAFT", "corrects_id": entry["id"]} if entry["draft"] else {"state": "CONFIRMED", "version": 1},
        "NoteVersion": {"note_id": note, "number": number + 2, "state": "CONFIRMED"},
        "Task": {"for_unit_id": unit},
        "Visit": {"visiting_unit_id": unit, "status": "done"},
        "ServiceDecision": {"executing_unit_id": unit, "service_type_id": 15},
        "OxygenScale": {"scale": 1},
    }
    return name, columns | special.get(name, {"author_id": author})


def _table(entry: Record, number: int) -> str:
    if entry["draft"]:
        return "Note"
    names = CHARTED_IN.get(entry["category"], TEXTS)
    return names[number % len(names)]


def copy_rows(model: type[models.Model], rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    statement, missing, in_json = _columns_of(model)
    unknown = set().union(*rows) - missing.keys()
    if unknown:
        raise ValueError(f"{model.__name__} has no {unknown}")
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            values = missing | row
            for name in in_json:
                values[name] = json.dumps(values[name])
            copy.write_row(list(values.values()))


@cache
def _columns_of(model: type[models.Model]) -> tuple[str, dict[str, Any], list[str]]:
    """(statement that takes rows, what each of them says that a world does not speak of, those that are JSON)."""
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.GeneratedField | models.AutoField)]
    listed = ", ".join(f'"{field.column}"' for field in fields)
    missing = {field.attname: _missing(field) for field in fields}
    return f"COPY {model._meta.db_table} ({listed}) FROM STDIN", missing, [f.attname for f in fields if isinstance(f, models.JSONField)]


def _missing(field: models.Field) -> Any:
    """What a column says that the world does not speak of."""
    if field.has_default():
        return field.get_default()
    if field.null:
        return None
    match field:
        case models.DateTimeField():
            return T
        case models.IntegerField():
            return 0
        case models.BooleanField():
            return False
    return ""
