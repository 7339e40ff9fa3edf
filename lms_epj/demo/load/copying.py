"""Bulk loading by COPY: rows as lines of text, indexes and foreign keys put aside meanwhile and made anew over the whole."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from random import Random
from typing import Any

from django.db.backends.utils import CursorWrapper

from lms_epj.demo.load.progress import Progress

NULL = r"\N"
LINES_PER_WRITE = 2000
_INDEXES = """
SELECT i.indexrelid::regclass::text, replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ') FROM pg_index i
WHERE i.indrelid = ANY (%s::regclass[]) AND NOT i.indisunique AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)
"""
_FOREIGN_KEYS = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = ANY (%s::regclass[]) AND contype = 'f' AND conparentid = 0
"""


class Keys:
    """Time-ordered ids, many and fast. Their random part comes from a seed: for synthetic rows only."""

    def __init__(self, seed: str) -> None:
        self._bits = Random(seed).getrandbits

    def __call__(self, ms: int) -> str:
        """A version 7 UUID as 32 hex digits."""
        rand = self._bits(74)
        return f"{(ms << 80) | (0x7 << 76) | ((rand >> 62) << 64) | (0b10 << 62) | (rand & ((1 << 62) - 1)):032x}"


class Stamps(dict[datetime, tuple[str, int]]):
    """datetime → (its text for COPY, Unix milliseconds), kept: bulk rows share some thousands of moments."""

    def __missing__(self, at: datetime) -> tuple[str, int]:
        self[at] = found = (at.isoformat(), int(at.timestamp() * 1000))
        return found


def field(value: Any) -> str:
    """One value as COPY's text format has it."""
    if value is None:
        return NULL
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False)
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


def line(*values: Any) -> str:
    return "\t".join(map(field, values))


def copy_lines(cursor: CursorWrapper, table: str, columns: Iterable[str], lines: Iterable[str], progress: Progress) -> None:
    """Writes ready lines to a table."""
    with cursor.cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for block in blocks(lines):
            copy.write(("\n".join(block) + "\n").encode())
            progress.add(len(block))


def blocks(lines: Iterable[str]) -> Iterator[list[str]]:
    block: list[str] = []
    for one in lines:
        block.append(one)
        if len(block) == LINES_PER_WRITE:
            yield block
            block = []
    if block:
        yield block


@contextmanager
def bare(cursor: CursorWrapper, tables: list[str], progress: Progress) -> Iterator[None]:
    """Without plain indexes and foreign keys, which are made again, and so checked over every row, at the end.

    Keys and unique constraints stay. Inside the caller's transaction: nobody ever sees the tables bare.
    """
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks still to come cannot be altered
    cursor.execute(_INDEXES, [tables])
    indexes = cursor.fetchall()
    cursor.execute(_FOREIGN_KEYS, [tables])
    foreign_keys = cursor.fetchall()
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    for table, name, _definition in foreign_keys:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    yield
    for _name, definition in indexes:
        progress.say("indexes")
        cursor.execute(definition)
    for table, name, definition in foreign_keys:
        progress.say("foreign keys")
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
