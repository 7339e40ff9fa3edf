"""The batch record: what the sealer signs, and how it is checked. Pure.

A batch stands for all rows of one epoch whose transaction id lies in ``[from_xid, to_xid)``. Its root is taken over the rows'
hashes, and each record holds the hash of the one before it, so that with the public key alone a row changed, taken away or
put in afterwards is found, and so is a record taken out of the chain (domain 3.8: append-only, hash-chained).
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

FORMAT = 1
NO_PREVIOUS = "0" * 64
# The open end of an epoch's last batch: nothing may come after it.
LAST_XID = 2**63 - 1


class KeyUnusable(ValueError):
    """The file is not an Ed25519 key in PEM form."""


@dataclass(frozen=True)
class Batch:
    """One signed record. ``voids_from``: records from that number up to this one were lost with their rows in a restore, for ``reason``."""

    number: int
    epoch: int
    from_xid: int
    to_xid: int
    row_count: int
    root: str
    previous: str
    sealed_at: datetime
    key_id: str
    voids_from: int | None = None
    reason: str = ""
    signature: str = ""

    def signed_bytes(self) -> bytes:
        """JSON with sorted keys and no spaces, ASCII only, time in UTC: the same bytes on every machine."""
        values: dict[str, Any] = asdict(self) | {"format": FORMAT, "sealed_at": format_utc(self.sealed_at)}
        del values["signature"]
        return json.dumps(values, sort_keys=True, separators=(",", ":")).encode("ascii")

    def hash(self) -> str:
        return hashlib.sha256(self.signed_bytes()).hexdigest()

    def as_line(self) -> str:
        """The record as it lies outside the database: one line of JSON."""
        values = json.loads(self.signed_bytes()) | {"signature": self.signature}
        return json.dumps(values, sort_keys=True, separators=(",", ":"))


def from_line(line: str) -> Batch:
    """Reads :meth:`Batch.as_line`.

    Raises ValueError on anything else.
    """
    values = json.loads(line)
    if not isinstance(values, dict) or values.pop("format", None) != FORMAT:
        raise ValueError("not a batch record of this format")
    try:
        values["sealed_at"] = datetime.fromisoformat(values["sealed_at"])
        return Batch(**values)
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a batch record: {error}") from error


def format_utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def key_id(public: Ed25519PublicKey) -> str:
    """Names a key, so that records sealed before and after a change of keys can each be checked with their own."""
    return hashlib.sha256(public.public_bytes_raw()).hexdigest()[:16]


def sign(batch: Batch, private: Ed25519PrivateKey) -> Batch:
    named = replace(batch, key_id=key_id(private.public_key()), signature="")
    return replace(named, signature=private.sign(named.signed_bytes()).hex())


def is_genuine(batch: Batch, public_keys: Sequence[Ed25519PublicKey]) -> bool:
    """Whether one of these keys signed exactly this record."""
    for public in public_keys:
        if key_id(public) != batch.key_id:
            continue
        try:
            public.verify(bytes.fromhex(batch.signature), batch.signed_bytes())
        except (InvalidSignature, ValueError):
            return False
        return True
    return False


def read_private_key(pem: bytes) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError) as error:
        raise KeyUnusable(str(error)) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnusable("the key is not Ed25519")
    return key


def read_public_key(pem: bytes) -> Ed25519PublicKey:
    try:
        key = load_pem_public_key(pem)
    except ValueError as error:
        raise KeyUnusable(str(error)) from error
    if not isinstance(key, Ed25519PublicKey):
        raise KeyUnusable("the key is not Ed25519")
    return key
