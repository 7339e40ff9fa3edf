"""The leaver's copy of the records, as files: one line of JSON a patient, checksums over all, written in slices by the worker.

Shape of the folder: `patients-0001.jsonl.p7m` … (a page of patients each), `file-<id>.p7m` (the bytes of one attachment each), `organisation.json.p7m`
(what the lines refer to), all encrypted for the receiver, and `manifest.json` (rule, dates, counts, SHA-256 of every file, plain and encrypted). A file appears whole or not at all; a slice
that was cut off is written again. What the manifest needs of a page, which cannot be read back here, lies in `uttrekk-….sums` until then:
counts, checksums, and ids of staff, units and beds.
"""

import hashlib
import json
import os
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models, transaction

from access.gate import call, rows
from access.models import OrgUnit, User
from journal.models import Bed
from journal.services.sealed_files import SUFFIX, ReceiverKey, sealed
from lms_epj.core.clock import now

FORMAT = "lms-epj-export-3"
PAGE = 50
SLICE_SECONDS = 120  # well below the time a task may take; the next run goes on
ENTRIES = ("journal_", "messaging_", "telemed_")
SHARED = {"telemed_booking"}  # one row may go along with several patients
MANIFEST, ORGANISATION = "manifest.json", "organisation.json"
ATTACHMENTS = "journal_attachment"
REFERRED: tuple[type[models.Model], ...] = (OrgUnit, User, Bed)
ALWAYS = ("patients", "withheld", "measures", "blocks")


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
    for made in (folder, _sums(folder)):
        made.mkdir(mode=0o700, parents=True, exist_ok=True)
    number = export["next_file"]
    while _write_page(export, folder, number):
        number += 1
        if time.monotonic() > deadline:
            with transaction.atomic():
                call("export_pause", export["id"])
            return
    digest = _finish(export, folder, number - 1)
    with transaction.atomic():
        call("export_end", export["id"], digest, "")
    shutil.rmtree(_sums(folder))


def _sums(folder: Path) -> Path:
    """Beside the copy, so that it is never handed over."""
    return folder.with_name(f"{folder.name}.sums")


def _write_page(export: dict[str, Any], folder: Path, number: int) -> bool:
    """One file of patients. The log rows, the file and the mark that it is done stand or fall together. False when none were left."""
    with transaction.atomic():
        page = rows("export_page", export["id"], PAGE)
        if not page:
            return False
        lines = [json.loads(row["line"]) if isinstance(row["line"], str) else row["line"] for row in page]
        name = f"patients-{number:04}.jsonl"
        about = _write_sealed(folder, name, "".join(_canonical(line) + "\n" for line in lines).encode(), export["certificate"])
        about["attached"] = [_write_attached(export, folder, row["id"]) for line in lines for row in line["entries"][ATTACHMENTS]]
        _write_file(_sums(folder) / f"{number:04}.json", _canonical(about | _needs(lines)).encode())
        entries = sum(len(found) for line in lines for found in line["entries"].values())
        withheld = sum(line["withheld"] for line in lines)
        call("export_written", export["id"], number, [row["patient_id"] for row in page], entries, withheld)
    return True


def _write_attached(export: dict[str, Any], folder: Path, attachment: str) -> dict[str, Any]:
    """The bytes of one attachment as a file of its own."""
    return _write_sealed(folder, f"file-{attachment}", bytes(call("export_content", export["id"], attachment)), export["certificate"])


def _needs(lines: list[dict[str, Any]]) -> dict[str, Any]:
    """{totals, needed: {table: [id]}}: how much a page holds, and whom and what its references name."""
    needed: dict[type[models.Model], set[str]] = {model: set() for model in REFERRED}
    totals: Counter[str] = Counter()
    for line in lines:
        totals["patients"] += 1
        totals["withheld"] += line["withheld"]
        totals["measures"] += len(line["measures"])
        totals["blocks"] += len(line["blocks"])
        for table, found in rows_of(line):
            if table.startswith(ENTRIES) and table not in SHARED:
                totals[table] += 1
            _collect(table, found, needed)
    return {"totals": totals, "needed": {model._meta.db_table: sorted(ids) for model, ids in needed.items()}}


def _finish(export: dict[str, Any], folder: Path, last_page: int) -> str:
    """Organisation and manifest over what lies in the folder. Returns the manifest's SHA-256. Raises OSError when a page is not there any more."""
    pages = [json.loads((_sums(folder) / f"{number:04}.json").read_text(encoding="utf-8")) for number in range(1, last_page + 1)]
    units, users, beds = (sorted({key for page in pages for key in page["needed"][model._meta.db_table]}) for model in REFERRED)
    totals = sum((Counter(page["totals"]) for page in pages), Counter())
    with transaction.atomic():
        organisation = call("export_organisation", export["id"], units, users, beds)
        named = {row["id"] for row in organisation["access_orgunit"]} | {bed["unit_id"] for bed in organisation["journal_bed"]}
        organisation = call("export_organisation", export["id"], sorted(named), users, beds)
    last = _write_sealed(folder, ORGANISATION, (_canonical(organisation) + "\n").encode(), export["certificate"])
    written = [one for page in pages for one in (page, *page["attached"])]
    manifest = {
        "format": FORMAT, "export": export["id"], "entity": export["entity"], "rule": export["rule"], "left_at": export["effective_at"],
        "closed_at": export["closes_at"], "made_at": now().isoformat(), "totals": {name: totals[name] for name in sorted({*totals, *ALWAYS})},
        "files": [{key: one[key] for key in last} for one in (*written, last)],
    }  # fmt: skip
    _write_file(folder / MANIFEST, (json.dumps(manifest, indent=1, ensure_ascii=False) + "\n").encode())
    return sha256_of((folder / MANIFEST).read_bytes())


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


def read_patients(folder: Path, key: ReceiverKey) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob(f"patients-*.jsonl{SUFFIX}")):
        # Not splitlines: people write other line ends than this one.
        yield from (json.loads(text) for text in key.read(path).decode().split("\n") if text)


def read_attached(folder: Path, key: ReceiverKey, attachment: str) -> bytes:
    return key.read(folder / f"file-{attachment}{SUFFIX}")


def read_organisation(folder: Path, key: ReceiverKey) -> dict[str, Any]:
    return json.loads(key.read(folder / f"{ORGANISATION}{SUFFIX}"))


def sha256_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _write_sealed(folder: Path, name: str, plain: bytes, certificate: str) -> dict[str, Any]:
    """One file for the receiver. Returns what the manifest says of it: the encrypted file, and the plain content that only the receiver can check."""
    data = sealed(plain, certificate)
    _write_file(folder / f"{name}{SUFFIX}", data)
    return {"name": f"{name}{SUFFIX}", "bytes": len(data), "sha256": sha256_of(data), "plain_bytes": len(plain), "plain_sha256": sha256_of(plain)}


def _write_file(path: Path, data: bytes) -> None:
    """Whole or not at all, and on the disk before it is counted as done."""
    draft = path.with_suffix(".part")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
