"""A short run of the kill test: worker and broker are killed with -9 and the database's sessions cut off, and nothing is lost or doubled.

The suite's own database server serves other tests too, so here every session of this database is ended instead; `manage.py bench messages`
kills the server itself.
"""

import os
from collections.abc import Iterator
from random import Random

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

from lms_epj.bench.storm import Storm
from lms_epj.embedded.broker import EmbeddedBroker
from lms_epj.embedded.find import find_broker
from tests.stories.live_site import at_database

pytestmark = pytest.mark.slow


@pytest.fixture
def database() -> Iterator[str]:
    """Name of an empty, migrated database; gone when the test ends."""
    name = f"epj_storm_{os.getpid()}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(os.environ["EPJ_TEST_TEMPLATE"])))
        yield name
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def storm(database: str, tmp_path, monkeypatch) -> Iterator[Storm]:
    for name in ("in", "out"):
        (tmp_path / "messages" / name).mkdir(parents=True)
    (tmp_path / "log").mkdir()
    broker = EmbeddedBroker(find_broker(), tmp_path, "storm", durable=True)
    broker.start()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("EPJ_TEST", "PYTEST_", "DATABASE_"))}
    reached = {
        "DATABASE_URL": at_database(os.environ["EPJ_TEST_APP_URL"], database), "DATABASE_OWNER_URL": at_database(os.environ["DATABASE_URL"], database),
        "REDIS_URL": broker.url, "EPJ_NO_BOOTSTRAP": "1", "DJANGO_SECRET_KEY": settings.SECRET_KEY, "EPJ_VAR_DIR": str(tmp_path),
    }  # fmt: skip
    made = Storm(settings.BASE_DIR, tmp_path, kept | reached, broker, Random(3), workers=1)
    yield made
    made.end()
    broker.stop()


def test_nothing_is_lost_or_doubled_when_everything_is_killed(storm, database):
    def cut_off() -> None:
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
            server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()", [database])

    storm.begin(15)
    kills = {"worker": storm.kill_worker, "broker": storm.kill_broker, "sessions": cut_off}
    outcome = storm.blow(kills, count=15, times=3, seconds=6, patience=120)
    assert outcome["wrong"] == []
    assert outcome["sums"]["filed"] == outcome["sums"]["their receipts"] == 15
    assert outcome["killed"] == {"worker": 1, "broker": 1, "sessions": 1}
