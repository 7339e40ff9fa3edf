"""What the list of medicines in use says in words, as an order can hold it. What is not understood is left to the doctor, never guessed."""

import re
from dataclasses import dataclass
from datetime import time
from decimal import Decimal

_DOSE = re.compile(r"\s*(?P<number>\d+(?:[.,]\d+)?)\s*(?P<unit>[^\d\s].*?)\s*")
_NUMBERS = {"én": 1, "en": 1, "to": 2, "tre": 3, "fire": 4, "fem": 5, "seks": 6}
# The ward's rounds by how many doses a day.
ROUNDS: dict[int, tuple[time, ...]] = {
    1: (time(8),), 2: (time(8), time(20)), 3: (time(8), time(14), time(20)), 4: (time(8), time(12), time(18), time(22)),
}  # fmt: skip
_PARTS = {"morgen": time(8), "kveld": time(20), "natt": time(22), "middag": time(14), "formiddag": time(11)}


@dataclass(frozen=True)
class Rhythm:
    """``times`` of a day; ``max_per_day`` where it is taken as needed."""

    times: tuple[time, ...] = ()
    every_days: int = 1
    as_needed: bool = False
    max_per_day: int | None = None


def read_dose(text: str) -> tuple[Decimal, str] | None:
    """«0,5 mg» → (0.5, «mg»); None for «etter skala» and the like."""
    found = _DOSE.fullmatch(text)
    return (Decimal(found["number"].replace(",", ".")), found["unit"]) if found else None


def read_rhythm(text: str) -> Rhythm | None:
    """«to ganger daglig», «kveld», «inntil fire ganger daglig», «én gang i uken», and what orders say of themselves («hver 7. dag kl. 08:00»); None for
    anything else."""
    words = text.lower().strip()
    if clocks := re.fullmatch(r"(?:hver ([1-9]\d{0,2})\. dag )?kl\. ([0-2]\d:[0-5]\d(?:, [0-2]\d:[0-5]\d)*)", words):
        try:
            return Rhythm(read_times(clocks[2]), every_days=int(clocks[1] or 1))
        except ValueError:
            return None
    counted = re.search(r"(én|en|to|tre|fire|fem|seks|\d)\s+gang(?:er)?", words)
    count = (_NUMBERS.get(counted[1]) or int(counted[1]) if counted[1].isdigit() else _NUMBERS.get(counted[1])) if counted else None
    if words.startswith("inntil") or "ved behov" in words:
        return Rhythm(as_needed=True, max_per_day=count)
    if "uke" in words:
        return Rhythm(ROUNDS[1], every_days=7) if count == 1 or "ukentlig" in words else None
    if "annenhver dag" in words or "hver annen dag" in words:
        return Rhythm(ROUNDS[1], every_days=2)
    parts = tuple(sorted(at for part, at in _PARTS.items() if re.search(rf"\b{part}\b", words)))
    if parts and (count is None or count == len(parts)):
        return Rhythm(parts)
    return Rhythm(ROUNDS[count]) if count in ROUNDS and not parts else None


def read_times(text: str) -> tuple[time, ...]:
    """«8, 14:30 og 20» as clock times, sorted, each once. Raises ValueError."""
    found = set()
    for piece in re.split(r"[,;\s]+|\bog\b", text.strip()):
        if piece:
            clock = re.fullmatch(r"(\d{1,2})(?:[:.](\d{2}))?", piece)
            if not clock:
                raise ValueError("not a time")
            found.add(time(int(clock[1]), int(clock[2] or 0)))
    return tuple(sorted(found))
