"""Video sessions and the wait for one as a chapter of a printed record (``journal.around.PRINTED``)."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from access.domain.codes import Category
from access.gate import Gate
from journal.domain.paper import Block, entry, strong, struck, table
from journal.selectors.paper.asked import Asked, by, joined, near, printable
from lms_epj.core.formatting import format_date
from telemed.models import BookingPatient, SpecialistQuestion, WaitingEntry

SESSIONS = (("Tidspunkt", 2), ("Hva", 2), ("Formål", 4), ("Status og hvem", 3))


def session_blocks(gate: Gate, patient: UUID, asked: Asked) -> Iterator[Block]:
    """Nothing of those who were booked beside, in a group or as specialists: they are not this patient's."""
    sessions = printable(asked.within(BookingPatient.objects.filter(patient=patient))).select_related("booking", "author", "unit")
    waits = printable(asked.within(WaitingEntry.objects.filter(patient=patient))).select_related("author", "unit")
    rows = [_session(row) for row in sessions.order_by("event_at", "pk")] + [_wait(row) for row in waits.order_by("event_at", "pk")]
    if rows:
        yield table("sessions", SESSIONS, rows)


def _session(row: BookingPatient) -> list[Any]:
    booking, off = row.booking, row.withdrawn_at or row.booking.cancelled_at
    status = f"Avlyst {near(off)}" if off else str(booking.get_status_display())
    came = "" if row.attended is None else "møtte" if row.attended else "møtte ikke"
    mark = struck if off else strong
    return [
        mark(near(booking.starts_at)),
        str(booking.get_kind_display()),
        row.aim,
        joined((status, came, row.cancel_remark, by(row.author, row.unit)), "\n"),
    ]


def _wait(row: WaitingEntry) -> list[Any]:
    status = joined((f"Avsluttet {near(row.ended_at)}", row.ended_reason)) if row.ended_at else "Venter på time"
    return [f"fra {format_date(row.not_before)}", str(row.get_kind_display()), row.aim, joined((status, by(row.author, row.unit)), "\n")]


def question_blocks(gate: Gate, patient: UUID, asked: Asked) -> Iterator[Block]:
    """What a specialist was asked about a wound, and what was answered."""
    rows = printable(asked.within(SpecialistQuestion.objects.filter(patient=patient))).select_related("author", "unit").order_by("event_at", "pk")
    for row in rows:
        answered = joined((row.answer, f"({row.answered_by}, {near(row.answered_at)})" if row.answered_at else ""), " ")
        yield entry(
            f"Spurt {joined((row.name, row.organisation))}",
            [f"{near(row.event_at)} · {by(row.author, row.unit)}"],
            [("Spørsmål", row.question), ("Svar", answered or "Ikke besvart")],
        )


CHAPTERS = (("Videotimer", Category.LOGISTICS, session_blocks), ("Spørsmål til spesialist", None, question_blocks))
