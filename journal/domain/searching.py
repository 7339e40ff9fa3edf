"""Words that somebody looks for in a record, and where they stand in a text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

MOST_WORDS = 8
BEFORE, AFTER = 80, 240


@dataclass(frozen=True)
class Piece:
    """A part of a text; ``hit``: a word that was looked for."""

    text: str
    hit: bool


def words_of(typed: str) -> list[str]:
    """What is looked for, in small letters; signs between words part them."""
    return re.findall(r"\w+", typed.lower())[:MOST_WORDS]


def excerpt(text: str, stems: Iterable[str], *, before: int = BEFORE, after: int = AFTER) -> list[Piece]:
    """The text round the first hit, in pieces; from its beginning when nothing is hit. A hit is the whole word that a stem stands in."""
    pattern = re.compile("|".join(rf"\w*{re.escape(stem)}\w*" for stem in stems) or r"(?!)", re.IGNORECASE)
    first = pattern.search(text)
    begin = _word_start(text, max(0, first.start() - before)) if first else 0
    end = min(len(text), (first.start() if first else 0) + after)
    pieces, at = [Piece("…", hit=False)] if begin else [], begin
    for found in pattern.finditer(text, begin):
        if found.start() >= end:
            break
        pieces += [Piece(text[at : found.start()], hit=False), Piece(found.group(), hit=True)]
        at = found.end()
    pieces.append(Piece(text[at:end] + ("…" if max(at, end) < len(text) else ""), hit=False))
    return [piece for piece in pieces if piece.text]


def _word_start(text: str, at: int) -> int:
    """The beginning of the first whole word from there on."""
    space = text.find(" ", at) if at else -1
    return space + 1 if 0 <= space < at + BEFORE else at
