"""A short list of diagnosis codes that a ward meets, named in our own words. The coding systems themselves are far larger."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lms_epj.core.folding import fold

FOLDER = Path(__file__).parent
SYSTEMS = {"icpc2": "ICPC-2", "icd10": "ICD-10"}


@dataclass(frozen=True)
class Code:
    """``system``: icpc2 or icd10, the column of Diagnosis that holds it."""

    system: str
    code: str
    name: str

    @property
    def system_name(self) -> str:
        return SYSTEMS[self.system]


@cache
def all_codes() -> tuple[Code, ...]:
    """Every shipped code, read once: one per line, the code first."""
    return tuple(
        Code(system, *line.split(" ", 1))
        for system in SYSTEMS
        for line in (FOLDER / f"{system}.txt").read_text(encoding="utf-8").splitlines()
        if line
    )


def find_code(code: str) -> Code | None:
    """The entry of exactly this code, in either system."""
    wanted = code.strip().upper()
    return next((entry for entry in all_codes() if entry.code == wanted), None)


def search_codes(query: str, limit: int = 20) -> list[Code]:
    """Entries whose code begins with the query or whose name has all its words, those that begin with it first."""
    words = fold(query).split()
    if not words:
        return []
    prefix = query.strip().upper()
    hits = [entry for entry in all_codes() if entry.code.startswith(prefix) or all(word in fold(entry.name) for word in words)]
    hits.sort(
        key=lambda entry: (
            not entry.code.startswith(prefix),
            not fold(entry.name).startswith(words[0]),
            entry.system != "icpc2",
            entry.code,
        )
    )
    return hits[:limit]
