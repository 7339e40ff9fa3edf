"""What is printed, as blocks in order, and sheaves of them small enough to set in one go. Shapes as ``journal/typst/print.typ`` takes them.

A block is a dict with ``kind``: heading {level, text}, text, remark {text}, list {items}, facts {items: [(label, text)]},
entry {title, about: [text], remarks: [text], sections: [(label, text)], old: [{head, sections}]},
table {name, columns, widths, rows: [[cell]]}; a cell is a text, or {text, struck} where it stands out or no longer counts.
``entries`` is how many entries of the record it holds.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

Block = dict[str, Any]
# A character of text counts as one. A sheaf of this weight is some 180 sheets and takes about two seconds to set (docs/benchmarks.md).
SHEAF = 1_000_000
ENTRY_WEIGHT, ROW_WEIGHT = 200, 120


@dataclass
class Sheaf:
    """Blocks that become one file. ``entries``: how many entries of the record."""

    blocks: list[Block] = field(default_factory=list)
    entries: int = 0
    weight: int = 0


def heading(text: str, level: int = 2) -> Block:
    return {"kind": "heading", "level": level, "text": text, "entries": 0}


def text(said: str) -> Block:
    return {"kind": "text", "text": said, "entries": 0}


def facts(items: Iterable[tuple[str, str]], entries: int = 0) -> Block:
    return {"kind": "facts", "items": [item for item in items if item[1]], "entries": entries}


def listed(items: Sequence[str], entries: int = 0) -> Block:
    return {"kind": "list", "items": list(items), "entries": entries}


def entry(title: str, about: Iterable[str], sections: Iterable[tuple[str, str]], *, remarks: Iterable[str] = (), old: Iterable[Block] = ()) -> Block:
    return {"kind": "entry", "title": title, "about": [line for line in about if line], "remarks": list(remarks), "old": list(old),
            "sections": [(label, said.strip()) for label, said in sections if said.strip()], "entries": 1}  # fmt: skip


def table(name: str, columns: Sequence[tuple[str, float]], rows: Sequence[Sequence[Any]]) -> Block:
    """``columns``: (label, share of the width). Tables of one name that follow each other are one on paper."""
    return {"kind": "table", "name": name, "columns": [label for label, _width in columns], "widths": [width for _label, width in columns],
            "rows": [list(row) for row in rows], "entries": len(rows)}  # fmt: skip


def strong(said: str) -> Any:
    return {"text": said, "struck": False} if said else ""


def struck(said: str) -> Any:
    return {"text": said, "struck": True} if said else ""


def weight(block: Block) -> int:
    """How much there is to set: its characters, and what an entry or row costs beside them."""
    return _letters(block) + (ROW_WEIGHT * len(block["rows"]) if block["kind"] == "table" else ENTRY_WEIGHT)


def _letters(value: Any) -> int:
    match value:
        case str():
            return len(value)
        case dict():
            return sum(map(_letters, value.values()))
        case list() | tuple():
            return sum(map(_letters, value))
    return 0


def sheaves(blocks: Iterable[Block], limit: int = SHEAF) -> Iterator[Sheaf]:
    """The blocks in sheaves of about ``limit``. One that begins in the middle of a chapter says of which. Holds one sheaf at a time."""
    sheaf, chapter = Sheaf(), ""
    for block in blocks:
        heavy = weight(block)
        if block["kind"] == "heading" and block["level"] == 2:
            chapter = block["text"]
        if sheaf.blocks and sheaf.weight + heavy > limit:
            yield sheaf
            sheaf = Sheaf([] if block["kind"] == "heading" or not chapter else [heading(f"{chapter} (fortsetter)")])
        _put(sheaf, block)
        sheaf.weight += heavy
        sheaf.entries += block["entries"]
    yield sheaf


def _put(sheaf: Sheaf, block: Block) -> None:
    last = sheaf.blocks[-1] if sheaf.blocks else None
    if last and block["kind"] == "table" == last["kind"] and last["name"] == block["name"]:
        last["rows"] = [*last["rows"], *block["rows"]]
    else:
        sheaf.blocks.append(dict(block))
