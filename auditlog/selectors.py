"""Reading the log: the reviewer's filters, and one look-up with what it showed.

Never a count over the table and never an offset: the page is the newest rows before a point, found by index within the partitions
of the period, so that it costs the same with ten million rows as with ten.
"""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.db.models import Q, QuerySet

from auditlog.models import AccessLogEntry

# What a response showed is written before it leaves; an hour is many times the longest request.
SHOWN_WITHIN = timedelta(hours=1)
# The action of the rows that tell whose log was read (the page itself has a row of its own, as every request).
REVIEW = "log_review"
EPOCH_START = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Filter:
    """Look-ups in ``[start, end)``. What is None or empty is not asked for."""

    start: datetime
    end: datetime
    patient: uuid.UUID | None = None
    user: uuid.UUID | None = None
    basis: str = ""
    outcome: str = ""
    action: str = ""
    # Where the patient's lines stand besides its own, and for which time: records merged into it, or that it was merged into.
    others: tuple[tuple[uuid.UUID, datetime | None, datetime | None], ...] = ()


@dataclass(frozen=True)
class Place:
    """A place in the log: the time of a row, and its number where times are equal. Written as «microseconds.number»."""

    at: datetime
    seq: int

    def __str__(self) -> str:
        return f"{(self.at - EPOCH_START) // timedelta(microseconds=1)}.{self.seq}"

    @classmethod
    def parse(cls, text: str) -> "Place | None":
        """None for what is no place."""
        try:
            micros, seq = (int(part) for part in text.split("."))
            return cls(EPOCH_START + timedelta(microseconds=micros), seq)
        except (ValueError, OverflowError):
            return None


@dataclass(frozen=True)
class LookUp:
    """One request about one patient (or none), with what left the house: {table: ids} and categories."""

    entry: AccessLogEntry
    objects: dict[str, set[str]] = field(default_factory=dict)
    categories: set[int] = field(default_factory=set)

    @property
    def place(self) -> Place:
        return Place(self.entry.at, self.entry.seq)


@dataclass(frozen=True)
class Page:
    """Newest first. ``older`` and ``newer``: whether there is more in that direction."""

    rows: list[LookUp]
    older: bool
    newer: bool


def look_ups(wanted: Filter) -> QuerySet[AccessLogEntry]:
    """The filter as a query, without order. Row security gives rows to one who reviews the log, for that purpose, only."""
    rows = AccessLogEntry.objects.filter(at__gte=wanted.start, at__lt=wanted.end).exclude(outcome=AccessLogEntry.Outcome.SHOWN)
    if wanted.patient:
        rows = rows.filter(_about(wanted)) if wanted.others else rows.filter(patient_id=wanted.patient)
    if wanted.user:
        rows = rows.filter(user_id=wanted.user)
    if wanted.basis:
        rows = rows.filter(template_code=wanted.basis)
    if wanted.outcome:
        rows = rows.filter(outcome=wanted.outcome)
    if wanted.action:
        return rows.filter(action=wanted.action)
    # Each page of the review writes a row per patient on it; unasked they would bury what it is about.
    return rows if wanted.patient else rows.exclude(action=REVIEW)


def _about(wanted: Filter) -> Q:
    """Lines of the patient, wherever they stand."""
    about = Q(patient_id=wanted.patient)
    for patient, since, until in wanted.others:
        part = Q(patient_id=patient)
        about |= part & (Q(at__gte=since) if since else Q()) & (Q(at__lt=until) if until else Q())
    return about


def read_page(wanted: Filter, *, size: int, before: Place | None = None, after: Place | None = None) -> Page:
    """A page of the newest look-ups, or of those before (older than) or after (newer than) a place."""
    rows = look_ups(wanted)
    if after:
        found = list(rows.filter(Q(at__gt=after.at) | Q(at=after.at, seq__gt=after.seq), at__gte=after.at).order_by("at", "seq")[: size + 1])
        return Page(with_shown(found[:size][::-1]), older=True, newer=len(found) > size)
    if before:
        rows = rows.filter(Q(at__lt=before.at) | Q(at=before.at, seq__lt=before.seq), at__lte=before.at)
    found = list(rows.order_by("-at", "-seq")[: size + 1])
    return Page(with_shown(found[:size]), older=len(found) > size, newer=before is not None)


def with_shown(entries: Sequence[AccessLogEntry]) -> list[LookUp]:
    """Joins each look-up with the rows that tell what it showed."""
    if not entries:
        return []
    times = [entry.at for entry in entries]
    shown = AccessLogEntry.objects.filter(
        request_id__in={entry.request_id for entry in entries}, outcome=AccessLogEntry.Outcome.SHOWN,
        at__gte=min(times), at__lt=max(times) + SHOWN_WITHIN,
    ).values_list("request_id", "patient_id", "objects_shown", "categories")  # fmt: skip
    objects: dict[tuple, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    categories: dict[tuple, set[int]] = defaultdict(set)
    for request_id, patient_id, tables, codes in shown:
        for table, ids in (tables or {}).items():
            objects[request_id, patient_id][table] |= set(ids)
        categories[request_id, patient_id] |= set(codes or ())
    keys = [(entry.request_id, entry.patient_id) for entry in entries]
    return [LookUp(entry, dict(objects[key]), categories[key]) for entry, key in zip(entries, keys, strict=True)]


def patient_name(patient: uuid.UUID) -> str:
    """The patient's name as the log last wrote it; '' when the log knows nobody of that id."""
    newest = AccessLogEntry.objects.filter(patient_id=patient).exclude(patient_name="").order_by("-at").values_list("patient_name", flat=True)
    return newest.first() or ""


def sealed_at() -> datetime | None:
    """When the newest seal was set; None while nothing is sealed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT auditlog.sealed_at()")
        return cursor.fetchone()[0]
