"""Sentences from frames. Frames stand in ``frames/*.txt`` so that a nurse can read and mend them.

A frame is one sentence::

    [Spiste|Fikk i seg] {i:1:3} {@brødmat} til frokost {kl:-4:-2}.

``[a|b]`` picks one. ``{@topic}`` inserts another topic's frame (a word list is such a topic).
``{i:low:high[:step]}`` is a whole number, ``{d:low:high}`` has one decimal. ``{kl:from:to}`` is a time of
day as hours from the note, ``{klo:9:14}`` one between two hours of any day. ``{dag:from:to}`` is a date
as days from the note, ``{uke:from:to}`` the same, never in a week-end. Any other slot is a value of the
patient or the moment (:mod:`lms_epj.demo.scene`).

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

# A drawn number may be one; Norwegian then wants the singular.
_SINGULAR = {
    "1 ganger": "én gang", "1 faste medisiner": "én fast medisin", "1 faste legemidler": "ett fast legemiddel",
    "1 faste midler": "ett fast middel", "1 minutters": "ett minutts", "1 minutter": "ett minutt", "1 timer": "én time",
    "1 dager": "én dag", "1 halve brødskiver": "en halv brødskive", "1 halve skiver": "en halv skive",
    "1 små brødskiver": "en liten brødskive", "1 halve knekkebrød": "et halvt knekkebrød",
    "1 knekkebrød": "et knekkebrød", "1 poser": "én pose", "1 pustepauser": "én pustepause", "1 puter": "én pute",
    "1 porsjoner": "én porsjon", "1 skjeer": "én skje", "1 ekstradoser": "én ekstradose",
    "1 inhalasjoner": "én inhalasjon", "1 tabletter": "én tablett", "1 agraffer": "én agraff",
    "1 løse tepper": "ett løst teppe", "1 påminninger": "én påminning", "1 tær": "én tå", "1 personer": "én person",
}  # fmt: skip
_ONE = re.compile(r"(?<![\d,.])(?:" + "|".join(map(re.escape, _SINGULAR)) + r")\b")

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
        self._picked: set[str] = set()

    def begin_note(self) -> None:
        self._picked.clear()

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
        text = _ONE.sub(lambda m: _SINGULAR[m.group()], text)
        return text[0].upper() + text[1:]

    def _token(self, match: re.Match[str], slots: Slots, at: datetime) -> str:
        choice, slot = match.groups()
        if choice is not None:
            return self.rng.choice(choice.split("|"))
        if slot[0] == "@":
            return self._word(slot[1:])
        head, *rest = slot.split(":")
        if not rest:
            return slots[head]
        return getattr(self, f"_slot_{head}")(at, *rest)

    def _word(self, topic: str) -> str:
        """A frame not yet used in this note where there is one: no quote or dish twice in a note."""
        words = topics()[topic]
        fresh = [word for word in words if word not in self._picked] or words
        word = self.rng.choice(fresh)
        self._picked.add(word)
        return word

    def _slot_i(self, _at: datetime, low: str, high: str, step: str = "1") -> str:
        return str(self.rng.randrange(int(low), int(high) + 1, int(step)))

    def _slot_d(self, _at: datetime, low: str, high: str) -> str:
        return f"{self.rng.randint(round(float(low) * 10), round(float(high) * 10)) / 10:.1f}".replace(".", ",")

    def _slot_kl(self, at: datetime, low: str, high: str) -> str:
        minutes = self.rng.randint(round(float(low) * 60), round(float(high) * 60))
        moment = to_oslo(at + timedelta(minutes=minutes))
        step = 5 if self.rng.random() < 0.8 else 1
        return f"kl {moment.hour:02}:{moment.minute // step * step:02}"

    def _slot_klo(self, _at: datetime, low: str, high: str) -> str:
        return f"kl {self.rng.randint(int(low), int(high)):02}:{self.rng.randrange(0, 60, 5):02}"

    def _slot_dag(self, at: datetime, low: str, high: str) -> str:
        return _day(to_oslo(at + timedelta(days=self.rng.randint(int(low), int(high)))))

    def _slot_uke(self, at: datetime, low: str, high: str) -> str:
        """As ``dag``, moved out of the week-end: onwards when it is to come, back when it has been."""
        day = to_oslo(at + timedelta(days=self.rng.randint(int(low), int(high))))
        while day.weekday() > 4:
            day += timedelta(days=1 if int(low) >= 0 else -1)
        return _day(day)


def _day(day: datetime) -> str:
    return f"{_WEEKDAYS[day.weekday()]} {day.day:02}.{day.month:02}"
