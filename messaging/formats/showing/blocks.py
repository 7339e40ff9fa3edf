"""The shapes a template can show."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """Prose under a label. `html` is safe to show as it is, where the sender marked the text up; else empty."""

    label: str
    text: str
    html: str = ""


@dataclass(frozen=True)
class Facts:
    """Labels and values, in order."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class File:
    """An enclosed file: `place` is its number among the message's attachments."""

    place: int
    title: str
    media_type: str
    size: int
    warning: str = ""


@dataclass(frozen=True)
class Section:
    """`detail` marks the complete rendering, which a screen may fold away below the readable one."""

    title: str
    blocks: tuple["Block", ...]
    detail: bool = False


Block = Text | Facts | Table | File | Section


def section(title: str, blocks: Iterable[Block | None], *, detail: bool = False) -> Section | None:
    """A section of what there is; None when there is nothing."""
    kept = tuple(one for one in blocks if one is not None)
    return Section(title, kept, detail) if kept else None


def facts(*rows: tuple[str, str]) -> Facts | None:
    kept = tuple((label, value) for label, value in rows if value)
    return Facts(kept) if kept else None


def table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> Table | None:
    """Columns that no row fills are left out."""
    lines = [tuple(row) for row in rows]
    names = tuple(columns)
    filled = [place for place in range(len(names)) if any(line[place] for line in lines)]
    if not filled:
        return None
    return Table(tuple(names[place] for place in filled), tuple(tuple(line[place] for place in filled) for line in lines))


def strings(blocks: Iterable[Block]) -> Iterator[str]:
    """Everything a reader would see, label by label: for searching and for comparing."""
    for block in blocks:
        match block:
            case Text(label, text):
                yield from (label, text)
            case Facts(rows):
                yield from (cell for row in rows for cell in row)
            case Table(columns, lines):
                yield from (*columns, *(cell for line in lines for cell in line))
            case File(_, title, media_type):
                yield from (title, media_type)
            case Section(title, inner):
                yield title
                yield from strings(inner)
