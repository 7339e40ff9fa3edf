"""Eight at once override, take, swap and publish: never two answer, never nobody where cover was promised, and no swap is lost."""

import os
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from tests.ops.storm import blow
from tests.stories.live_site import at_database

pytestmark = pytest.mark.slow


@pytest.fixture
def database() -> Iterator[str]:
    """Name of an empty, migrated database; gone when the test ends."""
    name = f"epj_duty_{os.getpid()}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(os.environ["EPJ_TEST_TEMPLATE"])))
        yield name
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def test_never_two_never_none_and_no_swap_lost(database):
    outcome = blow(at_database(os.environ["DATABASE_URL"], database), at_database(os.environ["EPJ_TEST_APP_URL"], database), 800)
    assert outcome["wrong"] == []
    assert all(outcome["told"].get(done) for done in ("ask: ok", "answer: ok", "override: ok", "take: ok", "publish: ok")), outcome["told"]
