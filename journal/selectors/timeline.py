"""The record in time order over all professions (R14), by keyset so that the twentieth page is as fast as the first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import DateTimeField, Q, QuerySet, UUIDField
from django.utils.translation import gettext as _

from access.domain.codes import Action
from access.domain.sections import shown_value
from access.gate import Gate
from journal.domain.searching import excerpt
from journal.domain.signing import State
from journal.models import Note, Stay
from journal.selectors import searching
from journal.selectors.templates import sections_of
from lms_epj.core.addresses import path_to
from lms_epj.core.clock import end_of_day, start_of_day, to_oslo
from lms_epj.core.formatting import format_date
from lms_epj.core.prepared import Prepared, Slot, kept_by_server

PAGE = 20
EXCERPT = 320
MARKS = ("S", "L", "F", "E", "H", "HF", "P", "X")


@dataclass(frozen=True)
class Filter:
    """What the list is narrowed to. ``mark`` is a profession's, ``first`` and ``last`` are days in Norway, both included; ``stay`` an episode on the ward;
    ``problem`` one of the plan, or a diagnosis; ``stems`` of words in the text."""

    mark: str = ""
    unit: UUID | None = None
    document_type: str = ""
    first: date | None = None
    last: date | None = None
    stems: tuple[str, ...] = ()
    stay: UUID | None = None
    problem: UUID | None = None

    def narrow(self, notes: QuerySet[Note]) -> QuerySet[Note]:
        if self.mark:
            notes = notes.filter(mark=self.mark)
        if self.unit:
            notes = notes.filter(unit_id=self.unit)
        if self.document_type:
            notes = notes.filter(document_type_id=self.document_type)
        if self.first:
            notes = notes.filter(event_at__gte=start_of_day(self.first))
        if self.last:
            notes = notes.filter(event_at__lt=end_of_day(self.last))
        if self.stay:
            notes = notes.filter(stay_id=self.stay)
        if self.problem:
            notes = notes.filter(problem_id=self.problem)
        return searching.narrow(notes, self.stems)


def encode_cursor(note: Any) -> str:
    """Of a note, or another entry of the record in order of time."""
    return f"{int(note.event_at.timestamp() * 1_000_000)}-{note.pk.hex}"


def decode_cursor(text: str) -> tuple[datetime, UUID] | None:
    """(event_at, id) of the last note seen; None for what is not a cursor, which then means the newest page."""
    micro, _dash, key = text.partition("-")
    try:
        seconds, rest = divmod(int(micro), 1_000_000)
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest), UUID(key)
    except (ValueError, OverflowError, OSError):
        return None


def notes_page(patient_id: UUID, narrowed: Filter, before: str = "", *, size: int = PAGE, leave_out: UUID | None = None) -> tuple[list[Note], str]:
    """(notes, cursor of the next older page or ""). Drafts of corrections stand with the note that they correct, not here."""
    at, key = decode_cursor(before) or (_EVER, _LAST)
    place = {"patient": patient_id, "leave_out": leave_out or _NONE, "at": at, "key": key}
    rows = (_whole(size) if narrowed == Filter() else _page(narrowed, size)).rows(**place)
    more = len(rows) > size
    rows = rows[:size]
    return rows, encode_cursor(rows[-1]) if more else ""


_EVER, _LAST, _NONE = datetime(9999, 1, 1, tzinfo=UTC), UUID(int=(1 << 128) - 1), UUID(int=0)


@cache
def _whole(size: int) -> Prepared[Note]:
    """What nearly everyone reads: nothing left out, so the query is the same each time."""
    return _page(Filter(), size)


def _page(narrowed: Filter, size: int) -> Prepared[Note]:
    """Notes at or before a place in the course, newest first, and one more than the page holds."""
    at, key = Slot("at", DateTimeField()), Slot("key", UUIDField())
    notes = narrowed.narrow(Note.objects.filter(patient=Slot("patient", UUIDField()), corrects__isnull=True))
    notes = notes.exclude(pk=Slot("leave_out", UUIDField())).filter(event_at__lte=at).filter(Q(event_at__lt=at) | Q(pk__lt=key))
    # The page is cut before anything is joined to it: otherwise the planner joins, and sorts, all notes of a long record.
    page = notes.order_by("-event_at", "-pk")[: size + 1].values("pk")
    return Prepared(lambda: Note.objects.filter(pk__in=page).select_related("author", "unit", "document_type").order_by("-event_at", "-pk"))


@dataclass(frozen=True)
class Facets:
    """What the notes that this reader can see may be narrowed by: {mark: how many}, [(unit id, name)], [(type code, name)].

    ``whole``: all notes were counted. Otherwise the newest COUNTED were, and every unit and type there is may be chosen.
    """

    marks: dict[str, int]
    units: list[tuple[str, str]]
    types: list[tuple[str, str]]
    whole: bool


# More are not counted while somebody waits for the page: a record of many years would be slower to open for it.
COUNTED = 500
_FACETS = """
SELECT n.mark, n.unit_id, u.name, n.document_type_id, t.name, n.count FROM (
    SELECT mark, unit_id, document_type_id, count(*) AS count FROM (
        SELECT mark, unit_id, document_type_id FROM journal_note WHERE patient_id = %s AND corrects_id IS NULL
        ORDER BY event_at DESC, id DESC LIMIT %s) newest
    GROUP BY mark, unit_id, document_type_id) n
JOIN access_orgunit u ON u.id = n.unit_id LEFT JOIN access_documenttype t ON t.code = n.document_type_id
"""
_EVERY_CHOICE = "SELECT 'unit', id::text, name FROM access_orgunit UNION ALL SELECT 'type', code, name FROM access_documenttype"


_STAYS = Prepared(
    lambda: Stay.objects.filter(patient=Slot("patient", UUIDField()), admitted_at__isnull=False).select_related("ward").order_by("-admitted_at")
)


def episodes(patient_id: UUID) -> list[tuple[str, str]]:
    """[(id, «12.10.2026–16.10.2026 Observasjonsposten: pneumoni»)] of stays that this reader can see, the newest first."""
    return [(str(stay.pk), f"{_span(stay)} {stay.ward.name}: {stay.cause}") for stay in _STAYS.rows(patient=patient_id)]


def _span(stay: Stay) -> str:
    return f"{format_date(stay.admitted_at)}–{format_date(stay.discharged_at) if stay.discharged_at else ''}"


def facets(patient_id: UUID) -> Facets:
    """One query for the whole filter, two in a long record. Notes are counted before names are fetched: a course has many notes and few names."""
    marks: dict[str, int] = {}
    units, types = {}, {}
    with kept_by_server() as connection, connection.cursor() as cursor:
        cursor.execute(_FACETS, [patient_id, COUNTED + 1])
        found = cursor.fetchall()
        for mark, unit, unit_name, code, type_name, count in found:
            marks[mark] = marks.get(mark, 0) + count
            units[str(unit)] = unit_name
            types[code] = type_name
        whole = sum(marks.values()) <= COUNTED
        if not whole:
            cursor.execute(_EVERY_CHOICE)
            for kind, key, name in cursor.fetchall():
                (units if kind == "unit" else types)[key] = name
    return Facets(marks, sorted(units.items(), key=_by_name), sorted(types.items(), key=_by_name), whole)


def _by_name(choice: tuple[str, str]) -> str:
    return choice[1] or ""


def chips(base_url: str, found: Facets, active: str, other: str = "") -> list[dict[str, Any]]:
    """The profession filter: links that double as counters; «12+» where there may be older ones that were not counted."""

    def url(mark: str) -> str:
        query = "&".join(part for part in (f"fag={mark}" if mark else "", other) if part)
        return f"{base_url}?{query}" if query else base_url

    def count(number: int) -> str:
        return str(number) if found.whole else f"{number}+" if number else ""

    every = [{"label": _("Alle"), "url": url(""), "active": not active, "count": count(min(sum(found.marks.values()), COUNTED))}]
    return every + [
        {"label": mark, "mark": mark, "url": url(mark), "active": mark == active, "count": count(found.marks.get(mark, 0)) or None}
        for mark in MARKS
        if found.marks.get(mark) or mark == active or not found.whole
    ]


def days(gate: Gate, notes: Iterable[Note], stems: tuple[str, ...] = (), looked: datetime | None = None) -> list[dict[str, Any]]:
    """Notes by day in Norway, as the timeline shows them; what was looked for is marked, and what is new since ``looked``."""
    shaped = groupby(notes, key=lambda note: to_oslo(note.event_at).date())
    return [{"date": day, "entries": [entry(gate, note, stems, looked) for note in group]} for day, group in shaped]


def entry(gate: Gate, note: Note, stems: tuple[str, ...] = (), looked: datetime | None = None) -> dict[str, Any]:
    """One line of the timeline."""
    text = content_text(note)
    own_draft = note.state == State.DRAFT
    address = path_to("note", note.patient_id, note.pk)
    may_correct = note.state in (State.SIGNED, State.COSIGNED) and note.author_id == gate.user_id and gate.may(Action.SIGN, note.category_id)
    code, at = shown_state(note)
    return {
        "id": note.pk, "at": note.event_at, "mark": note.mark, "profession": "", "title": note.title or str(note.document_type or ""),
        "author": note.author.get_full_name(), "unit": note.unit.name if note.unit_id != gate.unit_id else "", "state": code, "state_at": at,
        "text": text[:EXCERPT] + ("…" if len(text) > EXCERPT else ""), "pieces": excerpt(text, stems) if stems else [], "long": not own_draft, "url": address,
        "versions_url": f"{address}#versjoner" if note.corrected_at else "", "emergency": note.emergency,
        "correct_url": path_to("note_correct", note.patient_id, note.pk) if may_correct else "",
        "continue_url": f"{path_to('note_new', note.patient_id)}?template={note.document_type_id}" if own_draft else "",
        "note": recorded_later(note), "new": is_new(note, looked, gate.user_id),
    }  # fmt: skip


def is_new(note: Note, looked: datetime | None, me: UUID) -> bool:
    """Whether somebody else has made it readable, or corrected it, since then."""
    if looked is None or note.author_id == me or note.state == State.DRAFT:
        return False
    return max(note.confirmed_at or note.signed_at or note.recorded_at, note.corrected_at or note.recorded_at) > looked


def shown_state(note: Note) -> tuple[str, datetime | None]:
    """(state code of the interface, its time)."""
    if note.state == State.DRAFT:
        return "draft", None
    if note.corrected_at:
        return "corrected", note.corrected_at
    if note.state == State.CONFIRMED:
        return "confirmed", note.confirmed_at
    if note.state == State.COSIGNED:
        return "cosigned", note.cosigned_at
    return ("awaiting_cosign", None) if note.needs_cosign else ("signed", note.signed_at)


def recorded_later(note: Note) -> str:
    """Says so when a note was written well after what it tells of: both times are kept (3.7)."""
    if (note.recorded_at - note.event_at).total_seconds() < 3600:
        return ""
    return _("Ført %(moment)s") % {"moment": f"{to_oslo(note.recorded_at):%d.%m.%Y %H:%M}"}


def content_text(note: Note) -> str:
    """The note as running text, section after section in the template's order."""
    return " ".join(text.strip().replace("\n", " ") for _label, text in labelled(note) if text.strip())


def labelled(note: Note, content: dict[str, str] | None = None) -> list[tuple[str, str]]:
    """(label, text) in the template's order; what the template no longer has comes last under its key."""
    content = note.content if content is None else content
    sections = sections_of(note)
    known = [(section_label(section), shown_value(section, content.get(section["key"], ""))) for section in sections]
    keys = {section["key"] for section in sections}
    return known + [(key, text) for key, text in content.items() if key not in keys]


def section_label(section: dict[str, Any]) -> str:
    """«S Situasjon» where the label is a letter and the hint its word."""
    return f"{section['label']} {section['hint']}" if len(section["label"]) == 1 and section.get("hint") else str(section["label"])
