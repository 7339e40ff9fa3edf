"""What somebody has asked to have on paper, for whom and why; and the rows of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import BooleanField, F, Func, Model, QuerySet, Value

from access.domain.codes import Action
from access.models import OrgUnit, User
from journal.models import Stay
from lms_epj.core.choices import TextChoices
from lms_epj.core.clock import end_of_day, start_of_day
from lms_epj.core.formatting import format_date, format_moment, format_time

M = TypeVar("M", bound=Model)
CHUNK = 200


class Receiver(TextChoices):
    OWN = "own", "Til bruk her"
    PATIENT = "patient", "Pasienten eller den som svarer for pasienten"
    OTHER = "other", "En annen"


@dataclass(frozen=True)
class Asked:
    """``what``: a code of ``documents.KINDS``. ``first`` and ``last`` are days in Norway, both included; no ``categories`` means all, and so with
    ``marks``, the professions whose notes are wanted."""

    what: str
    receiver: Receiver
    to: str = ""
    purpose: str = ""
    note: UUID | None = None
    first: date | None = None
    last: date | None = None
    categories: frozenset[int] = frozenset()
    marks: frozenset[str] = frozenset()
    hours: str = ""

    @property
    def for_patient(self) -> bool:
        return self.receiver is Receiver.PATIENT

    def wants(self, category: int) -> bool:
        return not self.categories or category in self.categories

    def within(self, rows: QuerySet[M], moment: str = "event_at") -> QuerySet[M]:
        """Those of the period, by when they happened, and of the categories that were chosen."""
        if self.categories:
            rows = rows.filter(category__in=self.categories)
        if self.first:
            rows = rows.filter(**{f"{moment}__gte": start_of_day(self.first)})
        if self.last:
            rows = rows.filter(**{f"{moment}__lt": end_of_day(self.last)})
        return rows

    @property
    def period(self) -> str:
        if not self.first and not self.last:
            return ""
        if self.first and self.first == self.last:
            return format_date(self.first)
        return f"{format_date(self.first) if self.first else 'begynnelsen'} – {format_date(self.last) if self.last else 'i dag'}"


class _Allows(Func):
    function = "gate.allows"
    output_field = BooleanField()


def printable(rows: QuerySet[M]) -> QuerySet[M]:
    """Those of these entries that the acting person may print, by the rule itself, row by row."""
    stay = F("pk") if rows.model is Stay else F("stay_id")
    return rows.filter(
        _Allows(
            Value(int(Action.PRINT)), F("patient_id"), F("category_id"), F("document_type_id"), stay, F("pk"), F("origin_id"), F("unit_id"),
            F("legal_entity_id"), F("event_at"),
        )
    )  # fmt: skip


def ids(rows: QuerySet[M]) -> set[UUID]:
    """Which of them may be printed: for what a page's own selector has put together."""
    return set(printable(rows).values_list("pk", flat=True))


def in_chunks(rows: QuerySet[M]) -> Iterator[list[M]]:
    """A long course a chunk at a time, so that a record of any length takes the same memory."""
    chunk: list[M] = []
    for row in rows.iterator(chunk_size=CHUNK):
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def name_of(person: User | None) -> str:
    return person.get_full_name() if person else ""


def by(person: User | None, unit: OrgUnit | None = None) -> str:
    """«Ingrid Solberg Haugen, Observasjonsposten»."""
    return ", ".join(filter(None, (name_of(person), unit.name if unit else "")))


def at(moment: Any) -> str:
    """«24.11.2026 kl. 10:44», or nothing."""
    return format_moment(moment) if moment else ""


def near(moment: Any) -> str:
    """«24.11.2026 10:44», for narrow columns."""
    return f"{format_date(moment)} {format_time(moment)}" if moment else ""


def ended(sentence: str) -> str:
    """With a full stop, and only one."""
    return sentence if sentence.rstrip().endswith((".", "!", "?")) else f"{sentence.rstrip()}."


def joined(parts: Iterable[str], mark: str = ", ") -> str:
    return mark.join(part for part in parts if part)
