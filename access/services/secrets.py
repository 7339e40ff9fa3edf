"""Secrets: slow hashes for passwords and PINs, session secrets, sealed second factors.

The database keeps sha256 of the slow hash and compares by itself (access/policies/session.sql); here the hash is only
computed, so a program fault cannot let anyone in, and a copy of the database opens no session.
"""

import hashlib
import secrets
import time
from datetime import datetime
from itertools import pairwise

import pyotp
from argon2.low_level import Type, hash_secret_raw
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from access import gate
from access.models import Credential

HASH_BYTES = 32
ISSUER = "Fellesjournalen"
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
PIN_SHORTEST, PIN_LONGEST = 4, 8
# Codes of the step before and after are taken too: clocks of telephones differ by some seconds.
STEPS_ASIDE = (0, -1, 1)


def new_secret() -> str:
    """An unguessable session or device secret (256 bits)."""
    return secrets.token_urlsafe(32)


def new_params() -> str:
    """Cost and a fresh salt: ``argon2id$memory$time$parallelism$salt`` (KiB, rounds, lanes, hex). Cheap in tests only."""
    memory, rounds = (64, 1) if settings.EPJ_TEST else (19456, 2)
    return f"argon2id${memory}${rounds}$1${secrets.token_hex(16)}"


def slow_hash(secret: str, params: str) -> str:
    """The candidate that the database compares, in hex.

    Raises ValueError on parameters of another form.
    """
    name, memory, rounds, lanes, salt = params.split("$")
    if name != "argon2id":
        raise ValueError(f"unknown hash {name}")
    raw = hash_secret_raw(
        secret.encode(), bytes.fromhex(salt), time_cost=int(rounds), memory_cost=int(memory), parallelism=int(lanes),
        hash_len=HASH_BYTES, type=Type.ID,
    )  # fmt: skip
    return raw.hex()


def is_pin(text: str) -> bool:
    return text.isascii() and text.isdigit() and PIN_SHORTEST <= len(text) <= PIN_LONGEST


def is_weak_pin(pin: str) -> bool:
    """All the same digit, or a run such as 1234 or 8765: what is tried first by someone who stands beside."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return len(steps) == 1 and steps <= {0, 1, 9}


# --- second factor ---


def _fernet() -> MultiFernet:
    if not settings.EPJ_FIELD_KEYS:
        raise ImproperlyConfigured("EPJ_FIELD_KEYS is not set: nothing can be sealed.")
    return MultiFernet([Fernet(key) for key in settings.EPJ_FIELD_KEYS])


def new_factor() -> str:
    """A new key for one-time codes (base32), not yet anyone's."""
    return pyotp.random_base32()


def seal(text: str) -> str:
    return _fernet().encrypt(text.encode()).decode()


def unseal(sealed: str, *, max_age: int | None = None) -> str | None:
    """The text, or None when it was not sealed here or is older than ``max_age`` seconds."""
    try:
        return _fernet().decrypt(sealed.encode(), ttl=max_age).decode()
    except InvalidToken:
        return None


def seal_bytes(data: bytes) -> bytes:
    """For what lies in the database for a short while and only this program may read."""
    return _fernet().encrypt(data)


def unseal_bytes(sealed: bytes) -> bytes:
    """Raises InvalidToken for what was not sealed here, or was changed."""
    return _fernet().decrypt(bytes(sealed))


def factor_address(key: str, username: str) -> str:
    """What the QR code says (otpauth://)."""
    return pyotp.TOTP(key).provisioning_uri(name=username, issuer_name=ISSUER)


def code_counter(key: str, code: str) -> int | None:
    """Which half-minute the code belongs to, or None when it is wrong. The database takes each only once."""
    if not code.isascii():
        return None
    factor = pyotp.TOTP(key)
    step = int(time.time()) // factor.interval
    for aside in STEPS_ASIDE:
        if secrets.compare_digest(factor.at((step + aside) * factor.interval), code):
            return step + aside
    return None


def new_start_password() -> str:
    """Handed over once: 20 characters (97 bits) in fives, without those that look alike on paper."""
    return "-".join("".join(secrets.choice(READABLE) for _ in range(5)) for _ in range(4))


def credential_set(*, user_id: object, password: str, pin: str = "", start_until: datetime | None = None, using: str) -> None:
    """Sets a person's password, and a PIN when given; a second factor is taken away, to be enrolled anew.

    ``start_until``: a start password, good until then and changed at the first log-in.
    For seeding and administrators' commands: ``using`` must be the owner's connection, the application role has no access.
    """
    values: dict[str, object] = {"totp_secret": "", "pin_params": "", "pin_verifier": None}
    values |= {"must_change": start_until is not None, "start_expires_at": start_until}
    values |= dict(zip(("password_params", "password_verifier"), _verifier(password), strict=True))
    if pin:
        values |= dict(zip(("pin_params", "pin_verifier"), _verifier(pin), strict=True))
    Credential.objects.using(using).update_or_create(user_id=user_id, defaults=values)


def _verifier(secret: str) -> tuple[str, bytes]:
    params = new_params()
    return params, hashlib.sha256(bytes.fromhex(slow_hash(secret, params))).digest()


def password_candidate(username: str, password: str) -> str:
    """The candidate for a log-in. Costs the same whether the name exists or not."""
    return slow_hash(password, gate.call("password_params", username))
