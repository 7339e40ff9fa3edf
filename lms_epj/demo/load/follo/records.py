"""The clinical rows: notes with their versions, measurements, tasks, medication and diagnoses."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from decimal import Decimal
from functools import cache
from itertools import chain, islice

from django.db.backends.utils import CursorWrapper

from access.models import DocumentType
from journal.domain import news2
from lms_epj.demo.bulk import Bulk
from lms_epj.demo.load.copying import NULL, Keys, Stamps, copy_lines, field, line
from lms_epj.demo.load.follo.people import LONG_STAY
from lms_epj.demo.load.follo.staff import Author, Patient, Region
from lms_epj.demo.load.progress import Progress
from lms_epj.demo.shapes import Medication

LONG_NOTES, LONG_VITALS = 12_000, 8_000  # of the one very long course
HEAD = ("id", "patient_id", "category", "unit_id", "legal_entity_id", "author_id", "event_at", "recorded_at")
NOTE = (
    *HEAD, "document_type_id", "title", "content", "state", "mark", "signed_by_id", "confirmed_at", "signed_at", "version", "lock_version",
    "correction_reason", "needs_cosign", "emergency",
)  # fmt: skip
VERSION = (*HEAD, "document_type_id", "note_id", "origin_id", "number", "title", "content", "state", "reason")
VITALS = (
    *HEAD, "respiration", "spo2", "spo2_scale", "on_oxygen", "oxygen_flow", "systolic", "diastolic", "pulse", "consciousness",
    "temperature", "news2_total", "news2_points", "news2_level", "next_due_at", "rule_version", "comment", "struck_reason",
)  # fmt: skip
TASK = (*HEAD, "title", "due_at", "kind", "for_unit_id", "done_at", "done_by_id", "outcome", "lock_version")
MEDICATION = (
    *HEAD, "generic", "brand", "atc", "form", "strength", "dose", "route", "frequency", "as_needed", "indication", "source", "warning",
    "started_on", "lock_version",
)  # fmt: skip
DIAGNOSIS = (*HEAD, "icpc2", "icd10", "text", "active", "main", "lock_version")


class Records:
    """Turns the bulk's tuples into lines. Unit and author follow the patient: a course is written where the patient is cared for."""

    def __init__(self, region: Region, source: Bulk) -> None:
        self.region, self.source = region, source
        self.key, self.stamp = Keys("follo-records"), Stamps()
        self.types = {t.code: t for t in DocumentType.objects.using(region.org.using)}

    def head(self, patient: Patient, category: int, author: Author, at: str, ms: int) -> str:
        home = patient.home
        return f"{self.key(ms)}\t{patient.id}\t{category}\t{home.id}\t{home.entity}\t{author.id}\t{at}\t{at}"

    def author(self, patient: Patient, draw: int) -> Author:
        authors = self.region.authors[patient.home.id]
        return authors[draw % len(authors)]

    def notes(self) -> Iterator[tuple[str, str]]:
        """(line of the note, line of its one version)."""
        for number, document, content, draw, _unit, at, state in self._drawn(self.source.notes(), LONG_NOTES):
            patient, kind = self.region.patients[number], self.types[document]
            when, ms = self.stamp[at]
            author = self.author(patient, draw)
            head = self.head(patient, kind.category_id, author, when, ms)
            note, rest = head.split("\t", 1)
            text = self.text(content)
            yield (
                f"{head}\t{document}\t{kind.name}\t{text}\t{state}\t{author.mark}\t{author.id}\t{when}\t{when}\t1\t1\t\tf\tf",
                f"{self.key(ms)}\t{rest}\t{document}\t{note}\t{note}\t1\t{kind.name}\t{text}\t{state}\t",
            )

    @staticmethod
    @cache
    def text(content: tuple[tuple[str, str], ...]) -> str:
        return field(dict(content))

    def vitals(self) -> Iterator[str]:
        category = 6
        for number, at, breath, spo2, _scale, oxygen, high, low, pulse, mind, tenths, draw in self._drawn(self.source.vitals(), LONG_VITALS):
            patient = self.region.patients[number]
            when, ms = self.stamp[at]
            total, points, level, hours = scored(breath, spo2, oxygen, high, pulse, mind, tenths)
            due = self.stamp[at + timedelta(hours=hours)][0] if hours else NULL
            head = self.head(patient, category, self.author(patient, draw), when, ms)
            flow = "2.0" if oxygen else NULL
            yield (
                f"{head}\t{breath}\t{spo2}\t1\t{'t' if oxygen else 'f'}\t{flow}\t{high}\t{low}\t{pulse}\t{mind}\t{tenths / 10}\t{total}\t{points}"
                f"\t{level}\t{due}\t{news2.RULE_VERSION}\t\t"
            )

    def tasks(self) -> Iterator[str]:
        for number, title, due, draw, done in self._drawn(self.source.tasks(), 0):
            patient = self.region.patients[number]
            when, ms = self.stamp[due]
            author = self.author(patient, draw)
            ended = line(self.stamp[done][0], author.id) if done else f"{NULL}\t{NULL}"
            yield f"{self.head(patient, 13, author, when, ms)}\t{title}\t{when}\t\t{patient.home.id}\t{ended}\t\t1"

    def medications(self) -> Iterator[str]:
        when, ms = self.stamp[self.source.now - timedelta(days=180)]
        for number, drug in self._drawn(self.source.medications(), 0):
            patient = self.region.patients[number]
            yield f"{self.head(patient, 5, self.author(patient, number), when, ms)}\t{_drug(drug)}"

    def diagnoses(self) -> Iterator[str]:
        when, ms = self.stamp[self.source.now - timedelta(days=180)]
        for number, icpc2, icd10, text, _onset in self._drawn(self.source.diagnoses(), 0):
            patient = self.region.patients[number]
            yield f"{self.head(patient, 4, self.author(patient, number), when, ms)}\t{icpc2}\t{icd10}\t{field(text)}\tt\tf\t1"

    def _drawn(self, chunks: Iterator[list[tuple]], long: int) -> Iterator[tuple]:
        """The rows, and the first of them again for the one patient with a very long course."""
        rows = chain.from_iterable(chunks)
        again = list(islice(rows, round(long * self.region.scale)))
        yield from ((LONG_STAY, *row[1:]) for row in again)
        yield from again
        yield from rows


@cache
def scored(breath: int, spo2: int, oxygen: bool, high: int, pulse: int, mind: str, tenths: int) -> tuple[int, str, str, float]:
    """(total, points as JSON, level, hours until the next)."""
    result = news2.score(
        news2.Vitals(breath, spo2, oxygen, high, pulse, news2.Consciousness(mind), Decimal(tenths) / 10), scale2_prescribed=False, age=70
    )
    due = news2.next_due(result)
    return result.total or 0, json.dumps(dict(result.points)), result.level or "", due / timedelta(hours=1) if due else 0


@cache
def _drug(drug: Medication) -> str:
    m = asdict(drug)
    return line(
        m["generic"], "", m["atc"], m["form"], m["strength"], m["dose"], m["route"], m["frequency"], m["as_needed"], m["indication"],
        m["source"], m["high_alert"], m["started"], 1,
    )  # fmt: skip


def load_records(cursor: CursorWrapper, region: Region, source: Bulk, progress: Progress) -> None:
    """2.5 million rows, and a version for every note."""
    records = Records(region, source)
    progress.say("notes")
    versions: list[str] = []
    rows = records.notes()
    while block := list(islice(rows, 100_000)):
        copy_lines(cursor, "journal_note", NOTE, (note for note, _version in block), progress)
        versions = [version for _note, version in block]
        copy_lines(cursor, "journal_noteversion", VERSION, versions, progress)
    for text, table, columns, lines in (
        ("measurements", "journal_vitalset", VITALS, records.vitals()), ("tasks", "journal_task", TASK, records.tasks()),
        ("medication", "journal_medication", MEDICATION, records.medications()),
        ("diagnoses", "journal_diagnosis", DIAGNOSIS, records.diagnoses()),
    ):  # fmt: skip
        progress.say(text)
        copy_lines(cursor, table, columns, lines, progress)
