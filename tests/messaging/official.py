"""The official schemas and samples, which the project does not hold: a directory named by EPJ_STANDARDS."""

import csv
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

DIRECTORY = os.environ.get("EPJ_STANDARDS", "")
needs_standards = pytest.mark.skipif(
    not DIRECTORY, reason="EPJ_STANDARDS names no directory with the official schemas and samples: NOT CHECKED AGAINST THEM"
)


@cache
def schema(name: str = "all-messages.xsd") -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(Path(DIRECTORY, "xsd", name)))


@cache
def sample_list() -> list[dict[str, Any]]:
    with Path(DIRECTORY, "samples", "MANIFEST.tsv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


def sample(entry: dict[str, Any]) -> bytes:
    return Path(DIRECTORY, "samples", entry["file"]).read_bytes()
