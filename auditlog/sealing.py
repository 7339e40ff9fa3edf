"""Seals the log: what can no longer change is hashed, chained and signed, by a process that holds a key the database does not.

A batch holds the rows whose transaction id lies below the oldest running transaction, so a transaction that was open while a batch
was made comes in a later one: neither lost nor a false alarm. Ids start anew when the database is restored into another server; then
``start_epoch`` closes the old count, once, before the service is opened.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from auditlog.domain.batch import LAST_XID, NO_PREVIOUS, Batch, is_genuine, sign
from auditlog.models import SealedBatch
from auditlog.outside_copy import OutsideCopy
from auditlog.rows import Root, read_rows

_LOCK = "auditlog.sealing"
FIELDS = tuple(Batch.__dataclass_fields__)


class SealingRefused(RuntimeError):
    """Nothing was sealed. ``code`` is one of busy, restored, table_behind_copy, copy_foreign and forged; the command says what to do."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code, self.detail = code, detail


class Sealer:
    """One key, one database, one copy. ``trusted``: public keys of earlier sealing keys whose records still stand in the table.

    The horizon is that of the whole server: a long transaction in another database on it delays the seal.
    """

    horizon_sql = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"

    def __init__(self, *, using: str, key: Ed25519PrivateKey, copy: OutsideCopy | None, trusted: Sequence[Ed25519PublicKey] = ()) -> None:
        self.using = using
        self.key = key
        self.copy = copy
        self.public_keys = [key.public_key(), *trusted]

    @property
    def connection(self) -> BaseDatabaseWrapper:
        return connections[self.using]

    def seal(self) -> Batch | None:
        """Seals what has become final since the last batch, and brings the outside copy up to date. None: nothing new.

        Raises SealingRefused.
        """
        with transaction.atomic(using=self.using):
            self._lock()
            last = self._last()
            self._compare_with_copy(last)
            epoch, horizon, now = self._position()
            start = last.to_xid if last and last.epoch == epoch else 0
            if horizon < start:
                raise SealingRefused("restored", f"{horizon} < {start}")
            batch = self._make(epoch, start, horizon, now, last)
            if batch.row_count:
                self._store(batch)
        self._catch_up()
        return batch if batch.row_count else None

    def start_epoch(self, reason: str) -> Batch:
        """Closes the present count of transaction ids and begins another, after a restore. Needs the owner's connection.

        Records that only the copy has were lost with their rows: they are taken back into the chain and declared void, with the reason.
        Rows written since the restore go over to the new count. Writers wait meanwhile. Raises SealingRefused.
        """
        with transaction.atomic(using=self.using):
            self._lock()
            with self.connection.cursor() as cursor:
                cursor.execute("LOCK TABLE public.auditlog_entry IN SHARE ROW EXCLUSIVE MODE")
            last_kept = self._last()
            lost = self._lost(last_kept)
            for batch in lost:
                self._store(batch)
            epoch, _, now = self._position()
            since = last_kept.sealed_at if last_kept and last_kept.epoch == epoch else None
            with self.connection.cursor() as cursor:
                cursor.execute("UPDATE auditlog.epoch SET number = number + 1")
                if since:
                    cursor.execute("UPDATE public.auditlog_entry SET epoch = epoch + 1 WHERE epoch = %s AND at > %s", [epoch, since])
            start = last_kept.to_xid if last_kept and last_kept.epoch == epoch else 0
            void = lost[0].number if lost else None
            closing = self._make(epoch, start, LAST_XID, now, lost[-1] if lost else last_kept, voids_from=void, reason=reason)
            self._store(closing)
        self._catch_up()
        return closing

    def _make(self, epoch: int, start: int, end: int, now: datetime, last: Batch | None, *, voids_from: int | None = None, reason: str = "") -> Batch:
        root = Root()
        for row in read_rows(self.connection, epoch, start, end):
            root.add(row.digest)
        batch = Batch(
            number=last.number + 1 if last else 1, epoch=epoch, from_xid=start, to_xid=end, row_count=root.count, root=root.hexdigest(),
            previous=last.hash() if last else NO_PREVIOUS, sealed_at=now, key_id="", voids_from=voids_from, reason=reason,
        )  # fmt: skip
        return sign(batch, self.key)

    def _position(self) -> tuple[int, int, datetime]:
        """(epoch, oldest running transaction, time). The horizon is taken before the rows are read, so that all below it are seen."""
        with self.connection.cursor() as cursor:
            cursor.execute(f"SELECT number, {self.horizon_sql}, clock_timestamp() FROM auditlog.epoch")  # noqa: S608
            return cursor.fetchone()

    def _lock(self) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [_LOCK])
            if not cursor.fetchone()[0]:
                raise SealingRefused("busy")

    def _last(self) -> Batch | None:
        return next(stored(self.using, newest_first=True), None)

    def _store(self, batch: Batch) -> None:
        SealedBatch.objects.using(self.using).create(**asdict(batch))

    def _compare_with_copy(self, last: Batch | None) -> None:
        """The chain goes on only from a record that the copy knows, or that we ourselves signed before the copy could be written."""
        if last and not is_genuine(last, self.public_keys):
            raise SealingRefused("forged", str(last.number))
        copied = self.copy.last() if self.copy else None
        if copied is None:
            return
        if last is None or copied.number > last.number:
            raise SealingRefused("table_behind_copy", f"{copied.number} > {last.number if last else 0}")
        ours = next(stored(self.using, number__gte=copied.number), None)
        if ours is None or ours.hash() != copied.hash():
            raise SealingRefused("copy_foreign", str(copied.number))

    def _lost(self, last: Batch | None) -> list[Batch]:
        if not self.copy:
            return []
        lost = [batch for batch in self.copy.read() if batch.number > (last.number if last else 0)]
        for batch, before in zip(lost, [last, *lost], strict=False):
            if not is_genuine(batch, self.public_keys) or batch.previous != (before.hash() if before else NO_PREVIOUS):
                raise SealingRefused("copy_foreign", str(batch.number))
        return lost

    def _catch_up(self) -> None:
        """Appends to the copy what the table has more of; also what an earlier run could not write."""
        if not self.copy:
            return
        copied = self.copy.last()
        missing = list(stored(self.using, number__gt=copied.number if copied else 0))
        for batch in missing:
            if not is_genuine(batch, self.public_keys):
                raise SealingRefused("forged", str(batch.number))
        self.copy.append(missing)


def stored(using: str, *, newest_first: bool = False, **lookups: int) -> Iterator[Batch]:
    """The table's records as batches, one by one."""
    rows = SealedBatch.objects.using(using).filter(**lookups).order_by("-number" if newest_first else "number")
    if newest_first:
        rows = rows[:1]
    for values in rows.values(*FIELDS).iterator(chunk_size=2000):
        yield Batch(**values)


def copy_in(folder: str) -> OutsideCopy | None:
    return OutsideCopy(Path(folder)) if folder else None
