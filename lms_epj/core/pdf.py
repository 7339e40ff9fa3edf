"""Letters and prints as PDF. Data go in as data: nothing that a person has written is ever read as markup."""

import json
import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import typst

# One sheaf takes a quarter of this (docs/benchmarks.md); a page that asks for more is a fault, and must not take the machine with it.
MEMORY, SECONDS = 2 << 30, 120
# Latin, Greek and Cyrillic letters, punctuation and the signs of medicine, which the fonts in the library have. Others are tried one by one.
_KNOWN = re.compile(
    "[^\n\t\u0020-\u007e\u00a0-\u017f\u0391-\u03a9\u03b1-\u03c9\u0410-\u044f\u2010-\u2015\u2018-\u201e\u2022\u2026\u2190-\u2193\u2212\u2264\u2265\u2080-\u2089]"
)
_TRIAL = '#set document(title: "t")\n#set text(lang: "nb")\n#json(bytes(sys.inputs.data))'


class TypesetError(RuntimeError):
    """The sheaf could not be made: no memory, no time, or a fault in the template."""


def typeset(template: Path, data: Mapping[str, Any], *, tagged: bool = False) -> bytes:
    """The PDF of a Typst template that reads ``json(bytes(sys.inputs.data))``. The same bytes in and out on every machine: no system fonts.

    ``tagged``: for what must be readable by a screen reader (PDF/UA-1); the text is then made such that the fonts can write it.
    """
    sent = {"data": _written(shown(data) if tagged else data)}
    return typst.compile(template, sys_inputs=sent, ignore_system_fonts=True, pdf_standards=["ua-1"] if tagged else None)


def typeset_apart(template: Path, data: Mapping[str, Any]) -> bytes:
    """As ``typeset``, tagged, in a process of its own: memory goes back when it ends, and what goes wrong there ends only that.

    Raises TypesetError.
    """
    command = [sys.executable, "-m", "lms_epj.core.pdf", str(template)]
    environment = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "HOME", "TMPDIR", "LANG") if name in os.environ}
    root = Path(__file__).resolve().parents[2]
    try:
        done = subprocess.run(command, input=_written(data).encode(), capture_output=True, timeout=SECONDS, check=True, cwd=root, env=environment)
    except subprocess.TimeoutExpired as error:
        raise TypesetError("timeout") from error
    except subprocess.CalledProcessError as error:
        raise TypesetError(f"exit {error.returncode}") from error  # its words could hold words of the record
    return done.stdout


def _written(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False)


def shown(data: Any) -> Any:
    """The same data in characters that the fonts have, letters with their marks as one. Others are told of by their name, such as «[slightly smiling
    face]»: nothing is left out unseen."""
    data = _changed(data, lambda text: unicodedata.normalize("NFC", text))
    strange = {character for text in _texts(data) for character in _KNOWN.findall(text)}
    table = str.maketrans({character: _told(character) for character in strange if not _has_glyph(character)})
    return _changed(data, lambda text: text.translate(table)) if table else data


def _texts(data: Any) -> Any:
    match data:
        case str():
            yield data
        case dict():
            for value in data.values():
                yield from _texts(value)
        case list() | tuple():
            for value in data:
                yield from _texts(value)


def _changed(data: Any, change: Callable[[str], str]) -> Any:
    """Every text in it changed."""
    match data:
        case str():
            return change(data)
        case dict():
            return {key: _changed(value, change) for key, value in data.items()}
        case list() | tuple():
            return [_changed(value, change) for value in data]
    return data


def _told(character: str) -> str:
    """Its name in brackets; nothing for what only controls how others are drawn."""
    if unicodedata.category(character)[0] == "C" or unicodedata.category(character) in ("Mn", "Me"):
        return " " if character in "\r\v\f\x85" else ""
    return f"[{unicodedata.name(character, f'U+{ord(character):04X}').lower()}]"


@cache
def _has_glyph(character: str) -> bool:
    """Asked of the library itself, once: which fonts it carries is its own matter."""
    try:
        typst.compile(_TRIAL.encode(), sys_inputs={"data": _written(f"a{character}a")}, ignore_system_fonts=True, pdf_standards=["ua-1"])
    except typst.TypstError:
        return False
    return True


def main() -> None:
    """`python -m lms_epj.core.pdf TEMPLATE`: data as JSON in, a tagged PDF out."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    sys.stdout.buffer.write(typeset(Path(sys.argv[1]), json.load(sys.stdin.buffer), tagged=True))


if __name__ == "__main__":
    main()
