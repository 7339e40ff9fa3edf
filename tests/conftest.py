"""The ground of the suite: run it by `python3 manage.py test`, which gives the servers. What a test needs of the record
stands in the fixtures beside the tests."""

import os
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connection

ADDRESSES = {"epj_app": "EPJ_TEST_APP_URL", "epj_sealer": "EPJ_TEST_SEALER_URL", "epj_owner": "DATABASE_URL"}


def pytest_configure(config: pytest.Config) -> None:
    if not os.environ.get("EPJ_TEST"):
        raise pytest.UsageError("The suite needs servers of its own. Run it by: python3 manage.py test [arguments for pytest]")
    config.stash[BROWSER_TESTS] = {"ran": 0, "skipped": 0}


BROWSER_TESTS = pytest.StashKey[dict[str, int]]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "chromium_path" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


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
def connect_as(django_db_setup: None) -> Iterator[Callable[[str], psycopg.Connection]]:
    """A function that logs in to the test database as a role itself, outside Django: sees only what is committed."""
    opened: list[psycopg.Connection] = []

    def connect(role: str) -> psycopg.Connection:
        opened.append(psycopg.connect(address_of(role)))
        return opened[-1]

    yield connect
    for one in opened:
        one.close()
