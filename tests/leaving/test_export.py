"""The copy that a leaver takes along: whose records, which entries, and that it is whole."""

import json
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
from journal.services.sealed_files import sealed
from journal.tasks import write_exports
from tests.cast import file_columns
from tests.leaving.conftest import ADMIN, CUSTODIAN, lines_of
from tests.leaving.receiver import RECEIVER, Receiver

pytestmark = pytest.mark.django_db


def write(as_app: Any) -> None:
    with as_app():
        while write_exports():
            pass


def release(open_gate: Any, export: RecordExport) -> None:
    with open_gate(CUSTODIAN) as gate:
        acting.export_release(gate=gate, export=export.id, **RECEIVER.told())


def entries_of(line: dict[str, Any]) -> Iterator[str]:
    return (row["id"] for rows in line["entries"].values() for row in rows)


def test_the_copy_waits_for_the_custodian_and_for_the_close(cast, open_gate, leave, at, as_app):
    change = leave()
    export = RecordExport.objects.get(change=change)
    with open_gate(CUSTODIAN) as gate, pytest.raises(CommunityError, match="stengt"):
        acting.export_release(gate=gate, export=export.id, **RECEIVER.told())
    with open_gate(ADMIN) as gate, pytest.raises(DatabaseError, match="custodian"), transaction.atomic():
        gates.call("export_release", export.id, RECEIVER.certificate)
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
    where = exports.folder_of(str(export.id))
    names = {one["name"] for one in check_files(where, RECEIVER.key())["files"]}
    files = {f"file-{cast.patients[key].rows['attachment']}.p7m" for key in ("kari", "anna", "blocked", "former")}
    assert names == files | {"patients-0001.jsonl.p7m", "organisation.json.p7m"}
    assert exports.read_attached(where, RECEIVER.key(), str(cast.anna.rows["attachment"])) == file_columns()["content"]
    assert exports.sha256_of((where / exports.MANIFEST).read_bytes()) == export.manifest_sha256
    assert "verifier" not in json.dumps(exports.read_organisation(where, RECEIVER.key()))
    assert cast.kari.family_name not in "".join(path.read_bytes().decode("latin-1") for path in where.iterdir()), "nobody is named in clear"
    assert [path.name for path in where.parent.iterdir()] == [where.name]


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
        if len(written) == 7:  # a page is three files: what is handed over, an attachment, and what the manifest will say of it
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
    assert sorted(written)[-1] == "patients-0004.jsonl.p7m"
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
    with (where / "patients-0001.jsonl.p7m").open("ab") as file:
        file.write(b"\n")
    with pytest.raises(ImportFault, match="has been changed"):
        check_files(where)


def test_only_the_receiver_reads_it_and_the_manifest_covers_what_is_inside(cast, open_gate, left, as_app, monkeypatch):
    export = left()
    release(open_gate, export)
    write(as_app)
    where, other = exports.folder_of(str(export.id)), Receiver()
    with pytest.raises(ImportFault, match="cannot be opened"):
        check_files(where, other.key())
    path = where / f"{exports.ORGANISATION}.p7m"
    path.write_bytes(sealed(b"{}", RECEIVER.certificate))
    manifest = json.loads((where / exports.MANIFEST).read_text())
    manifest["files"][-1]["sha256"] = exports.sha256_of(path.read_bytes())
    (where / exports.MANIFEST).write_text(json.dumps(manifest))
    check_files(where)
    with pytest.raises(ImportFault, match="holds something else"):
        check_files(where, RECEIVER.key())


@pytest.mark.parametrize(("changes", "field"), [
    ({"certificate": "tull"}, "certificate"), ({"fingerprint": "00:11"}, "fingerprint"), ({"certificate": Receiver(days=-1).certificate}, "certificate"),
    ({"certificate": Receiver(encrypts=False).certificate}, "certificate"), ({"certificate": Receiver(bits=1024).certificate}, "certificate"),
])  # fmt: skip
def test_a_copy_is_not_made_for_a_certificate_that_is_not_the_receivers(cast, open_gate, left, changes, field):
    export = left()
    with open_gate(CUSTODIAN) as gate, pytest.raises(CommunityError) as refused:
        acting.export_release(gate=gate, export=export.id, **RECEIVER.told() | changes)
    assert set(refused.value.errors) == {field}
    with open_gate(CUSTODIAN):
        assert gates.call("export_release", export.id, " ") is False


def test_what_is_begun_for_one_receiver_goes_on_for_no_other(open_gate, left, as_app, monkeypatch):
    export, other, real = left(), Receiver(), exports._write_file
    release(open_gate, export)

    def fails_at_last(path: Any, data: bytes) -> None:
        if path.name == exports.MANIFEST:
            raise OSError("full")
        real(path, data)

    monkeypatch.setattr(exports, "_write_file", fails_at_last)
    with as_app(), pytest.raises(OSError, match="full"):
        write_exports()
    monkeypatch.setattr(exports, "_write_file", real)
    with open_gate(CUSTODIAN) as gate, pytest.raises(CommunityError, match="samme mottaker"):
        acting.export_release(gate=gate, export=export.id, **other.told())
    release(open_gate, export)
    write(as_app)
    assert len(check_files(exports.folder_of(str(export.id)), RECEIVER.key())["files"]) == 6


def test_the_custodian_gives_the_certificate_on_screen(cast, left, client_for):
    export = left()
    client, address = client_for(CUSTODIAN), f"/uttrekk/{export.id}/"
    told = RECEIVER.told()
    refused = client.post(address + "frigi/", told | {"fingerprint": "AB:CD"})
    assert refused.status_code == 422
    assert "BEGIN CERTIFICATE" in refused.content.decode()
    assert client.post(address + "frigi/", told).status_code == 302
    assert told["fingerprint"] in client.get(address).content.decode()
