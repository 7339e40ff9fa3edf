"""Letters as PDF. Data go in as data: nothing that a person has written is ever read as markup."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst


def typeset(template: Path, data: Mapping[str, Any]) -> bytes:
    """The PDF of a Typst template that reads ``json(bytes(sys.inputs.data))``. The same bytes in and out on every machine: no system fonts."""
    return typst.compile(template, sys_inputs={"data": json.dumps(data, ensure_ascii=False)}, ignore_system_fonts=True)
