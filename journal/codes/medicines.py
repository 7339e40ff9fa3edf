"""A short list of substances with their ATC codes, so that an order of what a ward gives most is coded. FEST itself is far larger and not shipped."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lms_epj.core.folding import fold

# Groups where a second person checks each dose unless the doctor says otherwise: opioids, insulins, digitalis, heparins, methotrexate.
DOUBLE_CONTROL = ("N02A", "A10A", "C01AA", "B01AB", "L04AX03")


@dataclass(frozen=True)
class Medicine:
    atc: str
    name: str


@cache
def all_medicines() -> tuple[Medicine, ...]:
    lines = (Path(__file__).parent / "medicines.txt").read_text(encoding="utf-8").splitlines()
    return tuple(Medicine(*line.split(" ", 1)) for line in lines if line)


def atc_of(name: str) -> str:
    """The code of exactly this substance, or ''."""
    wanted = fold(name)
    return next((one.atc for one in all_medicines() if fold(one.name) == wanted), "")


def wants_double_control(atc: str) -> bool:
    return atc.upper().startswith(DOUBLE_CONTROL)


def search_medicines(query: str, limit: int = 12) -> list[Medicine]:
    """Substances whose name or code begins with the query, then those that hold it."""
    words = fold(query)
    if len(words) < 2:
        return []
    hits = [one for one in all_medicines() if words in fold(one.name) or one.atc.startswith(query.strip().upper())]
    return sorted(hits, key=lambda one: (not fold(one.name).startswith(words), one.name))[:limit]
