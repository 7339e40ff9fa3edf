"""The format of an import (docs/import.md): what a line may hold, and what is wrong with one. Knows no database.

A line is one JSON object with ``kind`` and ``id`` (the old system's own, unique within its kind). A patient's line comes first, and all that belongs
to the patient follows it until the next patient's line.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

LONGEST_LINE = 2_000_000  # characters; a longer one is no note
Line = dict[str, Any]


@dataclass(frozen=True)
class Field:
    """``type``: text, date, moment, number, flag, codes (a list of texts). ``of``: the values allowed, or the lowest and highest number."""

    type: str = "text"
    required: bool = False
    of: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Fault:
    """What is wrong in one line, and what to do about it. Says no name and no number: a report may be sent around."""

    file: str
    line: int
    kind: str
    key: str
    what: str
    do: str


@dataclass
class Group:
    """One patient's lines, with where they stood: [(line number, line)]. ``faults`` are those found while reading."""

    file: str
    lines: list[tuple[int, Line]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def patient(self) -> Line | None:
        return self.lines[0][1] if self.lines and self.lines[0][1].get("kind") == "patient" else None


NEEDED = Field(required=True)
TEXT, DAY, MOMENT, FLAG = Field(), Field("date"), Field("moment"), Field("flag")
EVENT = Field("moment", required=True)
# What every entry says of who and when, in the old system's words.
COMMON = {"patient": NEEDED, "event_at": EVENT, "recorded_at": MOMENT, "author": TEXT, "author_name": TEXT, "unit_text": TEXT}
KINDS: dict[str, dict[str, Field]] = {
    "patient": {
        "numbers": Field("codes"), "family_name": NEEDED, "given_name": TEXT, "birth_date": DAY, "sex": Field(of=("K", "M", "U")), "address": TEXT,
        "protected_address": FLAG, "municipality_number": TEXT, "phone": TEXT, "general_practitioner": TEXT, "deceased_on": DAY,
    },
    "note": COMMON | {"type": NEEDED, "title": TEXT, "text": NEEDED},
    "diagnosis": COMMON | {"text": NEEDED, "icpc2": TEXT, "icd10": TEXT, "active": FLAG, "main": FLAG},
    "critical": COMMON | {
        "type": Field(required=True, of=("allergy", "intolerance", "anticoagulation", "infection", "implant", "resuscitation", "condition")),
        "substance": NEEDED, "reaction": TEXT, "year": Field("number", of=(1900, 2100)), "certainty": TEXT, "ended_at": MOMENT,
    },
    "none_known": COMMON,
    "medication": COMMON | {
        "generic": NEEDED, "brand": TEXT, "atc": TEXT, "form": TEXT, "strength": TEXT, "dose": NEEDED, "route": TEXT, "frequency": TEXT,
        "as_needed": FLAG, "indication": TEXT, "started_on": DAY, "stopped_at": MOMENT,
    },
    "vitals": COMMON | {
        "respiration": Field("number", of=(0, 100)), "spo2": Field("number", of=(0, 100)), "on_oxygen": FLAG, "systolic": Field("number", of=(0, 350)),
        "diastolic": Field("number", of=(0, 250)), "pulse": Field("number", of=(0, 350)), "temperature": Field("number", of=(20, 46)),
        "consciousness": Field(of=("A", "C", "V", "P", "U")), "comment": TEXT,
    },
    "next_of_kin": COMMON | {"name": NEEDED, "relation": NEEDED, "phone": TEXT, "nearest": FLAG},
    "service": COMMON | {"type": Field("number", required=True, of=(1, 99)), "executing_unit": NEEDED, "text": NEEDED, "starts_at": EVENT, "ends_at": MOMENT},
    "plan": COMMON | {"problem": NEEDED, "goal": NEEDED, "goal_by": DAY},
}  # fmt: skip
# Columns of ours that are shorter than a text may be.
LENGTHS = {"icpc2": 5, "icd10": 8, "atc": 7, "phone": 20, "municipality_number": 4}


def read_groups(file: str, lines: Iterable[str]) -> Iterator[Group]:
    """One patient at a time, however large the file. A line that cannot be read is a fault of the patient it stands under."""
    group = Group(file)
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        line, fault = _read(file, number, text)
        if line is not None and line.get("kind") == "patient":
            if group.lines or group.faults:
                yield group
            group = Group(file)
        if fault:
            group.faults.append(fault)
        elif line is not None:
            group.lines.append((number, line))
    if group.lines or group.faults:
        yield group


def _read(file: str, number: int, text: str) -> tuple[Line | None, Fault | None]:
    def fault(what: str, do: str) -> tuple[None, Fault]:
        return None, Fault(file, number, "", "", what, do)

    if len(text) > LONGEST_LINE:
        return fault("linjen er for lang", f"Del den opp: høyst {LONGEST_LINE} tegn.")
    if "\\u0000" in text:
        return fault("linjen har tegnet NUL", "Ta bort tegnet.")
    try:
        line = json.loads(text)
    except (ValueError, RecursionError):
        return fault("linjen er ikke gyldig JSON", "Skriv den på nytt: ett JSON-objekt på én linje.")
    if not isinstance(line, dict) or not isinstance(line.get("kind"), str) or not isinstance(line.get("id"), str) or not line["id"]:
        return fault("linjen mangler kind eller id", "Hver linje skal ha kind og id som tekst.")
    return line, None


def check_group(group: Group) -> list[Fault]:
    """Everything that is wrong with one patient's lines as they stand; empty when they can be brought in as far as the format goes."""
    faults = list(group.faults)
    seen: set[tuple[str, str]] = set()
    patient = group.patient
    for number, line in group.lines:
        kind, key = line["kind"], line["id"]

        def told(what: str, do: str, number: int = number, kind: str = kind, key: str = key) -> None:
            faults.append(Fault(group.file, number, kind, key, what, do))

        if kind not in KINDS:
            told("ukjent kind", f"Bruk en av {', '.join(KINDS)}.")
            continue
        if patient is None:
            told("står ikke under en pasient", "Sett pasientens linje først.")
            patient = line  # told once
        if (kind, key) in seen:
            told("samme id to ganger", "Gi hvert innslag sin egen id.")
        seen.add((kind, key))
        if kind != "patient":
            if line.get("patient") != patient.get("id"):
                told("hører til en annen pasient enn den det står under", "Flytt linjen, eller rett feltet patient.")
            if not line.get("author") and not line.get("author_name"):
                told("mangler forfatter", "Oppgi author (kode i users.csv) eller author_name.")
        for name, wrong in _faults_of(line, KINDS[kind]):
            told(f"feltet {name} {wrong}", "Se docs/import.md for hva feltet skal være.")
    return faults


def _faults_of(line: Mapping[str, Any], fields: Mapping[str, Field]) -> Iterator[tuple[str, str]]:
    for name in line.keys() - fields.keys() - {"kind", "id"}:
        yield name, "finnes ikke i formatet"
    for name, wanted in fields.items():
        value = line.get(name)
        if value is None or value == "":
            if wanted.required:
                yield name, "mangler"
        elif wrong := _wrong(value, wanted) or ("er for langt" if name in LENGTHS and len(str(value)) > LENGTHS[name] else ""):
            yield name, wrong


def _wrong(value: Any, wanted: Field) -> str:
    """What is wrong with a value; '' when nothing is."""
    match wanted.type:
        case "flag":
            return "" if isinstance(value, bool) else "skal være true eller false"
        case "number":
            low, high = wanted.of
            right = isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high
            return "" if right else f"skal være et tall fra {low} til {high}"
        case "codes":
            return "" if isinstance(value, list) and all(isinstance(one, str) for one in value) else "skal være en liste av tekster"
        case "date":
            return "" if as_day(value) else "skal være en dato, åååå-mm-dd"
        case "moment":
            return "" if as_moment(value) else "skal være et tidspunkt med tidssone, som 2019-05-02T14:30:00+02:00"
    if not isinstance(value, str):
        return "skal være tekst"
    return "" if not wanted.of or value in wanted.of else f"skal være en av {', '.join(wanted.of)}"


def as_day(value: Any) -> date | None:
    try:
        found = date.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return found if 1850 <= found.year <= 2200 else None


def as_moment(value: Any) -> datetime | None:
    """With a time zone, or None."""
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo is not None and 1850 <= found.year <= 2200 else None
