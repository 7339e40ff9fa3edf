"""The sealer: what it takes, in which order, and when it refuses."""

import psycopg.errors
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import ProgrammingError, connections

from auditlog.domain.batch import LAST_XID, is_genuine
from auditlog.outside_copy import CopyDamaged
from auditlog.rows import COLUMNS, read_rows
from auditlog.sealing import Sealer, SealingRefused, stored
from auditlog.verify import verify


def check(sealer: Sealer, copy=None):
    return verify(using=sealer.using, public_keys=[sealer.key.public_key()], copy=copy)


def kinds(report) -> set[tuple[int, str]]:
    return {(finding.number, finding.kind) for finding in report.findings}


def test_every_column_of_the_log_is_sealed(run):
    columns = {
        name for (name,) in run("SELECT attname FROM pg_attribute WHERE attrelid = 'auditlog_entry'::regclass AND attnum > 0 AND NOT attisdropped")
    }
    assert columns == set(COLUMNS)


def test_a_batch_holds_what_was_written_and_nothing_is_sealed_twice(sealer, write):
    write(5)
    first = sealer.seal()
    assert (first.number, first.row_count) == (1, 5)
    assert sealer.seal() is None
    write(2)
    second = sealer.seal()
    assert (second.number, second.row_count, second.from_xid, second.previous) == (2, 2, first.to_xid, first.hash())
    assert check(sealer).ok


def test_the_copy_outside_is_the_same_records(sealer, write, copy):
    for _ in range(3):
        write()
        sealer.seal()
    assert list(copy.read()) == list(stored(sealer.using))
    assert check(sealer, copy).ok


def test_the_hash_does_not_depend_on_the_session(sealer, write, run):
    run(
        "SELECT auditlog.write(jsonb_populate_record(NULL::auditlog_entry, %s::jsonb))",
        '{"action": "read", "outcome": "shown", "objects_shown": {"note": ["b", "a"], "a": 1.50}, "categories": [7, 8], "user_selected": true}',
    )
    write(3)
    plain = [row.digest for row in read_rows(connections[sealer.using], 1, 0, LAST_XID)]
    run("SET timezone = 'Asia/Tokyo'; SET datestyle = 'German, DMY'; SET extra_float_digits = -3; SET intervalstyle = 'sql_standard'")
    try:
        assert [row.digest for row in read_rows(connections[sealer.using], 1, 0, LAST_XID)] == plain
    finally:
        run("SET timezone = 'UTC'; RESET datestyle; RESET extra_float_digits; RESET intervalstyle")
    assert len(set(plain)) == 4


@pytest.fixture
def slow_transaction(log_db):
    """Another connection that has written a row and not committed; call it to commit. It has the transaction's id as ``xid``."""
    connection = connections[log_db].copy()
    cursor = connection.cursor()
    cursor.execute("BEGIN")
    cursor.execute('SELECT auditlog.write(jsonb_populate_record(NULL::auditlog_entry, \'{"action": "slow", "outcome": "allow"}\'))')
    cursor.execute("SELECT pg_current_xact_id()::text::bigint")

    def commit() -> None:
        cursor.execute("COMMIT")

    commit.xid = cursor.fetchone()[0]
    yield commit
    connection.close()


def test_a_transaction_open_while_a_batch_is_sealed_is_sealed_later(sealer, write, slow_transaction):
    write(3)
    assert sealer.seal() is None
    assert check(sealer).ok
    slow_transaction()
    assert check(sealer).ok
    assert sealer.seal().row_count == 4
    report = check(sealer)
    assert report.ok
    assert (report.rows, report.unsealed) == (4, 0)


def test_the_horizon_never_passes_an_open_transaction(sealer, write, run, slow_transaction):
    write(3)
    assert run(f"SELECT {Sealer.horizon_sql}")[0][0] <= slow_transaction.xid
    newest = run("SELECT max(xid) FROM auditlog_entry")[0][0]
    assert slow_transaction.xid < newest


def test_a_rolled_back_row_is_no_gap(sealer, write, run):
    run("BEGIN")
    write()
    run("ROLLBACK")
    write()
    assert sealer.seal().row_count == 1
    assert check(sealer).ok


def test_two_sealers_do_not_meet(sealer, write, log_db):
    write()
    other = connections[log_db].copy()
    with other.cursor() as cursor:
        cursor.execute("BEGIN; SELECT pg_try_advisory_xact_lock(hashtext('auditlog.sealing'))")
        with pytest.raises(SealingRefused, match="busy"):
            sealer.seal()
        cursor.execute("ROLLBACK")
    other.close()
    assert sealer.seal().row_count == 1


def test_records_that_the_copy_missed_are_appended_later(sealer, write, copy):
    write()
    type(sealer)(using=sealer.using, key=sealer.key, copy=None).seal()
    assert copy.last() is None
    sealer.seal()
    assert copy.last().number == 1
    assert check(sealer, copy).ok


def test_a_half_written_line_is_cut_and_written_again(sealer, write, copy):
    write()
    sealer.seal()
    file = copy.files()[0]
    write()
    second = sealer.seal()
    whole = file.read_bytes()
    file.write_bytes(whole[:-40])
    assert copy.last().number == 1
    sealer.seal()
    assert file.read_bytes() == whole
    assert copy.last() == second


def test_a_damaged_line_stops_the_sealing(sealer, write, copy):
    write()
    sealer.seal()
    copy.files()[0].write_text("{}\n")
    write()
    with pytest.raises(CopyDamaged):
        sealer.seal()


def test_the_sealer_does_not_go_on_from_a_cut_table_or_a_strange_record(sealer, write, run):
    for _ in range(2):
        write()
        sealer.seal()
    run("DELETE FROM auditlog_batch WHERE number = 2")
    with pytest.raises(SealingRefused, match="table_behind_copy"):
        sealer.seal()
    run("UPDATE auditlog_batch SET row_count = 9 WHERE number = 1")
    with pytest.raises(SealingRefused, match="forged"):
        sealer.seal()


def test_after_a_restore_to_a_new_server_nothing_is_sealed_until_a_new_epoch(sealer, write, run, copy):
    write(2)
    run("UPDATE auditlog_entry SET xid = xid + 4000000000")
    key, using = sealer.key, sealer.using
    before = sealer._make(1, 0, LAST_XID - 1, sealer._position()[2], None)
    sealer._store(before)
    copy.append([before])
    write(3)
    with pytest.raises(SealingRefused, match="restored"):
        sealer.seal()
    closing = sealer.start_epoch("Gjenopprettet etter diskfeil")
    assert (closing.number, closing.epoch, closing.row_count, closing.to_xid) == (2, 1, 0, LAST_XID)
    write(1)
    opened = type(sealer)(using=using, key=key, copy=copy).seal()
    assert (opened.number, opened.epoch, opened.from_xid, opened.row_count) == (3, 2, 0, 4)
    report = check(sealer, copy)
    assert report.ok
    assert report.rows == 6


def test_batches_lost_in_a_restore_are_declared_void_with_the_reason(sealer, write, run, copy):
    for _ in range(3):
        write(2)
        sealer.seal()
    lost = run("SELECT from_xid FROM auditlog_batch WHERE number = 2")[0][0]
    run("DELETE FROM auditlog_batch WHERE number >= 2")
    run("DELETE FROM auditlog_entry WHERE xid >= %s", lost)
    assert kinds(check(sealer, copy)) >= {(2, "record_missing"), (3, "record_missing")}
    write(2)
    closing = sealer.start_epoch("Tilbake til sikkerhetskopi av 24.11.2026")
    assert (closing.number, closing.voids_from, closing.row_count) == (4, 2, 0)
    assert sealer.seal().row_count == 2
    report = check(sealer, copy)
    assert report.ok
    assert report.void == [2, 3]
    assert report.rows == 4


def test_a_slow_row_from_before_the_new_epoch_is_sealed_in_the_old(sealer, write, run):
    write(2)
    sealer.seal()
    write(2)
    run("UPDATE auditlog_entry SET at = at - interval '1 minute' WHERE seq = (SELECT max(seq) FROM auditlog_entry)")
    assert sealer.start_epoch("Øvelse").row_count == 1
    assert sealer.seal().row_count == 1
    assert check(sealer).ok


def test_a_record_is_genuine_only_with_its_own_key(sealer, write):
    write()
    batch = sealer.seal()
    assert is_genuine(batch, [sealer.key.public_key()])
    assert not is_genuine(batch, [Ed25519PrivateKey.generate().public_key()])


def test_the_sealers_role_reads_and_appends_and_nothing_else(sealer, write, run):
    write(2)
    run("SET ROLE epj_sealer")
    try:
        assert sealer.seal().row_count == 2
        for forbidden in (
            "UPDATE auditlog_entry SET reason = ''",
            "DELETE FROM auditlog_entry",
            "INSERT INTO auditlog_entry (at, request_id, action, outcome, epoch) VALUES (now(), gen_random_uuid(), 'read', 'allow', 1)",
            "UPDATE auditlog_batch SET row_count = 0",
            "DELETE FROM auditlog_batch",
            "UPDATE auditlog.epoch SET number = 2",
        ):
            with pytest.raises(ProgrammingError) as caught:
                run(forbidden)
            assert isinstance(caught.value.__cause__, psycopg.errors.InsufficientPrivilege)
        assert check(sealer).ok
    finally:
        run("RESET ROLE")


def test_the_application_sees_no_batch(run):
    run("SET ROLE epj_app")
    try:
        with pytest.raises(ProgrammingError):
            run("SELECT * FROM auditlog_batch")
        assert run("SELECT auditlog.sealed_at()") == [(None,)]
    finally:
        run("RESET ROLE")
