"""The copy that a leaver takes along: whose records, which entries, and that it is whole."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from access import gate as gates
from access.models import AccessBlock, ExportPatient, RecordExport, Session
from access.services import community as acting
from access.services.community import CommunityError
from journal.services import exports
from journal.services.imports import ImportFault, check_files
from journal.tasks import write_exports
from tests.leaving.conftest import ADMIN, CUSTODIAN, lines_of

pytestmark = pytest.mark.django_db


def write(as_app: Any) -> None:
    with as_app():
        while write_exports():
            pass


def release(open_gate: Any, export: RecordExport) -> None:
    with open_gate(CUSTODIAN) as gate:
        acting.export_release(gate=gate, export=export.id)


def entries_of(line: dict[str, Any]) -> Iterator[str]:
    return (row["id"] for rows in line["entries"].values() for row in rows)


def test_the_copy_waits_for_the_custodian_and_for_the_close(cast, open_gate, leave, at, as_app):
    change = leave()
    export = RecordExport.objects.get(change=change)
    with open_gate(CUSTODIAN) as gate, pytest.raises(CommunityError, match="stengt"):
        acting.export_release(gate=gate, export=export.id)
    with open_gate(ADMIN) as gate, pytest.raises(DatabaseError, match="custodian"), transaction.atomic():
        gates.call("export_release", export.id)
    with as_app():
        assert write_exports() is None
    with as_app(), pytest.raises(DatabaseError), transaction.atomic():
        gates.rows("export_page", export.id, 10)


def test_the_copy_holds_the_residents_whole_and_the_leavers_own(cast, open_gate, left, as_app, log_rows):
    export = left()
    release(open_gate, export)
    write(as_app)
    export.refresh_from_db()
    assert export.state == "done"
    found = lines_of(export)
    assert set(found) == {str(cast.patients[key].id) for key in ("kari", "anna", "blocked", "former")}
    assert str(cast.kari.rows["draft"]) in set(entries_of(found[str(cast.kari.id)])), "the own draft goes along"
    assert str(cast.anna.rows["note"]) in set(entries_of(found[str(cast.anna.id)])), "the centre's note about a resident"
    assert str(cast.anna.rows["draft"]) not in set(entries_of(found[str(cast.anna.id)])), "another's draft never"
    assert sum(len(list(entries_of(line))) for line in found.values()) == export.entries_done
    assert {str(row["patient_id"]) for row in log_rows(action="export")} == set(found)
    assert len(check_files(exports.folder_of(str(export.id)))["files"]) == 2
    assert exports.sha256_of(exports.folder_of(str(export.id)) / exports.MANIFEST) == export.manifest_sha256
    assert "verifier" not in (exports.folder_of(str(export.id)) / exports.ORGANISATION).read_text()


def test_by_the_narrow_rule_only_its_own_goes_along(cast, open_gate, left, as_app):
    export = left(rule="own")
    release(open_gate, export)
    write(as_app)
    found = lines_of(export)
    assert str(cast.anna.id) not in found
    owners = {row["legal_entity_id"] for line in found.values() for rows in line["entries"].values() for row in rows}
    assert owners == {str(cast.entities["aas"])}


def test_what_is_blocked_for_the_leaver_stays_and_its_own_goes_with_the_block(cast, open_gate, left, as_app):
    since = cast_start()
    for patient in (cast.anna, cast.kari):
        AccessBlock.objects.create(
            patient_id=patient.id, scope="record", target="legal_entity", target_id=cast.entities["aas"], wish_of="Pasienten",
            registered_at=since, valid_from=since,
        )  # fmt: skip
    export = left()
    release(open_gate, export)
    write(as_app)
    found = lines_of(export)
    anna, kari = found[str(cast.anna.id)], found[str(cast.kari.id)]
    assert str(cast.anna.rows["note"]) not in set(entries_of(anna))
    assert str(cast.anna.rows["criticalinfo"]) in set(entries_of(anna)), "critical information only when blocked by name"
    assert anna["withheld"] > 0
    assert str(cast.kari.rows["note"]) in set(entries_of(kari))
    assert [block["scope"] for block in kari["blocks"]] == ["record"]


def cast_start() -> Any:
    return Session.objects.order_by("created_at").first().created_at - timedelta(days=1)


def test_one_who_says_no_is_left_out(cast, open_gate, left, as_app, log_rows):
    export = left()
    with open_gate(CUSTODIAN) as gate:
        with pytest.raises(CommunityError, match="nummeret"):
            acting.export_refuse(gate=gate, export=export.id, number="00000000000", receiver="")
        acting.export_refuse(gate=gate, export=export.id, number=cast.kari.number, receiver="Fastlegen")
    release(open_gate, export)
    write(as_app)
    assert str(cast.kari.id) not in lines_of(export)
    assert log_rows(action="export_refuse")[0]["patient_id"] == cast.kari.id


def test_a_worker_that_was_cut_off_is_followed_by_one_that_goes_on(cast, open_gate, left, as_app, monkeypatch):
    export = left()
    release(open_gate, export)
    monkeypatch.setattr(exports, "PAGE", 1)
    real = exports._write_file
    written = []

    def cut_off(path: Any, parts: Any) -> None:
        written.append(path.name)
        if len(written) == 3:
            raise OSError("full")
        real(path, parts)

    monkeypatch.setattr(exports, "_write_file", cut_off)
    with as_app(), pytest.raises(OSError, match="full"):
        write_exports()
    export.refresh_from_db()
    assert (export.state, export.error) == ("failed", "OSError.")
    assert ExportPatient.objects.filter(export=export, file=None).count() == 2
    release(open_gate, export)
    write(as_app)
    assert sorted(written)[-1] == "patients-0004.jsonl"
    assert len(lines_of(export)) == 4


def test_a_file_that_was_touched_is_refused(cast, open_gate, left, as_app):
    export = left()
    release(open_gate, export)
    write(as_app)
    where = exports.folder_of(str(export.id))
    (where / "beside.txt").write_text("x")
    with pytest.raises(ImportFault, match="not in the manifest"):
        check_files(where)
    (where / "beside.txt").unlink()
    with (where / "patients-0001.jsonl").open("a") as file:
        file.write("\n")
    with pytest.raises(ImportFault, match="has been changed"):
        check_files(where)
