"""Which server is taken: what the machine has before the wheel, the newest first, and a forced choice as it says."""

from pathlib import Path

import pytest

from lms_epj.embedded import find


def fake_server(folder: Path, version: str, *extensions: str) -> Path:
    """A server folder with programs that only tell their version."""
    binaries = folder / "bin"
    binaries.mkdir(parents=True)
    for name in ("postgres", "initdb"):
        program = binaries / name
        program.write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
        program.chmod(0o755)
    for name in extensions:
        control = folder / "share" / "extension" / f"{name}.control"
        control.parent.mkdir(parents=True, exist_ok=True)
        control.touch()
    return binaries


@pytest.fixture
def only_these_servers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder whose `*/bin` are all the servers this machine has."""
    for name in ("EPJ_PG", "EPJ_BROKER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(find.glob, "glob", lambda pattern: [str(path) for path in tmp_path.glob("*/bin")] if "pgsql-" in pattern else [])
    monkeypatch.setattr(find.shutil, "which", lambda name: None)
    return tmp_path


def test_the_newest_is_taken_by_number(only_these_servers: Path) -> None:
    for major in ("9", "15", "100"):
        fake_server(only_these_servers / major, f"{major}.2", "btree_gist", "pg_trgm")
    found = find.find_postgres()
    assert (found.major, found.origin) == (100, "installed")


def test_a_server_that_is_too_old_is_not_taken(only_these_servers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_server(only_these_servers / "14", "14.9", "btree_gist", "pg_trgm")
    monkeypatch.setenv("EPJ_PG", "installed")
    with pytest.raises(find.NotFoundError, match="PostgreSQL 15"):
        find.find_postgres()


def test_a_server_without_the_extensions_is_not_taken(only_these_servers: Path) -> None:
    fake_server(only_these_servers / "99", "99.0", "btree_gist")
    assert find.installed_postgres() is None


def test_an_unknown_choice_is_refused_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EPJ_PG", "whell")
    with pytest.raises(find.NotFoundError, match="EPJ_PG"):
        find.find_postgres()
