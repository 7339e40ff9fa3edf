"""`inspect_message`: a line of JSON for each file, and no database."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from messaging.formats.inspect import inspect_file
from tests.messaging import samples
from tests.messaging.samples import SAMPLES

ROOT = Path(__file__).resolve().parents[2]
KEYS = ["file", "type", "version", "message_id", "sender", "receiver", "patient", "outcome", "code", "reason"]


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    (tmp_path / "ok.xml").write_text(SAMPLES["Svarrapport 1.4"][0])
    (tmp_path / "broken.xml").write_text(SAMPLES["Svarrapport 1.4"][0][:-30])
    (tmp_path / "unknown.xml").write_text("<Annet/>")
    return [str(tmp_path / name) for name in ("ok.xml", "broken.xml", "unknown.xml", "missing.xml")]


def test_the_command_prints_one_line_for_each_file_and_nothing_else(files):
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("DATABASE", "EPJ_TEST", "REDIS"))}
    # An address that nobody answers at: the command must not ask.
    environment |= {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "django", "inspect_message", *files]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
    lines = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert [list(line) for line in lines] == [KEYS] * 4
    assert [line["file"] for line in lines] == files
    assert [(line["outcome"], line["code"]) for line in lines] == [("accepted", None), ("refused", "T01"), ("refused", "T10"), ("refused", "T01")]


def test_a_line_tells_who_to_whom_and_about_whom(files):
    line = inspect_file(files[0])
    assert (line["type"], line["version"], line["message_id"]) == ("SVAR_LAB", "1.4", samples.MESSAGE_ID)
    assert line["sender"] == {"name": "Sykehuset, Laboratoriet", "her_id": "302", "her_ids": ["301", "302"]}
    assert line["receiver"] == {"name": "Follo LMS, Døgnenheten", "her_id": "202", "her_ids": ["201", "202"]}
    assert line["patient"]["identifiers"] == [{"type": "FNR", "number": samples.NUMBER}]


def test_a_broken_file_tells_what_could_be_read(files):
    line = inspect_file(files[1])
    assert (line["type"], line["message_id"]) == ("SVAR_LAB", samples.MESSAGE_ID)
    assert "velformet" in line["reason"]


def test_a_directory_is_refused_like_a_file_that_cannot_be_read(tmp_path):
    assert inspect_file(str(tmp_path))["code"] == "T01"
