"""The leaver's copy of the records, as files: one line of JSON a patient, checksums over all, written in slices by the worker.

Shape of the folder: `patients-0001.jsonl` … (a page of patients each), `organisation.json` (what the lines refer to), `manifest.json`
(rule, dates, counts, SHA-256 of every file). A file appears whole or not at all; a slice that was cut off is written again.
"""

import hashlib
import json
import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models, transaction

from access.gate import call, rows
from access.models import OrgUnit, User
from journal.models import Bed
from lms_epj.core.clock import now

FORMAT = "lms-epj-export-1"
PAGE = 50
SLICE_SECONDS = 120  # well below the time a task may take; the next run goes on
ENTRIES = ("journal_", "messaging_")
MANIFEST, ORGANISATION = "manifest.json", "organisation.json"


def folder_of(export: str) -> Path:
    """Where one copy is written: readable by the worker's account only."""
    return Path(settings.EPJ_EXPORT_DIR) / f"uttrekk-{export}"


def export_work(seconds: float = SLICE_SECONDS) -> str | None:
    """Writes on the oldest released copy for so long. Returns its id, or None when none waits.

    A fault stops the copy and is shown on its page; the custodian releases it again, and it goes on where it stopped.
    """
    with transaction.atomic():
        export = call("export_take")
    if export is None:
        return None
    try:
        _write(export, time.monotonic() + seconds)
    except Exception as error:
        with transaction.atomic():
            call("export_end", export["id"], "", f"{type(error).__name__}.")
        raise
    return export["id"]


def _write(export: dict[str, Any], deadline: float) -> None:
    folder = folder_of(export["id"])
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    number = export["next_file"]
    while _write_page(export["id"], folder, number):
        number += 1
        if time.monotonic() > deadline:
            with transaction.atomic():
                call("export_pause", export["id"])
            return
    digest = _finish(export, folder)
    with transaction.atomic():
        call("export_end", export["id"], digest, "")


def _write_page(export: str, folder: Path, number: int) -> bool:
    """One file of patients. The log rows, the file and the mark that it is done stand or fall together. False when none were left."""
    with transaction.atomic():
        page = rows("export_page", export, PAGE)
        if not page:
            return False
        lines = [json.loads(row["line"]) if isinstance(row["line"], str) else row["line"] for row in page]
        _write_file(folder / f"patients-{number:04}.jsonl", (_canonical(line) + "\n" for line in lines))
        entries = sum(len(found) for line in lines for found in line["entries"].values())
        withheld = sum(line["withheld"] for line in lines)
        call("export_written", export, number, [row["patient_id"] for row in page], entries, withheld)
    return True


def _finish(export: dict[str, Any], folder: Path) -> str:
    """Organisation and manifest over what lies in the folder. Returns the manifest's SHA-256."""
    needed: dict[type[models.Model], set[str]] = {User: set(), OrgUnit: set(), Bed: set()}
    totals: Counter[str] = Counter()
    for line in read_patients(folder):
        totals["patients"] += 1
        totals["withheld"] += line["withheld"]
        totals["measures"] += len(line["measures"])
        totals["blocks"] += len(line["blocks"])
        for table, found in rows_of(line):
            if table.startswith(ENTRIES):
                totals[table] += 1
            _collect(table, found, needed)
    with transaction.atomic():
        organisation = call("export_organisation", export["id"], *(sorted(needed[model]) for model in (OrgUnit, User, Bed)))
        units = {row["id"] for row in organisation["access_orgunit"]} | {bed["unit_id"] for bed in organisation["journal_bed"]}
        organisation = call("export_organisation", export["id"], sorted(units), sorted(needed[User]), sorted(needed[Bed]))
    _write_file(folder / ORGANISATION, [_canonical(organisation), "\n"])
    names = [*sorted(path.name for path in folder.glob("patients-*.jsonl")), ORGANISATION]
    manifest = {
        "format": FORMAT, "export": export["id"], "entity": export["entity"], "rule": export["rule"], "left_at": export["effective_at"],
        "closed_at": export["closes_at"], "made_at": now().isoformat(), "totals": dict(sorted(totals.items())),
        "files": [{"name": name, "bytes": (folder / name).stat().st_size, "sha256": sha256_of(folder / name)} for name in names],
    }  # fmt: skip
    _write_file(folder / MANIFEST, [json.dumps(manifest, indent=1, ensure_ascii=False), "\n"])
    return sha256_of(folder / MANIFEST)


def rows_of(line: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """(table, row) of everything of one patient that is stored as a row of a table, in an order that references allow."""
    yield "access_patient", line["patient"]
    for name, key in (("access_patientidentity", "identities"), ("access_decidedmeasure", "measures"), ("access_accessblock", "blocks")):
        for row in line[key]:
            yield name, row
            for exception in row.get("exceptions", ()):
                yield "access_blockexception", exception
    for table in sorted(line["entries"], key=lambda name: (name != "journal_stay", name)):
        for row in line["entries"][table]:
            yield table, row
    for table, found in sorted(line["attached"].items()):
        for row in found:
            yield table, row


def _collect(table: str, row: dict[str, Any], needed: dict[type[models.Model], set[str]]) -> None:
    """Notes whom and what the row's references name."""
    for field in model_of(table)._meta.concrete_fields:
        if field.related_model in needed and row.get(field.column):
            needed[field.related_model].add(row[field.column])


def model_of(table: str) -> type[models.Model]:
    return next(model for model in apps.get_models() if model._meta.db_table == table)


def read_patients(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("patients-*.jsonl")):
        with path.open(encoding="utf-8") as file:
            for text in file:
                yield json.loads(text)


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _write_file(path: Path, parts: Iterable[str]) -> None:
    """Whole or not at all, and on the disk before it is counted as done."""
    draft = path.with_suffix(".part")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.writelines(parts)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
