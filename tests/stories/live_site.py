"""The running product for browser tests: the web server of the demo, as a process of its own, on a database of its own.

The database is a copy of the migrated template with the cast (tests/cast.py) committed in it, so that what a browser test
writes is never seen by the tests that roll back. The server connects as the role that serves, like everywhere.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import sql

from lms_epj.embedded.demo import HOST, answers, web_command
from lms_epj.embedded.processes import start, stop

READY_SECONDS = 60


@dataclass
class LiveSite:
    """Starts, kills and starts again; and acts as the owner of its database where a test needs a fact that no screen makes."""

    database: str
    folder: Path
    unblock: Callable[[], AbstractContextManager[Any]]
    port: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder / "web.log"

    def start(self) -> None:
        """Returns when it answers.

        Raises:
            RuntimeError: it did not come up; the text holds the end of its log.
        """
        self.port = self.port or free_port()
        self.process = start(web_command(self.port), env=self.environment(), cwd=settings.BASE_DIR, log=self.log)
        deadline = time.monotonic() + READY_SECONDS
        while not answers(self.address):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The web server did not come up:\n{self.log.read_text()[-2000:]}")
            time.sleep(0.05)

    def kill(self) -> None:
        """kill -9 of the server with all its workers: no goodbye to anyone."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process:
            stop(self.process)

    def environment(self) -> dict[str, str]:
        """As the demo gives it to its web server; of the suite's own settings nothing is left."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "EPJ_TEST", "PYTEST_"))}
        return inherited | {
            "DATABASE_URL": at_database(os.environ["EPJ_TEST_APP_URL"], self.database),
            "EPJ_DEMO": "1",
            "EPJ_PROCESS": "web",
            "EPJ_STATIC_ROOT": str(self.folder / "static"),
        }

    @contextmanager
    def as_owner(self) -> Iterator[None]:
        """In the block, Django's own connection is the owner's to this database; what it writes is committed."""
        with self.unblock():
            usual = connections[DEFAULT_DB_ALIAS]
            own = usual.copy()
            own.settings_dict["NAME"] = self.database
            connections[DEFAULT_DB_ALIAS] = own
            try:
                yield
            finally:
                own.close()
                connections[DEFAULT_DB_ALIAS] = usual

    def query(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of one statement as the owner, committed."""
        with psycopg.connect(at_database(os.environ["DATABASE_URL"], self.database)) as connection:
            cursor = connection.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def turn_clock(self, ahead: timedelta) -> None:
        """The gate's clock goes on from so much later than the real one; no time at all sets it right again."""
        seconds = int(ahead.total_seconds())
        self.query(
            "CREATE OR REPLACE FUNCTION gate.clock() RETURNS timestamptz LANGUAGE sql STABLE AS "
            f"$$ SELECT transaction_timestamp() + interval '{seconds} seconds' $$"
        )

    def wake_sessions(self) -> None:
        """The cast's ready-made sessions are open and were used just now; those that people logged in to by hand are left alone."""
        self.query("UPDATE access_session SET last_seen_at = gate.clock(), locked_at = NULL WHERE device_name = 'Testmaskin'")


def at_database(address: str, database: str) -> str:
    return urlunsplit(urlsplit(address)._replace(path=f"/{database}"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def live_database(worker_id: str) -> Iterator[str]:
    """A copy of the migrated template, gone when the session ends."""
    name = sql.Identifier(f"epj_live_{worker_id}")
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name)
        connection.execute(drop)
        template = sql.Identifier(os.environ["EPJ_TEST_TEMPLATE"])
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, template))
        yield f"epj_live_{worker_id}"
        connection.execute(drop)


@pytest.fixture(scope="session")
def live_site(chromium_path: str, live_database: str, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[LiveSite]:
    """The product, serving the cast. Without a browser there is nothing to serve, and the test is skipped."""
    from tests.stories.stage import set_stage

    site = LiveSite(live_database, tmp_path_factory.mktemp("site"), django_db_blocker.unblock)
    with site.as_owner():
        set_stage()
    environment = site.environment() | {"EPJ_PROCESS": "manage"}
    collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    subprocess.run(collect, env=environment, cwd=settings.BASE_DIR, check=True)
    site.start()
    yield site
    site.stop()
