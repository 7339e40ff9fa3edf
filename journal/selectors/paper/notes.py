"""Notes on paper: the text that holds, what it said before, who answers for it. A draft is never among them."""

import itertools
from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

from django.db.models import QuerySet

from journal.domain.paper import Block, entry
from journal.domain.signing import State
from journal.models import Note, NoteVersion, RecordClaim
from journal.selectors.paper.asked import Asked, at, by, ended, in_chunks, joined, name_of, printable
from journal.selectors.timeline import labelled

MARKS = {
    "S": "Sykepleier", "L": "Lege", "F": "Fysioterapeut", "E": "Ergoterapeut", "H": "Hjemmesykepleier", "HF": "Helsefagarbeider", "P": "Psykolog",
}  # fmt: skip


def notes_of(patient: UUID, asked: Asked) -> QuerySet[Note]:
    """The notes that were asked for, as far as they may be printed; those withheld from the patient are not among the patient's."""
    rows = Note.objects.filter(patient=patient, corrects=None).exclude(state=State.DRAFT)
    rows = rows.filter(pk=asked.note) if asked.note else asked.within(rows)
    if asked.marks:
        rows = rows.filter(mark__in=asked.marks)
    return printable(rows)


def given(patient: UUID, asked: Asked) -> QuerySet[Note]:
    rows = notes_of(patient, asked)
    return rows.filter(withheld_at=None) if asked.for_patient else rows


def withholds(patient: UUID, asked: Asked) -> bool:
    """Whether something is kept from the patient here, which the paper says without saying what or how much."""
    return asked.for_patient and notes_of(patient, asked).filter(withheld_at__isnull=False).exists()


def note_blocks(patient: UUID, asked: Asked) -> Iterator[Block]:
    """In the order they happened."""
    rows = given(patient, asked).select_related("author", "unit", "legal_entity", "document_type", "signed_by", "cosigned_by", "withheld_by")
    for chunk in in_chunks(rows.order_by("event_at", "pk")):
        older = _versions([note.pk for note in chunk if note.version > 1])
        for note in chunk:
            yield _note(note, older[note.pk])


def _versions(notes: list[UUID]) -> dict[UUID, list[NoteVersion]]:
    found: dict[UUID, list[NoteVersion]] = defaultdict(list)
    if notes:
        for version in printable(NoteVersion.objects.filter(note__in=notes)).select_related("author").order_by("number"):
            found[version.note_id].append(version)
    return found


def _note(note: Note, versions: list[NoteVersion]) -> Block:
    title = note.title or str(note.document_type or "Notat")
    unit = joined((note.unit.name, note.legal_entity.name if note.legal_entity.name not in note.unit.name else ""))
    about = [
        joined((f"Gjelder {at(note.event_at)}", f"ført {at(note.recorded_at)}"), " · "),
        joined((f"Skrevet av {name_of(note.author)}, {unit}", "skrevet med nødrettstilgang" if note.emergency else ""), " · "),
        joined((_signed(note), f"kontrasignert av {name_of(note.cosigned_by)} {at(note.cosigned_at)}" if note.cosigned_at else ""), " · "),
    ]
    return entry(
        joined((title, MARKS.get(note.mark, "")), " – "), about, labelled(note), remarks=_remarks(note, versions),
        old=[one for pair in itertools.pairwise(versions) if (one := _old(note, *pair))],
    )  # fmt: skip


def _signed(note: Note) -> str:
    if note.signed_at:
        return f"Signert av {name_of(note.signed_by)} {at(note.signed_at)}"
    return "IKKE SIGNERT"


def _remarks(note: Note, versions: list[NoteVersion]) -> list[str]:
    told = []
    if note.withheld_at:
        told.append(f"Skal ikke gis til pasienten. {name_of(note.withheld_by)}, {at(note.withheld_at)}: {note.withheld_reason}")
    if note.corrected_at:
        last = versions[-1] if versions else None
        who = f" av {name_of(last.author)}" if last else ""
        reason = f" Grunn: {ended(last.reason)}" if last and last.reason else ""
        told.append(f"Rettet {at(note.corrected_at)}{who}.{reason} Teksten under gjelder. Det som sto før, følger etter.")
    return told


def _old(note: Note, version: NoteVersion, after: NoteVersion) -> Block | None:
    """What it said until the next version; None where only its state was changed."""
    if (version.content, version.title) == (after.content, after.title):
        return None
    head = f"Versjon {version.number}, gjelder ikke lenger. {name_of(version.author)}, {at(version.recorded_at)}. Rettet {at(after.recorded_at)}"
    reason = f": {ended(after.reason)}" if after.reason else "."
    return {"head": head + reason, "sections": [(label, said.strip()) for label, said in labelled(note, version.content) if said.strip()]}


def claim_blocks(patient: UUID, asked: Asked) -> Iterator[Block]:
    """Demands to correct or delete, and what was decided: they belong to the record, refused or not."""
    rows = printable(asked.within(RecordClaim.objects.filter(patient=patient), "recorded_at"))
    for claim in rows.select_related("author", "unit", "document_type", "decided_by").order_by("recorded_at", "pk"):
        decided = joined((claim.get_state_display(), f"{name_of(claim.decided_by)} {at(claim.decided_at)}" if claim.decided_at else ""))
        yield entry(
            f"Krav om {claim.get_kind_display().lower()}", [f"Gjelder {claim.document_type or 'notat'} {at(claim.event_at)} · registrert {at(claim.recorded_at)} av {by(claim.author, claim.unit)}"],
            [("Kravet", claim.text), ("Avgjørelse", decided), ("Begrunnelse", claim.decision)],
        )  # fmt: skip
