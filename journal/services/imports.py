"""Reads a leaver's copy into an empty installation, and compares it afterwards row by row. As the owner of the database: nobody works there yet."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import connections, models, transaction

from access.models import MeasureTemplate, Patient, RoleTemplate
from journal.services import exports
from journal.services.sealed_files import ReceiverKey, SealedFileError

Row = dict[str, Any]
# Tables whose rows an installation has from the start, with the key that says they are the same.
CLASSIFICATION = {"access_infocategory": "code", "access_documenttype": "code", "access_servicetype": "code"}
ORGANISATION_ORDER = (
    "access_infocategory", "access_documenttype", "access_servicetype", "access_legalentity", "access_orgunit", "access_user", "access_licence",
    "journal_bed",
)  # fmt: skip
# What the database itself makes of an entry gives way to what the copy says: table → what it is made for.
MADE_BY_TRIGGER = {"messaging_informationgap": "stay_id"}


class ImportFault(Exception):
    """Why the copy was not read in; nothing was written."""


@dataclass
class Outcome:
    """How many rows were written, per table, and what did not come back as it stood in the copy."""

    written: Counter[str] = field(default_factory=Counter)
    compared: int = 0
    differences: list[str] = field(default_factory=list)


def export_import(*, folder: Path, key: ReceiverKey, using: str, told: Callable[[str], None] = lambda text: None) -> Outcome:
    """Everything or nothing: checksums first, then rows, then the comparison.

    Raises ImportFault: a file is missing, changed or unknown, the installation is not empty, or a row came back otherwise.
    """
    manifest = check_files(folder, key)
    if Patient.objects.using(using).exists():
        raise ImportFault("The installation holds patients already. A copy is read into an empty one only.")
    outcome = Outcome()
    with transaction.atomic(using=using):
        with connections[using].cursor() as cursor:
            cursor.execute("SET LOCAL timezone = 'UTC'")
            loader = _Loader(cursor, using, outcome)
            loader.organisation(exports.read_organisation(folder, key))
            for line in exports.read_patients(folder, key):
                for table, row in exports.rows_of(line):
                    content = {"content": "\\x" + exports.read_attached(folder, key, row["id"]).hex()} if table == exports.ATTACHMENTS else {}
                    loader.insert(table, row | content, known_by="id" if table in exports.SHARED else "")
            told(f"Written: {sum(outcome.written.values())} rows.")
            _compare(folder, key, loader)
        _count(manifest, outcome)
        if outcome.differences:
            raise ImportFault("Not as in the copy: " + "; ".join(outcome.differences[:20]))
    return outcome


def check_files(folder: Path, key: ReceiverKey | None = None) -> Row:
    """The manifest, when every file it names is there and unchanged and no other lies beside them. With the key, what is in them too.

    Raises ImportFault.
    """
    try:
        manifest: Row = json.loads((folder / exports.MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ImportFault(f"The manifest cannot be read: {error}") from None
    if manifest.get("format") != exports.FORMAT:
        raise ImportFault(f"The format is {manifest.get('format')!r}; this program reads {exports.FORMAT!r}.")
    named = {one["name"]: one for one in manifest["files"]}
    there = {path.name for path in folder.iterdir()} - {exports.MANIFEST}
    wrong = [f"{name} is missing" for name in named.keys() - there] + [f"{name} is not in the manifest" for name in there - named.keys()]
    wrong += [f"{name} {fault}" for name in named.keys() & there if (fault := _fault(folder / name, named[name], key))]
    if wrong:
        raise ImportFault("; ".join(sorted(wrong)))
    return manifest


def _fault(path: Path, named: Row, key: ReceiverKey | None) -> str:
    """What is wrong with one file; '' when nothing is."""
    if exports.sha256_of(path.read_bytes()) != named["sha256"]:
        return "has been changed"
    try:
        return "holds something else than the manifest says" if key and exports.sha256_of(key.read(path)) != named["plain_sha256"] else ""
    except SealedFileError as error:
        return f"cannot be opened ({error})"


class _Loader:
    """Writes rows as they stand, by the columns the table has. Ids of templates and roles differ between installations; codes do not."""

    def __init__(self, cursor: Any, using: str, outcome: Outcome) -> None:
        self.cursor, self.outcome = cursor, outcome
        self.templates = {code: str(id) for code, id in MeasureTemplate.objects.using(using).values_list("code", "id")}
        self.roles = {code: str(id) for code, id in RoleTemplate.objects.using(using).values_list("code", "id")}

    def organisation(self, found: dict[str, list[Row]]) -> None:
        """Users are named on what they charted; nobody logs in because of a copy."""
        for table in ORGANISATION_ORDER:
            changed = {"is_active": False} if table == "access_user" else {}
            for row in found[table]:
                self.insert(table, row | changed, known_by=CLASSIFICATION.get(table, ""))

    def insert(self, table: str, row: Row, known_by: str = "") -> None:
        stored = self.stored(table, row)
        if table in MADE_BY_TRIGGER:
            key = MADE_BY_TRIGGER[table]
            self.cursor.execute(f"DELETE FROM {table} WHERE {key} = %s", [stored[key]])  # noqa: S608
        names = ", ".join(f'"{name}"' for name in stored)
        self.cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {names} FROM jsonb_populate_record(NULL::{table}, %s)"  # noqa: S608
            + (f" ON CONFLICT ({known_by}) DO NOTHING" if known_by else ""),
            [json.dumps(stored)],
        )
        self.outcome.written[table] += self.cursor.rowcount

    def stored(self, table: str, row: Row) -> Row:
        """The row as this installation stores it. Raises ImportFault on a column or code it does not know."""
        row = dict(row)
        if "template" in row:
            row["template_id"] = self._code(self.templates, row.pop("template"), "measure template")
        if table == "access_accessblock":
            role = row.pop("role")
            row.pop("exceptions")
            if role:
                row["target_id"] = self._code(self.roles, role, "role")
        unknown = row.keys() - columns_of(table)
        if unknown:
            raise ImportFault(f"{table} has no column {', '.join(sorted(unknown))} here. Use the version the copy was made with.")
        return row

    def _code(self, known: dict[str, str], code: str | None, what: str) -> str | None:
        if code is not None and code not in known:
            raise ImportFault(f"The {what} {code} does not exist here. Make it first.")
        return None if code is None else known[code]


@lru_cache
def columns_of(table: str) -> frozenset[str]:
    fields = exports.model_of(table)._meta.concrete_fields
    return frozenset(one.column for one in fields if not isinstance(one, models.GeneratedField))


def _compare(folder: Path, key: ReceiverKey, loader: _Loader) -> None:
    """Every row of every patient as it is stored now, against the copy."""
    for line in exports.read_patients(folder, key):
        for table, row in exports.rows_of(line):
            wanted = loader.stored(table, row)
            loader.cursor.execute(f"SELECT to_jsonb(x) FROM {table} x WHERE id = %s", [row["id"]])  # noqa: S608
            stored = loader.cursor.fetchone()
            found = json.loads(stored[0]) if stored and isinstance(stored[0], str) else stored[0] if stored else {}
            loader.outcome.compared += 1
            wrong = [name for name, value in wanted.items() if name not in found or found[name] != value]
            if wrong:
                loader.outcome.differences.append(f"{table} {row['id']}: {', '.join(wrong)}")


def _count(manifest: Row, outcome: Outcome) -> None:
    """As many of each kind as the manifest says: a line that was lost would not miss itself."""
    for name, number in manifest["totals"].items():
        table = {"patients": "access_patient", "measures": "access_decidedmeasure", "blocks": "access_accessblock"}.get(name, name)
        if name != "withheld" and outcome.written[table] != number:
            outcome.differences.append(f"{table}: {outcome.written[table]} rows, the manifest says {number}")
