"""Messages and laboratory results as chapters of a printed record (``journal.around.PRINTED``)."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from access.domain.codes import Category
from access.gate import Gate
from journal.domain.paper import Block as Printed
from journal.domain.paper import entry, strong, struck, table
from journal.models import Note
from journal.selectors.paper.asked import Asked, at, in_chunks, joined, near, printable
from lms_epj.core.formatting import format_date
from messaging.formats.read import read
from messaging.formats.showing.blocks import Block, Facts, File, Section, Table, Text
from messaging.formats.showing.document import as_document
from messaging.models import LabResult, Message
from messaging.selectors.results import Shown
from messaging.selectors.states import WHOSE, reading_order

RESULTS = (("Prøvetatt", 1.9), ("Prøve", 2.8), ("Svar", 2), ("Referanse", 1.8), ("Merknad", 3))
LEFT_OUT = {WHOSE, "Transport"}


def result_blocks(gate: Gate, patient: UUID, asked: Asked) -> Iterator[Printed]:
    rows = printable(asked.within(LabResult.objects.filter(patient=patient))).select_related("message").defer("message__raw", "message__sha256")
    for chunk in in_chunks(rows.order_by("event_at", "message_id", "place")):
        yield table("results", RESULTS, [_result(row) for row in chunk])


def _result(row: LabResult) -> list[object]:
    shown = Shown(
        row, str(row.message.get_superseded_display()) if row.message.superseded else "Trukket tilbake av laboratoriet" if row.withdrawn else ""
    )
    value, mark = joined((shown.value, row.measured_in), " "), shown.mark
    when = format_date(row.event_at) if row.day_only else near(row.event_at)
    remark = joined((shown.state, mark["text"] if mark else "", *shown.remarks, row.comment), ". ")
    name = row.name or row.code
    if shown.state:
        return [struck(when), struck(name), struck(value), row.reference, remark]
    return [when, name, strong(value) if mark else value, row.reference, remark]


def message_blocks(gate: Gate, patient: UUID, asked: Asked) -> Iterator[Printed]:
    """In the order they went and came. What was taken from a note that is withheld from the patient is as withheld as the note."""
    rows = printable(asked.within(Message.objects.filter(patient=patient)))
    if asked.for_patient:
        rows = rows.exclude(origin_id__in=Note.objects.filter(patient=patient, withheld_at__isnull=False).values("pk"))
    for chunk in in_chunks(rows.select_related("unit").order_by("event_at", "pk")):
        for message in chunk:
            yield _message(message)


def _message(message: Message) -> Printed:
    incoming = message.direction == Message.Direction.IN
    who = f"Fra {message.sender_name}" if incoming else f"Til {message.receiver_name}"
    told = [f"{message.get_superseded_display()}."] if message.superseded else []
    if message.direction == Message.Direction.OUT and message.state in (Message.State.QUEUED, Message.State.HELD):
        told.append(f"{message.get_state_display()}.")
    sections = reading_order(as_document(read(bytes(message.raw)).message)) if message.raw else []
    said = [line for one in sections if not one.detail and one.title not in LEFT_OUT for line in _lines(one.blocks, one.title)]
    return entry(
        joined((message.title or message.standard, who), " – "), [joined((at(message.event_at), message.unit.name if message.unit else ""), " · ")],
        said or [("", "Innholdet er slettet.")], remarks=told,
    )  # fmt: skip


def _lines(blocks: Iterable[Block], title: str) -> Iterator[tuple[str, str]]:
    """(label, text) of a message's section, tables line by line."""
    for block in blocks:
        match block:
            case Text(label, text):
                yield label or title, text
            case Facts(rows):
                yield from rows
            case Table(columns, rows):
                yield (
                    title,
                    "\n".join(joined(f"{name}: {cell}" if name else cell for name, cell in zip(columns, row, strict=True) if cell) for row in rows),
                )
            case File(_, name, media_type):
                yield "Vedlegg", f"{name} ({media_type}), ikke med på papir"
            case Section(inner, more):
                yield from _lines(more, inner)


CHAPTERS = (("Prøvesvar", Category.MEDICAL, result_blocks), ("Meldinger", None, message_blocks))
