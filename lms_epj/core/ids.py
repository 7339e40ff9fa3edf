"""Identifiers that sort by time, made in Python so that every supported PostgreSQL has them."""

import secrets
import time
import uuid


def uuid7(unix_ms: int | None = None) -> uuid.UUID:
    """A version 7 UUID (RFC 9562): 48 bits of Unix milliseconds, then 74 random bits.

    Rows made later sort later, so an index on the key grows at its end; the random part keeps
    other patients' ids from being guessed. Order inside one millisecond is not promised.
    ``unix_ms`` is given when historical rows are loaded and should sort by when they happened.
    """
    ms = time.time_ns() // 1_000_000 if unix_ms is None else unix_ms
    if not 0 <= ms < 1 << 48:
        raise ValueError(f"unix_ms outside 48 bits: {ms}")
    rand = secrets.randbits(74)
    value = (ms << 80) | (0x7 << 76) | ((rand >> 62) << 64) | (0b10 << 62) | (rand & ((1 << 62) - 1))
    return uuid.UUID(int=value)
