"""What was changed between two versions of a text, word by word."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True)
class Piece:
    """kind: ``same``, ``added`` or ``removed``."""

    kind: str
    text: str


def differences(before: str, after: str) -> list[Piece]:
    """The two texts woven together; without ``removed`` it is the new one, without ``added`` the old one."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    pieces: list[Piece] = []
    for operation, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if operation == "equal":
            pieces.append(Piece("same", "".join(old[a:b])))
            continue
        if b > a:
            pieces.append(Piece("removed", "".join(old[a:b])))
        if d > c:
            pieces.append(Piece("added", "".join(new[c:d])))
    return pieces


def changed_sections(before: Mapping[str, str], after: Mapping[str, str], order: Sequence[str]) -> list[tuple[str, list[Piece]]]:
    """(section key, pieces) of the sections that differ, in the template's order and then any others."""
    keys = [*order, *(key for key in [*before, *after] if key not in order)]
    unique = list(dict.fromkeys(keys))
    return [(key, differences(before.get(key, ""), after.get(key, ""))) for key in unique if before.get(key, "") != after.get(key, "")]
