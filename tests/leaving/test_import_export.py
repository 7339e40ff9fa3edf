"""The copy is read into an empty installation by its command, and each entry stands there as it stood here."""

import json
from collections import defaultdict
from typing import Any

import pytest
from django.db import connection

from journal.services import exports
from tests.leaving.conftest import lines_of
from tests.leaving.receiver import RECEIVER

pytestmark = pytest.mark.django_db
# What an installation gives ids of its own; the copy carries their codes.
OWN_IDS = {"access_decidedmeasure": {"template_id", "case_id"}}
ROWS = "SELECT id::text, to_jsonb(x) FROM {} x WHERE id = ANY (%s::uuid[])"


def stored_here(table: str, ids: list[str]) -> dict[str, Any]:
    """id → the row as this database holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL timezone = 'UTC'")
        cursor.execute(ROWS.format(table), [ids])
        return {key: json.loads(row) if isinstance(row, str) else row for key, row in cursor.fetchall()}


@pytest.mark.parametrize("rule", ["residents", "own"])
def test_every_entry_stands_there_as_it_stood_here(cast, copied, empty_installation, rule, tmp_path):
    export = copied(rule=rule)
    done = empty_installation.run("import_export", str(exports.folder_of(str(export.id))), *RECEIVER.files(tmp_path))
    assert done.returncode == 0, done.stderr
    assert f"compared: {len(lines_of(export))} patients" in done.stdout
    compared = 0
    for line in lines_of(export).values():
        tables: dict[str, list[str]] = defaultdict(list)
        for table, row in exports.rows_of(line):
            tables[table].append(row["id"])
        for table, ids in tables.items():
            here, there = stored_here(table, ids), dict(empty_installation.rows(ROWS.format(table), ids))
            assert here.keys() == there.keys() == set(ids)
            for key in ids:
                for one in (here[key], there[key]):
                    for name in OWN_IDS.get(table, set()) | line["outside"].get(key, {}).keys():
                        one.pop(name)
                assert here[key] == there[key]
                compared += 1
    assert compared > export.entries_done > 0
    counted = "SELECT (SELECT count(*) FROM access_patient), (SELECT count(*) FROM access_user WHERE is_active)"
    assert empty_installation.rows(counted) == [(len(lines_of(export)), 0)], "and nobody logs in because of a copy"
    whose = "SELECT content ->> 'text' FROM journal_note WHERE id = %s"
    assert empty_installation.rows(whose, cast.kari.rows["note"]) == [("karimarkørord note",)]


def test_a_copy_is_read_whole_and_into_an_empty_installation_or_not_at_all(copied, empty_installation, tmp_path):
    folder = exports.folder_of(str(copied().id))
    manifest = json.loads((folder / exports.MANIFEST).read_text())
    manifest["totals"]["journal_note"] += 1
    (folder / exports.MANIFEST).write_text(json.dumps(manifest))
    refused = empty_installation.run("import_export", str(folder), *RECEIVER.files(tmp_path))
    assert refused.returncode == 1
    assert "journal_note" in refused.stderr
    assert empty_installation.rows("SELECT count(*) FROM access_patient") == [(0,)]
    manifest["totals"]["journal_note"] -= 1
    (folder / exports.MANIFEST).write_text(json.dumps(manifest))
    assert empty_installation.run("import_export", str(folder), *RECEIVER.files(tmp_path)).returncode == 0
    again = empty_installation.run("import_export", str(folder), *RECEIVER.files(tmp_path))
    assert "holds patients already" in again.stderr
    assert "give --key" in empty_installation.run("import_export", str(folder)).stderr
    (folder / "patients-0001.jsonl.p7m").unlink()
    assert "is missing" in empty_installation.run("import_export", str(folder), "--check").stderr
