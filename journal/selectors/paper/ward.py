"""What the ward and the wounds add to a printed record: isolation, places, the list at discharge, wounds with their assessments, and which files there are."""

from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

from journal.domain.paper import Block, entry, strong, struck, table
from journal.models import Attachment, DischargeCheck, Isolation, Note, Placement, Wound, WoundAssessment
from journal.selectors.paper.asked import Asked, at, by, in_chunks, joined, name_of, near, printable
from journal.selectors.wound_words import wound_words
from journal.selectors.wounds import lines
from journal.services.leaving import KNOWN, SAID
from lms_epj.core.formatting import format_date

LINES = (("Tidspunkt", 2), ("Hva", 3), ("Merknad", 4), ("Hvem", 3))


def isolation_blocks(patient: UUID, asked: Asked) -> Iterator[Block]:
    rows = printable(asked.within(Isolation.objects.filter(patient=patient))).select_related("author", "unit", "ended_by").order_by("event_at", "pk")
    found = [
        [near(row.event_at), strong(str(row.get_kind_display())), joined((row.reason, f"Avsluttet {near(row.ended_at)}, {name_of(row.ended_by)}: {row.end_reason}" if row.ended_at else ""), "\n"),
         by(row.author, row.unit)]
        for row in rows
    ]  # fmt: skip
    if found:
        yield table("isolation", LINES, found)


def place_blocks(patient: UUID, asked: Asked) -> Iterator[Block]:
    """Where the patient lay, and what was settled before leaving."""
    places = printable(asked.within(Placement.objects.filter(patient=patient))).select_related("ward", "bed", "author", "unit")
    rows = [
        [near(row.event_at), joined((row.ward.name, f"seng {row.bed.number}" if row.bed else "")), row.reason, by(row.author, row.unit)]
        for row in places.order_by("event_at", "pk")
    ]
    checks = printable(asked.within(DischargeCheck.objects.filter(patient=patient))).select_related("author", "unit")
    names = KNOWN | SAID
    rows += [
        [near(row.event_at), str(names.get(row.item, row.item)), joined((str(row.get_state_display()), row.remark)), by(row.author, row.unit)]
        for row in checks.order_by("event_at", "pk")
    ]
    if rows:
        yield table("places", LINES, rows)


def wound_blocks(patient: UUID, asked: Asked) -> Iterator[Block]:
    """Each wound with its assessments in order of time; pictures are told of among the files."""
    seen: dict[UUID, list[WoundAssessment]] = defaultdict(list)
    for one in (
        printable(asked.within(WoundAssessment.objects.filter(patient=patient))).select_related("author", "struck_by").order_by("event_at", "pk")
    ):
        seen[one.origin_id].append(one)
    wounds = printable(Wound.objects.filter(patient=patient)).select_related("author", "unit", "struck_by").order_by("event_at", "pk")
    for wound in wounds:
        if not asked.wants(wound.category_id) or ((asked.first or asked.last) and not seen[wound.pk]):
            continue
        told = [f"Feilført: {wound.struck_reason}. {name_of(wound.struck_by)} {at(wound.struck_at)}"] if wound.struck_at else []
        about = [
            f"Ført {at(wound.event_at)} av {by(wound.author, wound.unit)}",
            f"Tilhelet {format_date(wound.healed_on)}" if wound.healed_on else "",
        ]
        yield entry(wound_words(wound), about, [("Beskrivelse", wound.description)], remarks=told)
        for one in seen[wound.pk]:
            wrong = [f"Feilført: {one.struck_reason}. {name_of(one.struck_by)} {at(one.struck_at)}"] if one.struck_at else []
            yield entry(f"Vurdert {at(one.event_at)}", [name_of(one.author)], lines(one), remarks=wrong)


def file_blocks(patient: UUID, asked: Asked) -> Iterator[Block]:
    """Files by name: they are not on these sheets. What belongs to a note that is withheld from the patient is as withheld as the note."""
    rows = printable(asked.within(Attachment.objects.filter(patient=patient)))
    if asked.for_patient:
        rows = rows.exclude(origin_id__in=Note.objects.filter(patient=patient, withheld_at__isnull=False).values("pk"))
    for chunk in in_chunks(rows.defer("content", "thumbnail").select_related("author", "unit", "struck_by").order_by("event_at", "pk")):
        yield table("files", (("Tidspunkt", 2), ("Fil", 4), ("Merknad", 4), ("Hvem", 3)), [
            [near(row.event_at), struck(row.title) if row.struck_at else f"{row.title} ({row.get_media_type_display()})",
             joined((row.note, f"Feilført: {row.struck_reason}. {name_of(row.struck_by)} {near(row.struck_at)}" if row.struck_at else "ikke med på papir"), "\n"), by(row.author, row.unit)]
            for row in chunk
        ])  # fmt: skip
