"""Ås leaves the record community: what the tests of exit, copy and reading in have in common."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

from access.models import CommunityChange, RecordExport, Session
from access.services import community as acting
from journal.services import exports
from journal.tasks import carry_out_exits, write_exports
from lms_epj.core.clock import oslo_date, start_of_day
from tests.access.conftest import log_rows  # noqa: F401 - a fixture
from tests.leaving.receiver import RECEIVER
from tests.stories.live_site import at_database

ADMIN, CUSTODIAN = "tilgang.admin", "journalansvarlig"


@pytest.fixture
def leave(cast: Any, open_gate: Any) -> Any:
    """`leave(days=40, stay_open=0, rule=…)`: Ås leaves on that day; returns the change."""

    def planned(days: int = 40, stay_open: int = 0, rule: str = "residents") -> CommunityChange:
        with open_gate(ADMIN) as gate:
            day = oslo_date(gate.now) + timedelta(days=days)
            change = acting.exit_plan(
                gate=gate, community=cast.community, entity=cast.entities["aas"], valid_from=start_of_day(day),
                closes_at=start_of_day(day + timedelta(days=stay_open)), rule=rule, reason="Kommunestyrets vedtak",
            )  # fmt: skip
        return CommunityChange.objects.get(id=change)

    return planned


@pytest.fixture
def at(set_clock: Any) -> Any:
    """`at(moment)`: the clock stands there, and sessions were used just now."""

    def go(moment: Any) -> None:
        set_clock(moment)
        Session.objects.update(last_seen_at=moment)

    return go


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Any) -> Any:
    settings.EPJ_EXPORT_DIR = str(tmp_path)
    return tmp_path


@pytest.fixture
def left(cast: Any, leave: Any, at: Any, as_app: Any) -> Any:
    """`left(rule=…)`: Ås has left, and its units are closed. Returns the ordered copy."""

    def gone(**options: Any) -> RecordExport:
        change = leave(**options)
        at(change.closes_at)
        with as_app():
            carry_out_exits()
        return RecordExport.objects.get(change=change)

    return gone


@pytest.fixture
def copied(left: Any, open_gate: Any, as_app: Any) -> Callable[..., RecordExport]:
    """`copied(rule=…)`: Ås has left, and the copy is written."""

    def done(**options: Any) -> RecordExport:
        export = left(**options)
        with open_gate(CUSTODIAN) as gate:
            acting.export_release(gate=gate, export=export.id, **RECEIVER.told())
        with as_app():
            while write_exports():
                pass
        export.refresh_from_db()
        assert export.state == "done"
        return export

    return done


def lines_of(export: RecordExport) -> dict[str, dict[str, Any]]:
    """The copy by patient."""
    return {line["patient"]["id"]: line for line in exports.read_patients(exports.folder_of(str(export.id)), RECEIVER.key())}


@dataclass
class Installation:
    """A database that is migrated and holds nothing more, and the command run against it as its owner."""

    address: str

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`manage.py …` as a process of its own, as it is run where one sets up anew."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "EPJ_TEST", "PYTEST_"))}
        environment |= {"DATABASE_URL": self.address, "DATABASE_OWNER_URL": self.address, "EPJ_DEMO": "1", "EPJ_NO_BOOTSTRAP": "1"}
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.address, options="-c timezone=UTC") as connection:
            return connection.execute(statement, values).fetchall()


@pytest.fixture
def empty_installation() -> Iterator[Installation]:
    """Gone when the test ends."""
    name, address = f"epj_empty_{os.getpid()}", os.environ["DATABASE_URL"]
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        template = sql.Identifier(os.environ["EPJ_TEST_TEMPLATE"])
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), template))
        yield Installation(at_database(address, name))
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
