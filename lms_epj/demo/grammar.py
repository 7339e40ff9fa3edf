"""Sentences from frames. Frames stand in ``frames/*.txt`` so that a nurse can read and mend them.

A frame is one sentence::

    [Spiste|Fikk i seg] {i:1:3} {@brødmat} til frokost {kl:-4:-2}.

``[a|b]`` picks one. ``{@topic}`` inserts another topic's frame (a word list is such a topic).
``{i:low:high[:step]}`` is a whole number, ``{d:low:high}`` has one decimal, ``{kl:from:to}`` is a time of
day as hours from the note, ``{dag:from:to}`` a date as days from the note. Any other slot is a value
of the patient or the moment (:mod:`lms_epj.demo.scene`).

No sentence is written twice in one data set: a writer remembers all it has written and tries again.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random

from lms_epj.core.clock import to_oslo

_FRAMES = Path(__file__).with_name("frames")
_TOKEN = re.compile(r"\[([^\[\]]*)\]|\{([^{}]*)\}")
_WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_TRIES = 200

Slots = Mapping[str, str]


@cache
def topics() -> dict[str, tuple[str, ...]]:
    """All frames by topic. A file line ``## name`` begins a topic; an empty line is nothing."""
    found: dict[str, list[str]] = {}
    for path in sorted(_FRAMES.glob("*.txt")):
        current: list[str] | None = None
        for raw in path.read_text(encoding="utf-8").splitlines():
            line = raw.strip()
            if line.startswith("## "):
                current = found.setdefault(line[3:].strip(), [])
            elif line and current is not None:
                current.append(line)
    return {name: tuple(lines) for name, lines in found.items()}


def split_sentences(text: str) -> list[str]:
    return [part.strip() for part in _SENTENCE_END.split(text) if part.strip()]


def normalise(sentence: str) -> str:
    """Two sentences are the same if only case, spacing or the last mark differ."""
    return " ".join(sentence.lower().split()).rstrip(".!?")


class Writer:
    """Writes sentences for one data set; ``seen`` is shared by all its notes."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.seen: set[str] = set()

    def sentence(self, topic: str, slots: Slots, at: datetime, avoid: set[str]) -> str:
        """One new sentence. ``avoid``: frames lately used about this patient; the used one is added."""
        frames = topics()[topic]
        fresh = [frame for frame in frames if frame not in avoid] or list(frames)
        for attempt in range(_TRIES):
            frame = self.rng.choice(fresh if attempt < _TRIES // 2 else frames)
            text = self.expand(frame, slots, at)
            parts = {normalise(part) for part in split_sentences(text)}
            if not parts & self.seen:
                self.seen |= parts
                avoid.add(frame)
                return text
        raise RuntimeError(f"topic {topic!r} is exhausted: give its frames more slots")

    def expand(self, frame: str, slots: Slots, at: datetime) -> str:
        text, count = frame, 1
        while count:
            text, count = _TOKEN.subn(lambda m: self._token(m, slots, at), text)
        return text[0].upper() + text[1:]

    def _token(self, match: re.Match[str], slots: Slots, at: datetime) -> str:
        choice, slot = match.groups()
        if choice is not None:
            return self.rng.choice(choice.split("|"))
        if slot[0] == "@":
            return self.rng.choice(topics()[slot[1:]])
        head, *rest = slot.split(":")
        if not rest:
            return slots[head]
        return getattr(self, f"_slot_{head}")(at, *rest)

    def _slot_i(self, _at: datetime, low: str, high: str, step: str = "1") -> str:
        return str(self.rng.randrange(int(low), int(high) + 1, int(step)))

    def _slot_d(self, _at: datetime, low: str, high: str) -> str:
        return f"{self.rng.randint(round(float(low) * 10), round(float(high) * 10)) / 10:.1f}".replace(".", ",")

    def _slot_kl(self, at: datetime, low: str, high: str) -> str:
        minutes = self.rng.randint(round(float(low) * 60), round(float(high) * 60))
        moment = to_oslo(at + timedelta(minutes=minutes))
        step = 5 if self.rng.random() < 0.8 else 1
        return f"kl {moment.hour:02}:{moment.minute // step * step:02}"

    def _slot_dag(self, at: datetime, low: str, high: str) -> str:
        day = to_oslo(at + timedelta(days=self.rng.randint(int(low), int(high))))
        return f"{_WEEKDAYS[day.weekday()]} {day.day:02}.{day.month:02}"
