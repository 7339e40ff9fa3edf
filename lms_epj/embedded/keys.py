"""Passwords and keys of the embedded services: made once, kept in `var` for this user only. Demo and tests, never production."""

from __future__ import annotations

import base64
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


@dataclass(frozen=True)
class Keys:
    superuser: str
    owner: str
    app: str
    sealer: str
    django: str
    field: str  # a Fernet key


def load_keys(var: Path) -> Keys:
    """The keys of a folder; the first call makes them."""
    file = var / "keys.json"
    if not file.exists():
        words = {name: secrets.token_urlsafe(32) for name in ("superuser", "owner", "app", "sealer", "django")}
        write_private(file, json.dumps(asdict(Keys(**words, field=base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()))).encode())
    return Keys(**json.loads(file.read_text()))


def sealing_key_files(var: Path) -> tuple[Path, Path]:
    """Private and public key (Ed25519, PEM) for sealing the access log; the first call makes them."""
    private, public = var / "sealing" / "private.pem", var / "sealing" / "public.pem"
    if not private.exists():
        private.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = Ed25519PrivateKey.generate()
        encoded = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        public.write_bytes(encoded)
        pkcs8, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        write_private(private, key.private_bytes(serialization.Encoding.PEM, pkcs8, plain))
    return private, public


def write_private(file: Path, content: bytes) -> None:
    """All or nothing, readable by this user only."""
    draft = file.with_suffix(".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(content)
    draft.replace(file)
