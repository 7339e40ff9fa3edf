"""Verification names the right batch for every manipulation that the database's owner could make."""

import random
import shutil
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditlog.outside_copy import OutsideCopy
from auditlog.sealing import Sealer
from auditlog.verify import Report, verify

BATCHES, ROWS = 5, 6


def check(sealer: Sealer, copy: OutsideCopy | None = None) -> Report:
    return verify(using=sealer.using, public_keys=[sealer.key.public_key()], copy=copy)


def named(report: Report) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for finding in report.findings:
        found.setdefault(finding.number, set()).add(finding.kind)
    return found


@pytest.fixture
def sealed(sealer, write):
    for _ in range(BATCHES):
        write(ROWS)
        sealer.seal()
    return sealer


@pytest.fixture
def restore(run):
    """Puts the log back as it was, so that one world serves many manipulations."""
    run("DROP TABLE IF EXISTS kept_entry, kept_batch")
    run("CREATE TABLE kept_entry AS TABLE auditlog_entry")
    run("CREATE TABLE kept_batch AS TABLE auditlog_batch")

    def back() -> None:
        run("TRUNCATE auditlog_entry, auditlog_batch")
        run("INSERT INTO auditlog_entry SELECT * FROM kept_entry")
        run("INSERT INTO auditlog_batch SELECT * FROM kept_batch")

    yield back
    run("DROP TABLE kept_entry, kept_batch")


def batch_rows(run, number: int) -> list[tuple[int, int]]:
    return run(
        "SELECT e.xid, e.seq FROM auditlog_entry e, auditlog_batch b WHERE b.number = %s AND e.xid >= b.from_xid AND e.xid < b.to_xid ORDER BY 1, 2",
        number,
    )


# Every column that is not the row's place; each is given a value it does not have.
CHANGES = {
    "at": "at + interval '1 microsecond'", "request_id": "gen_random_uuid()", "session_id": "gen_random_uuid()", "user_id": "gen_random_uuid()",
    "user_name": "user_name || ' '", "hpr_number": "'1'", "profession": "'doctor'", "role_code": "'x'", "role_name": "'x'", "unit_id": "gen_random_uuid()",
    "unit_name": "'x'", "legal_entity_id": "gen_random_uuid()", "legal_entity_name": "'x'", "patient_id": "gen_random_uuid()", "patient_name": "'x'",
    "action": "'write'", "route": "'x'", "outcome": "'deny'", "reason_code": "reason_code || '0'", "measure_id": "gen_random_uuid()", "template_code": "'x'",
    "template_name": "'x'", "purpose": "'x'", "user_selected": "NOT user_selected", "reason": "''", "opening_id": "gen_random_uuid()",
    "objects_shown": "'{}'", "categories": "'{}'", "device": "'x'", "salt": "gen_random_uuid()",
}  # fmt: skip


@pytest.mark.parametrize("column", CHANGES)
def test_a_change_in_any_column_is_found(sealer, write, run, column):
    write(2)
    sealer.seal()
    run(f"UPDATE auditlog_entry SET {column} = {CHANGES[column]} WHERE seq = (SELECT min(seq) FROM auditlog_entry)")
    assert named(check(sealer)) == {1: {"rows"}}


def manipulate(run, rng: random.Random) -> tuple[str, dict[int, set[str]]]:
    """Makes one random manipulation; returns its name and what must be found without the copy."""
    number = rng.randint(1, BATCHES)
    xid, seq = rng.choice(batch_rows(run, number))
    kind = rng.choice(["change", "remove", "insert", "swap", "move", "epoch", "record_removed", "record_changed", "records_swapped"])
    if kind == "change":
        column = rng.choice(sorted(CHANGES))
        run(f"UPDATE auditlog_entry SET {column} = {CHANGES[column]} WHERE seq = %s", seq)
    elif kind == "remove":
        run("DELETE FROM auditlog_entry WHERE seq = %s", seq)
    elif kind == "insert":
        run("INSERT INTO auditlog_entry (at, request_id, action, outcome, epoch, xid) VALUES (now(), gen_random_uuid(), 'read', 'allow', 1, %s)", xid)
    elif kind == "swap":
        (one, other) = rng.sample(batch_rows(run, number), 2)
        run(
            "UPDATE auditlog_entry SET xid = CASE WHEN xid = %s THEN %s ELSE %s END WHERE xid IN (%s, %s)", one[0], other[0], one[0], one[0], other[0]
        )
    elif kind == "move":
        target = rng.choice([n for n in range(1, BATCHES + 1) if n != number])
        run("UPDATE auditlog_entry SET xid = %s WHERE seq = %s", batch_rows(run, target)[0][0], seq)
        return kind, {number: {"rows"}, target: {"rows"}}
    elif kind == "epoch":
        run("UPDATE auditlog_entry SET epoch = 7 WHERE seq = %s", seq)
        return kind, {number: {"rows"}, 0: {"outside"}}
    elif kind == "record_removed":
        number = rng.randint(1, BATCHES - 1)
        run("DELETE FROM auditlog_batch WHERE number = %s", number)
        return kind, {number: {"record_missing"}}
    elif kind == "record_changed":
        column, value = rng.choice([("row_count", "row_count - 1"), ("root", "repeat('0', 64)"), ("sealed_at", "sealed_at - interval '1 day'"),
                                    ("to_xid", "to_xid + 1"), ("reason", "'x'"), ("signature", "repeat('0', 128)")])  # fmt: skip
        run(f"UPDATE auditlog_batch SET {column} = {value} WHERE number = %s", number)
        return kind, {number: {"record_changed"}}
    else:
        other = rng.choice([n for n in range(1, BATCHES + 1) if n != number])
        run("UPDATE auditlog_batch SET number = number + 100 WHERE number IN (%s, %s)", number, other)
        run("UPDATE auditlog_batch SET number = CASE WHEN number = %s THEN %s ELSE %s END WHERE number > 100", number + 100, other, number)
        return kind, {number: {"record_changed"}, other: {"record_changed"}}
    return kind, {number: {"rows"}}


def test_every_random_manipulation_is_found_and_its_batch_named(sealed, copy, run, restore):
    seen = set()

    @settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(min_value=0))
    def holds(seed: int) -> None:
        restore()
        kind, expected = manipulate(run, random.Random(seed))
        seen.add(kind)
        alone, beside = named(check(sealed)), named(check(sealed, copy))
        assert alone == expected, kind
        assert all(kinds <= beside.get(number, set()) for number, kinds in expected.items()), kind
        assert set(beside) == set(expected), kind

    holds()
    assert len(seen) >= 5
    restore()
    assert check(sealed, copy).ok


def test_a_tail_cut_off_with_its_rows_is_found_by_the_copy(sealed, copy, run):
    (start,) = run("SELECT from_xid FROM auditlog_batch WHERE number = 4")[0]
    run("DELETE FROM auditlog_entry WHERE xid >= %s", start)
    run("DELETE FROM auditlog_batch WHERE number >= 4")
    assert check(sealed).ok
    assert named(check(sealed, copy)) == {4: {"record_missing", "rows"}, 5: {"record_missing", "rows"}}


def test_a_forger_without_the_key_cannot_seal_anew(sealed, copy, run):
    run("UPDATE auditlog_entry SET reason = 'pyntet' WHERE seq = (SELECT max(seq) FROM auditlog_entry)")
    run("DELETE FROM auditlog_batch WHERE number = %s", BATCHES)
    type(sealed)(using=sealed.using, key=Ed25519PrivateKey.generate(), copy=None, trusted=[sealed.key.public_key()]).seal()
    assert named(check(sealed)) == {BATCHES: {"record_changed"}}
    assert named(check(sealed, copy)) == {BATCHES: {"record_changed", "copy_differs", "rows"}}


def test_a_line_taken_out_of_the_copy_is_found(sealed, copy):
    file = copy.files()[0]
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(lines[:1] + lines[2:]))
    assert named(check(sealed, copy)) == {2: {"copy_missing"}}


def test_a_damaged_line_of_the_copy_is_told(sealed, copy):
    file = copy.files()[0]
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(lines[:3]) + "tull\n")
    assert named(check(sealed, copy)) == {4: {"copy_damaged", "copy_missing"}, 5: {"copy_missing"}}


def test_rows_that_wait_are_counted_and_told_when_late(sealed, write, run):
    write(2)
    report = check(sealed)
    assert (report.ok, report.unsealed, report.late) == (True, 2, False)
    run("UPDATE auditlog_entry SET at = at - interval '1 hour' WHERE seq = (SELECT max(seq) FROM auditlog_entry)")
    assert check(sealed).late


def test_records_of_an_earlier_key_hold_with_both_keys(sealed, copy, write):
    newer = Ed25519PrivateKey.generate()
    write()
    type(sealed)(using=sealed.using, key=newer, copy=copy, trusted=[sealed.key.public_key()]).seal()
    both = [sealed.key.public_key(), newer.public_key()]
    assert verify(using=sealed.using, public_keys=both, copy=copy).ok
    assert named(verify(using=sealed.using, public_keys=both[:1], copy=copy)) == {BATCHES + 1: {"record_changed"}}


@pytest.fixture
def key_file(tmp_path: Path, key: Ed25519PrivateKey) -> str:
    file = tmp_path / "public.pem"
    file.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return str(file)


def test_the_command_says_that_the_log_is_whole(sealed, copy, key_file, capsys):
    call_command("verify_auditlog", database=sealed.using, public_key=[key_file], copy=str(copy.folder))
    assert f"Loggen er hel: {BATCHES} segl, {BATCHES * ROWS} rader." in capsys.readouterr().out


def test_the_command_names_the_batch_and_ends_with_an_error(sealed, copy, key_file, run, capsys):
    run("DELETE FROM auditlog_entry WHERE seq = %s", batch_rows(run, 3)[0][1])
    with pytest.raises(SystemExit) as ended:
        call_command("verify_auditlog", database=sealed.using, public_key=[key_file], copy=str(copy.folder))
    assert ended.value.code == 1
    out = capsys.readouterr().out
    assert "Segl 3: rader er endret, fjernet, satt inn eller flyttet (-1)" in out
    assert "Loggen er IKKE hel." in out


def test_without_the_copy_the_command_says_what_it_cannot_see(sealed, key_file, capsys, settings):
    settings.EPJ_SEALING_COPY_DIR = ""
    call_command("verify_auditlog", database=sealed.using, public_key=[key_file])
    assert "Uten kopien" in capsys.readouterr().out


def test_a_copy_that_is_not_there_is_an_error_not_a_pass(sealed, copy, key_file):
    shutil.rmtree(copy.folder)
    with pytest.raises(CommandError) as refused:
        call_command("verify_auditlog", database=sealed.using, public_key=[key_file], copy=str(copy.folder))
    assert refused.value.returncode == 2
