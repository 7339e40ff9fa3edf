"""What the suite runs on: servers of its own, one database per parallel worker copied from a migrated template."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from lms_epj.embedded.browser import find_browser
from lms_epj.embedded.find import NotFoundError
from lms_epj.embedded.folders import make_folder
from lms_epj.embedded.postgres import PostgresError
from lms_epj.embedded.services import Services

SLOTS = 8  # runs of the suite that may go on beside each other in one folder
TEMPLATE_PREFIX = "epj_template_"
MIGRATING = re.compile(r"(^|/)(migrations|policies)/.*\.(py|sql)$|\.sql$")
OLDEST_NODE = 18  # of the browser driver


@contextmanager
def free_slot(var: Path) -> Iterator[Path]:
    """A folder for this run alone; kept between runs, so that the next one starts quickly.

    Raises:
        NotFoundError: all are taken.
    """
    make_folder(var, 0o711 if os.geteuid() == 0 else 0o700)
    for number in range(SLOTS):
        folder = var / f"test{number}"
        make_folder(folder, 0o711 if os.geteuid() == 0 else 0o700)
        with (folder / "lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield folder
            return
    raise NotFoundError(f"{SLOTS} runs of the suite go on in {var} already.")


def start_services(folder: Path) -> Services:
    """Database and broker for tests: nothing is forced to disk. A cluster that does not start is made anew."""
    services = Services(folder, "test", durable=False)
    try:
        services.start_postgres()
    except PostgresError:
        if services.postgres is None:
            raise
        services.stop()
        shutil.rmtree(services.postgres.data, ignore_errors=True)
        services.start_postgres()
    services.start_broker()
    return services


def test_environment(services: Services, root: Path) -> dict[str, str]:
    """For pytest: `default` is the owner, who makes the databases; tests become the serving role by SET ROLE or by its address."""
    addresses = services.addresses()
    if "DATABASE_OWNER_URL" not in addresses:
        raise NotFoundError("DATABASE_URL is set; set DATABASE_OWNER_URL too, the role that creates the test databases.")
    env = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "DJANGO_", "PYTEST_"))}
    env |= services.secrets()
    env |= {
        "DATABASE_URL": addresses["DATABASE_OWNER_URL"],
        "EPJ_TEST_APP_URL": addresses["DATABASE_URL"],
        "EPJ_TEST_SEALER_URL": addresses.get("DATABASE_SEALER_URL", ""),
        "REDIS_URL": addresses["REDIS_URL"],
        "EPJ_TEST": "1",
        "EPJ_DEMO": "",
        "EPJ_PROCESS": "manage",
        "EPJ_VAR_DIR": str(services.var),
        # Playwright's synchronous interface runs a loop in the thread of the test.
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
    }
    return env | browser_environment(root)


def browser_environment(root: Path) -> dict[str, str]:
    """The browser, or why there is none; and a node that runs: the driver's own lacks a library on slim machines."""
    found = {}
    try:
        found["EPJ_TEST_CHROMIUM"] = str(find_browser(root, root / "var"))
    except (NotFoundError, OSError) as error:
        found["EPJ_TEST_NO_CHROMIUM"] = str(error)
    node = node_program(root)
    if node and "PLAYWRIGHT_NODEJS_PATH" not in os.environ:
        found["PLAYWRIGHT_NODEJS_PATH"] = node
    return found


def node_program(root: Path) -> str | None:
    for program in (str(root / ".venv" / "bin" / "node"), shutil.which("node")):
        if program and Path(program).exists():
            version = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
            match = re.match(r"v(\d+)\.", version)
            if match and int(match.group(1)) >= OLDEST_NODE:
                return program
    return None


def prepare_template(env: dict[str, str], root: Path) -> str:
    """Name of a database with all migrations run. It is kept until a migration changes, so that a run need not migrate."""
    name = TEMPLATE_PREFIX + migrations_digest(root)
    with psycopg.connect(env["DATABASE_URL"], autocommit=True) as connection:
        pattern = TEMPLATE_PREFIX.replace("_", r"\_") + "%"
        there = {row[0] for row in connection.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [pattern])}
        if name in there:
            return name
        for old in there:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(old)))
        draft = f"{name}_new"
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(draft)))
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
            env={**env, "DATABASE_URL": with_database(env["DATABASE_URL"], draft)},
            cwd=root,
            check=True,
        )
        connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name)))
    return name


def migrations_digest(root: Path) -> str:
    """Of everything migrations are made from: migration and policy files, SQL, and the packages with migrations of their own."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=root, capture_output=True, text=True, check=False).stdout
    names = listed.splitlines() or [str(path.relative_to(root)) for path in root.glob("*/**/*") if path.is_file()]
    skipped = ("node_modules/", ".venv/", "build/", "var/", "staticfiles/")
    digest = hashlib.sha256((root / "requirements.txt").read_bytes() + (root / "lms_epj" / "settings.py").read_bytes())
    for name in sorted(name for name in names if MIGRATING.search(name) and not name.startswith(skipped)):
        if (root / name).is_file():
            digest.update(name.encode() + b"\0" + (root / name).read_bytes())
    return digest.hexdigest()[:16]


def with_database(address: str, database: str) -> str:
    return urlunsplit(urlsplit(address)._replace(path=f"/{database}"))
