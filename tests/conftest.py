"""The ground of the suite: run it by `python3 manage.py test`, which gives the servers. What a test needs of the record
stands in the fixtures beside the tests."""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

import psycopg
import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, settings

# How long a test takes says how busy the machine is, and nothing of the product.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

pytest_plugins = ["tests.stories.live_site", "tests.stories.desk", "tests.gate.tally"]
ADDRESSES = {"epj_app": "EPJ_TEST_APP_URL", "epj_sealer": "EPJ_TEST_SEALER_URL", "epj_owner": "DATABASE_URL"}


def pytest_configure(config: pytest.Config) -> None:
    if not os.environ.get("EPJ_TEST"):
        raise pytest.UsageError("The suite needs servers of its own. Run it by: python3 manage.py test [arguments for pytest]")
    config.stash[BROWSER_TESTS] = {"ran": 0, "skipped": 0}


BROWSER_TESTS = pytest.StashKey[dict[str, int]]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slow tests begin first: a long one left to the end would run alone, while the other processes have nothing to do."""
    for item in items:
        if "chromium_path" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


class BrowserCount:
    """Counts browser tests in the process that reports, also when others ran them."""

    def __init__(self, counts: dict[str, int]) -> None:
        self.counts = counts

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if "browser" in report.keywords:
            if report.skipped:
                self.counts["skipped"] += 1
            elif report.when == "call":
                self.counts["ran"] += 1


@pytest.fixture(scope="session", autouse=True)
def _quiet_refusals() -> None:
    """Refusals are what most requests of the suite ask for; their warnings would bury the one assertion that failed."""
    logging.getLogger("django.request").setLevel(logging.ERROR)


def pytest_sessionstart(session: pytest.Session) -> None:
    session.config.pluginmanager.register(BrowserCount(session.config.stash[BROWSER_TESTS]), "browser-count")


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """The last line of every run says whether the browser tests ran."""
    if hasattr(config, "workerinput") or BROWSER_TESTS not in config.stash:
        return
    counts = config.stash[BROWSER_TESTS]
    why = os.environ.get("EPJ_TEST_NO_CHROMIUM")
    if counts["skipped"]:
        print(f"BROWSER TESTS WERE SKIPPED ({counts['skipped']}): {why or 'see the reasons above'}.")
    elif counts["ran"]:
        print(f"Browser tests ran ({counts['ran']}), in {os.environ.get('EPJ_TEST_CHROMIUM')}.")
    else:
        print("No browser test was among these." + (f" There is none to run them in: {why}." if why else ""))


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """A Chromium to drive; without one the test is skipped, and the last line of the run says so."""
    found = os.environ.get("EPJ_TEST_CHROMIUM")
    if not found:
        pytest.skip(os.environ.get("EPJ_TEST_NO_CHROMIUM", "no browser was looked for"))
    return found


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator["object"]:
    """A running Chromium (playwright's Browser); each test opens contexts of its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium_path, args=["--disable-dev-shm-usage"])
        yield running
        running.close()


def address_of(role: str) -> str:
    """Address of the present test database for a role (`epj_app`, `epj_sealer`, `epj_owner`)."""
    parts = urlsplit(os.environ[ADDRESSES[role]])
    return urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))


@pytest.fixture
def connect_as(db: None) -> Iterator[Callable[[str], psycopg.Connection]]:
    """A function that logs in to the test database as a role itself, outside Django: sees only what is committed."""
    opened: list[psycopg.Connection] = []

    def connect(role: str) -> psycopg.Connection:
        opened.append(psycopg.connect(address_of(role)))
        return opened[-1]

    yield connect
    for one in opened:
        one.close()


# --- The cast, and acting as one of them. `default` connects as the owner; code under test runs as the role that serves. ---


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The test database, with the cast (tests/cast.py) committed in it."""
    from tests.cast import load_cast

    with django_db_blocker.unblock():
        load_cast()


@pytest.fixture
def cast(db: None) -> Any:
    """Who is who (tests.cast.Cast), with live sessions: `cast["lms.lege"].secret`, `cast.kari.id`."""
    from tests.cast import build_cast, wake_sessions

    wake_sessions()
    return build_cast()


Acting = Callable[[], AbstractContextManager[None]]


@contextmanager
def acting_as(role: str) -> Iterator[None]:
    """Runs a block as a database role on the test's own connection. An error takes back what the block wrote."""
    with transaction.atomic():
        before = set_role(role)
        yield
        set_role(before)


def set_role(role: str) -> str:
    """Returns the role until now. LOCAL, so that a rolled back savepoint or test gives it back."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT current_user; SET LOCAL ROLE {role}")
        return cursor.fetchone()[0]


@pytest.fixture
def as_app(db: None) -> Acting:
    """`with as_app():` – as the role that serves pages: row security and its few privileges apply."""
    return lambda: acting_as("epj_app")


@pytest.fixture
def as_owner(db: None) -> Acting:
    """`with as_owner():` – as the owner again, inside a block that runs as the application."""
    return lambda: acting_as("epj_owner")


@pytest.fixture
def open_gate(cast: Any, as_app: Acting) -> Callable[..., AbstractContextManager[Any]]:
    """`with open_gate("lms.lege", patient=cast.anna.id, action=Action.READ) as gate:` – as in a request of that person."""
    from access import gate
    from access.domain.codes import Action

    @contextmanager
    def opened(user: str, *, patient: UUID | None = None, action: Action = Action.READ, category: int | None = None) -> Iterator[Any]:
        request = gate.Request(action=action.name.lower(), route="test")
        with as_app(), gate.enter(cast[user].secret, request, patient=patient, action=action, category=category) as one:
            yield one

    return opened


class AppClient(Client):
    """Every request runs as the role that serves; a test that takes the role itself for many requests says so."""

    takes_role = True

    def request(self, **request: Any) -> HttpResponse:
        with acting_as("epj_app") if self.takes_role else nullcontext():
            return super().request(**request)


@pytest.fixture
def client_for(cast: Any) -> Callable[..., AppClient]:
    """`client_for("lms.lege")`: a browser logged in as that person; `client_for(None)`: one without a session."""
    from access.middleware import DEVICE_COOKIE, SESSION_COOKIE
    from tests.cast import DEVICE

    def made(user: str | None, *, takes_role: bool = True, **defaults: Any) -> AppClient:
        client = AppClient(**{"HTTP_ACCEPT": "text/html"} | defaults)
        client.takes_role = takes_role
        client.cookies[DEVICE_COOKIE] = DEVICE
        if user:
            client.cookies[SESSION_COOKIE] = cast[user].secret
        return client

    return made


@pytest.fixture
def own_transactions(db: None) -> Iterator[None]:
    """The test begins and ends its transactions itself, on a connection of its own; what it commits it must take away."""
    usual = connections[DEFAULT_DB_ALIAS]
    own = usual.copy()
    connections[DEFAULT_DB_ALIAS] = own
    yield
    own.close()
    connections[DEFAULT_DB_ALIAS] = usual


def make_clock_settable() -> None:
    """Replaces the gate's clock by one that `stand_clock` sets. As owner, until the transaction is rolled back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION gate.clock() RETURNS timestamptz LANGUAGE sql STABLE AS "
            "$$ SELECT coalesce(nullif(current_setting('epj.clock', true), '')::timestamptz, transaction_timestamp()) $$"
        )


def stand_clock(moment: datetime | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('epj.clock', %s, true)", [moment.isoformat() if moment else ""])


@pytest.fixture
def set_clock(db: None) -> Callable[[datetime | None], None]:
    """`set_clock(moment)`: from now on the gate's clock stands there; None lets it run again."""
    make_clock_settable()
    return stand_clock
