"""Typed readers of the process environment, for settings. A value that is there but wrong stops the start with its name."""

import os
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def read_str(name: str, default: str = "", *, required: bool = False) -> str:
    value = os.environ.get(name, "").strip() or default
    if required and not value:
        raise ImproperlyConfigured(f"The environment variable {name} is not set.")
    return value


def read_bool(name: str, default: bool = False) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if value in ("", "1", "true", "yes", "on", "0", "false", "no", "off"):
        return value in ("1", "true", "yes", "on") if value else default
    raise ImproperlyConfigured(f"{name} is {value!r}; it takes 1 or 0.")


def read_int(name: str, default: int) -> int:
    value = os.environ.get(name, "").strip()
    try:
        return int(value) if value else default
    except ValueError:
        raise ImproperlyConfigured(f"{name} is {value!r}; it takes a whole number.") from None


def read_list(name: str, default: str = "") -> list[str]:
    """Comma-separated; empty parts fall away."""
    return [part.strip() for part in read_str(name, default).split(",") if part.strip()]


def read_database(name: str, **extra: Any) -> dict[str, Any] | None:
    """A Django database from an address like `postgresql://role:password@host:5432/epj`, or None when the variable is not set.

    A socket directory is given as a query: `postgresql://role:password@/epj?host=/run/postgresql`. Other query parts
    (`sslmode`, `sslrootcert` …) go to libpq as they are.
    """
    address = read_str(name)
    if not address:
        return None
    parts = urlsplit(address)
    database = unquote(parts.path.lstrip("/"))
    if parts.scheme not in ("postgresql", "postgres") or not database:
        raise ImproperlyConfigured(f"{name} must look like postgresql://role:password@host:5432/database.")
    query = dict(parse_qsl(parts.query))
    host = query.pop("host", unquote(parts.hostname or ""))
    options = {**query, **extra.pop("OPTIONS", {})}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        **extra,
    }
