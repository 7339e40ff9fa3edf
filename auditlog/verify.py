"""Checks the sealed log with the public key alone: which batches no longer hold, and why.

Reads the rows once, in the order of sealing, in one snapshot; needs no right but reading. Nothing stored in the database is
believed: the hashes are taken here, from the rows as they stand.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from auditlog.domain.batch import LAST_XID, NO_PREVIOUS, Batch, is_genuine
from auditlog.outside_copy import CopyDamaged, OutsideCopy
from auditlog.rows import Root, SealedRow, read_rows
from auditlog.sealing import stored

# Rows wait a minute for the sealer, and longer behind a long transaction; after this the sealer has stopped.
LATE = timedelta(minutes=15)
Progress = Callable[[int, int], None]


@dataclass(frozen=True, order=True)
class Finding:
    """One fault. ``kind``: rows (changed, removed, inserted or moved), record_missing, record_changed, chain, copy_missing, copy_differs,
    copy_damaged, outside (rows where no batch is)."""

    number: int
    kind: str
    detail: str = ""


@dataclass
class Report:
    """``unsealed``: rows after the newest batch; ``late``: some of them should have been sealed long ago."""

    findings: set[Finding] = field(default_factory=set)
    batches: int = 0
    rows: int = 0
    unsealed: int = 0
    late: bool = False
    void: list[int] = field(default_factory=list)
    last: Batch | None = None
    copy_checked: bool = False

    @property
    def ok(self) -> bool:
        return not self.findings

    def add(self, number: int, kind: str, detail: str = "") -> None:
        self.findings.add(Finding(number, kind, detail))


def verify(*, using: str, public_keys: Sequence[Ed25519PublicKey], copy: OutsideCopy | None, progress: Progress = lambda done, total: None) -> Report:
    """Checks chain, signatures, rows and copy. ``progress(rows so far, rows in all)`` is called now and then."""
    report = Report(copy_checked=copy is not None)
    copied = _read_copy(copy, report) if copy else {}
    with transaction.atomic(using=using):
        connection = connections[using]
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        table = {batch.number: batch for batch in stored(using)}
        trusted = check_records(table, copied, public_keys, report)
        check_rows(trusted, _all_rows(connection, trusted, report), report, progress)
        _check_tail(connection, trusted, report)
    if copy:
        _check_copy(copy, table, copied, report)
    report.last = trusted[-1] if trusted else None
    report.batches = len(table)
    return report


def check_records(table: dict[int, Batch], copied: dict[int, Batch], keys: Sequence[Ed25519PublicKey], report: Report) -> list[Batch]:
    """The records to hold the rows against: the table's where genuine, else the copy's. Faults of the chain go to the report."""
    trusted: list[Batch] = []
    for number in range(1, max([0, *table, *copied]) + 1):
        batch = table.get(number)
        if batch is None:
            report.add(number, "record_missing")
        elif not is_genuine(batch, keys):
            report.add(number, "record_changed")
            batch = None
        if batch is None and (spare := copied.get(number)) and is_genuine(spare, keys):
            batch = spare
        if batch is None:
            continue
        before = trusted[-1] if trusted else None
        if number == (before.number if before else 0) + 1 and not _follows(before, batch, trusted):
            report.add(number, "chain")
        trusted.append(batch)
    void = {n for batch in trusted if batch.voids_from for n in range(batch.voids_from, batch.number)}
    report.void = sorted(void)
    return [batch for batch in trusted if batch.number not in void]


def _follows(before: Batch | None, batch: Batch, trusted: list[Batch]) -> bool:
    if batch.previous != (before.hash() if before else NO_PREVIOUS):
        return False
    if batch.voids_from:
        before = next((b for b in reversed(trusted) if b.number < batch.voids_from), None)
    if before and before.epoch == batch.epoch:
        return batch.from_xid == before.to_xid
    return batch.from_xid == 0 and (before is None or (before.to_xid == LAST_XID and batch.epoch == before.epoch + 1))


def check_rows(batches: list[Batch], rows: Iterable[SealedRow], report: Report, progress: Progress) -> None:
    """Walks rows and batches side by side, both in the order (epoch, transaction id, number)."""
    total = sum(batch.row_count for batch in batches)
    waiting = iter(batches)
    batch, root = next(waiting, None), Root()
    for row in rows:
        while batch and (batch.epoch, batch.to_xid) <= (row.epoch, row.xid):
            _check_root(batch, root, report)
            batch, root = next(waiting, None), Root()
        if batch is None or (row.epoch, row.xid) < (batch.epoch, batch.from_xid):
            _outside(row, batch, report)
            continue
        root.add(row.digest)
        report.rows += 1
        if report.rows % 100_000 == 0:
            progress(report.rows, total)
    while batch:
        _check_root(batch, root, report)
        batch, root = next(waiting, None), Root()


def _check_root(batch: Batch, root: Root, report: Report) -> None:
    if root.count != batch.row_count:
        report.add(batch.number, "rows", f"{root.count - batch.row_count:+d}")
    elif root.hexdigest() != batch.root:
        report.add(batch.number, "rows")


def _outside(row: SealedRow, following: Batch | None, report: Report) -> None:
    """A row where no batch is. Beside a record that is gone the fault is told already."""
    number = following.number - 1 if following else 0
    if not any(finding.kind in ("record_missing", "record_changed") and (finding.number == number or not following) for finding in report.findings):
        report.add(following.number if following else 0, "outside")


def _all_rows(connection: BaseDatabaseWrapper, batches: list[Batch], report: Report) -> Iterator[SealedRow]:
    """Every row of every epoch up to the newest batch, also of epochs that no batch knows."""
    last = batches[-1] if batches else None
    with connection.cursor() as cursor:
        # One look at the index per epoch, not at every row.
        cursor.execute(
            """WITH RECURSIVE e(epoch) AS (
                SELECT min(epoch) FROM public.auditlog_entry
                UNION ALL SELECT (SELECT min(a.epoch) FROM public.auditlog_entry a WHERE a.epoch > e.epoch) FROM e WHERE e.epoch IS NOT NULL
            ) SELECT epoch FROM e WHERE epoch IS NOT NULL"""
        )
        epochs = [epoch for (epoch,) in cursor.fetchall()]
        cursor.execute("SELECT number FROM auditlog.epoch")
        current = cursor.fetchone()[0]
    for epoch in epochs:
        if last and epoch == last.epoch:
            yield from read_rows(connection, epoch, -LAST_XID, last.to_xid)
        elif epoch != current or (last and epoch < last.epoch):
            yield from read_rows(connection, epoch, -LAST_XID, LAST_XID)


def _check_tail(connection: BaseDatabaseWrapper, batches: list[Batch], report: Report) -> None:
    last = batches[-1] if batches else None
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, clock_timestamp() FROM auditlog.epoch")
        epoch, now = cursor.fetchone()
        start = last.to_xid if last and last.epoch == epoch else -LAST_XID
        cursor.execute("SELECT count(*), min(at) FROM public.auditlog_entry WHERE epoch = %s AND xid >= %s", [epoch, start])
        report.unsealed, oldest = cursor.fetchone()
    report.late = is_late(oldest, now)


def is_late(oldest: datetime | None, now: datetime) -> bool:
    return oldest is not None and now - oldest > LATE


def _read_copy(copy: OutsideCopy, report: Report) -> dict[int, Batch]:
    copied: dict[int, Batch] = {}
    try:
        for batch in copy.read():
            copied[batch.number] = batch
    except CopyDamaged as error:
        report.add(max(copied, default=0) + 1, "copy_damaged", str(error))
    return copied


def _check_copy(copy: OutsideCopy, table: dict[int, Batch], copied: dict[int, Batch], report: Report) -> None:
    """Table and copy must be the same records. The copy was read first: what the sealer has added since is read again."""
    if max(table, default=0) > max(copied, default=0):
        copied = _read_copy(copy, report)
    for number, batch in table.items():
        if number not in copied:
            report.add(number, "copy_missing")
        elif copied[number].as_line() != batch.as_line():
            report.add(number, "copy_differs")
