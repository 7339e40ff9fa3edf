"""A database of its own with the log alone: sealing needs committed rows and more than one connection, and the log knows no other app."""

import json
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import call_command
from django.db import connections

from auditlog.outside_copy import OutsideCopy
from auditlog.sealing import Sealer

LOG_DB = "log_test"


@pytest.fixture(scope="session")
def log_database(django_db_blocker: pytest.FixtureRequest) -> Iterator[str]:
    """Alias of a database with the migrations of the log; its owner writes, as an attacker with the owner's rights would."""
    default = connections["default"].settings_dict
    name = f"test_log_{uuid.uuid4().hex[:8]}"
    with django_db_blocker.unblock():
        with connections["default"]._nodb_cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}"')
        connections.databases[LOG_DB] = {**default, "NAME": name, "TEST": {**default["TEST"]}}
        call_command("migrate", "auditlog", database=LOG_DB, verbosity=0)
        yield LOG_DB
        connections[LOG_DB].close()
        del connections.databases[LOG_DB]
        with connections["default"]._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def log_db(log_database: str, django_db_blocker: pytest.FixtureRequest) -> Iterator[str]:
    """The same database, emptied."""
    with django_db_blocker.unblock():
        with connections[LOG_DB].cursor() as cursor:
            cursor.execute("TRUNCATE auditlog_entry, auditlog_batch")
            cursor.execute("UPDATE auditlog.epoch SET number = 1")
        yield log_database


@pytest.fixture(scope="session")
def key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


@pytest.fixture
def copy(tmp_path: Path) -> OutsideCopy:
    outside = OutsideCopy(tmp_path / "copies")
    outside.make_folder()
    return outside


class LocalSealer(Sealer):
    """Looks at transactions of its own database only: those of tests beside this one, on the same server, would hold the seal back."""

    horizon_sql = """coalesce(
        (SELECT min(backend_xid::text::bigint) FROM pg_stat_activity WHERE datname = current_database()),
        pg_snapshot_xmax(pg_current_snapshot())::text::bigint)"""


@pytest.fixture
def sealer(log_db: str, key: Ed25519PrivateKey, copy: OutsideCopy) -> Sealer:
    return LocalSealer(using=log_db, key=key, copy=copy)


@pytest.fixture
def run(log_db: str) -> Callable[..., list]:
    """Runs SQL as the owner; returns rows where there are any."""

    def execute(sql: str, *arguments: object) -> list:
        with connections[log_db].cursor() as cursor:
            cursor.execute(sql, arguments)
            return cursor.fetchall() if cursor.description else []

    return execute


@pytest.fixture
def write(run: Callable[..., list]) -> Callable[..., list[int]]:
    """Writes rows the way the gate does, one transaction each; returns their numbers."""

    def entries(count: int = 1, **values: str) -> list[int]:
        filled = {"action": "read", "outcome": "allow", "user_name": "Ingrid Solberg Haugen", "reason": "æøå «sitat»\n"} | values
        return [
            run("SELECT auditlog.write(jsonb_populate_record(NULL::auditlog_entry, %s::jsonb))", json.dumps(filled | {"reason_code": str(n)}))[0][0]
            for n in range(count)
        ]

    return entries
