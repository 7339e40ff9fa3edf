"""The log's rows as bytes that do not depend on who reads them, and their hashes.

The canonical bytes of a row are its columns, in the order of COLUMNS, in PostgreSQL's binary form (network byte order, UTF-8,
timestamps as microseconds since 2000 in UTC, -1 as length for NULL). No session setting changes them, and COPY gives them without any
work per column in Python. The hash of a row is sha256 of ``b"epj-log-row-1" + salt + bytes``; the salt goes when a row is lawfully deleted, so
that a hash that is left behind tells nothing about what it stood for.
"""

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

# The first three have a fixed length and so a fixed place; new columns of the table are added at the end, with a new FORMAT.
COLUMNS = (
    "xid", "seq", "salt", "epoch", "at", "request_id", "session_id", "user_id", "user_name", "hpr_number", "profession", "role_code", "role_name",
    "unit_id", "unit_name", "legal_entity_id", "legal_entity_name", "patient_id", "patient_name", "action", "route", "outcome", "reason_code",
    "measure_id", "template_code", "template_name", "purpose", "user_selected", "reason", "opening_id", "objects_shown", "categories", "device",
)  # fmt: skip
_DOMAIN = b"epj-log-row-1"
_SIGNATURE = b"PGCOPY\n\xff\r\n\x00"
_HEADER_LENGTH = 19
_TRAILER = b"\xff\xff"
# int16 number of columns, then int32 length before each column: xid at 6, seq at 18, salt at 30.
_HEAD = struct.Struct(">h i q i q i 16s i i")
_COPY = """COPY (SELECT {columns} FROM public.auditlog_entry WHERE epoch = {epoch} AND xid >= {start} AND xid < {end}
ORDER BY xid, seq) TO STDOUT (FORMAT binary)"""


@dataclass(frozen=True, slots=True)
class SealedRow:
    epoch: int
    xid: int
    seq: int
    digest: bytes


def row_digest(data: bytes) -> tuple[int, int, bytes]:
    """(xid, seq, hash) of one row's canonical bytes."""
    _, _, xid, _, seq, _, salt, _, _ = _HEAD.unpack_from(data)
    return xid, seq, hashlib.sha256(_DOMAIN + salt + data).digest()


def read_rows(connection: BaseDatabaseWrapper, epoch: int, start: int, end: int) -> Iterator[SealedRow]:
    """Rows of an epoch with ``start <= xid < end``, in the order in which they are sealed. One row in memory at a time."""
    statement = sql.SQL(_COPY).format(
        columns=sql.SQL(", ").join(map(sql.Identifier, COLUMNS)), epoch=sql.Literal(epoch), start=sql.Literal(start), end=sql.Literal(end)
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for data in _row_messages(copy):
            xid, seq, digest = row_digest(data)
            yield SealedRow(epoch, xid, seq, digest)


def _row_messages(copy: Any) -> Iterator[bytes]:
    """The server sends one message a row, the first with the header of the format before it and the last with its end."""
    first = True
    for message in copy:
        data = bytes(message)
        if first:
            if not data.startswith(_SIGNATURE):
                raise ValueError("the server did not answer in binary form")
            data, first = data[_HEADER_LENGTH:], False
        if data and data != _TRAILER:
            yield data


class Root:
    """The root over the hashes of a batch's rows, taken one by one."""

    def __init__(self) -> None:
        self.count = 0
        self._hash = hashlib.sha256(b"epj-log-batch-1")

    def add(self, digest: bytes) -> None:
        self.count += 1
        self._hash.update(digest)

    def hexdigest(self) -> str:
        return self._hash.hexdigest()
