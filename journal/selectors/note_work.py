"""Work lists of notes: what waits for oneself to sign, to co-sign, to go on with; and, for a leader, what those who left have left (3.7)."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import BooleanField
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.gate import Gate, rows
from access.models import OrgUnit
from journal.models import Note
from journal.selectors.frame import patients_among
from lms_epj.core.formatting import format_list_name

# A note that has stood unsigned for longer is marked: others rely on it, or wait for it.
LATE = timedelta(hours=24)
# work → (heading, what stands where there is nothing, what the row's link says)
LISTS = {
    "sign": (gettext_noop("Til signering"), gettext_noop("Du har ingen notater som venter på signatur."), gettext_noop("Les og signer")),
    "cosign": (
        gettext_noop("Til kontrasignering"),
        gettext_noop("Ingen notater i enheten venter på kontrasignatur fra deg."),
        gettext_noop("Les og kontrasigner"),
    ),
    "left": (gettext_noop("Etter kolleger som har sluttet"), "", gettext_noop("Les og ta over")),
    "draft": (gettext_noop("Mine kladder"), gettext_noop("Du har ingen kladder."), gettext_noop("Skriv videre")),
}
MAY_SIGN = RawSQL(
    "gate.allows(8, journal_note.patient_id, journal_note.category, journal_note.document_type_id, journal_note.stay_id, journal_note.id,"
    " journal_note.origin_id, journal_note.unit_id, journal_note.legal_entity_id, journal_note.event_at)",
    [],
    output_field=BooleanField(),
)


def note_work(gate: Gate) -> dict[str, Any]:
    """lists [{key, title, empty, rows [row]}], elsewhere [text]: what lies where the acting role has no access now.

    Every patient on the page is disclosed, and so logged. Others' notes are listed only where this person may sign them.
    """
    found = rows("note_work")
    work = {row["note_id"]: row["work"] for row in found if row["work"] in ("sign", "draft") or not gate.role["needs_cosign"]}
    ids = gate.disclose(list(dict.fromkeys(row["patient_id"] for row in found if row["note_id"] in work)))
    patients = {patient.pk: patient for patient in patients_among(ids)} if ids else {}
    shown = _notes(work)
    lists = [
        {"key": key, "title": _(title), "empty": _(empty) if empty else "",
         "rows": [_row(gate, note, patients[note.patient_id], _(act)) for note in shown if work[note.pk] == key]}
        for key, (title, empty, act) in LISTS.items()
    ]  # fmt: skip
    own = [row for row in found if row["work"] in ("sign", "draft") and row["note_id"] not in {note.pk for note in shown}]
    return {"lists": [one for one in lists if one["rows"] or one["empty"]], "elsewhere": _elsewhere(own)}


def _notes(work: dict[UUID, str]) -> list[Note]:
    own = [key for key, kind in work.items() if kind in ("sign", "draft")]
    others = [key for key, kind in work.items() if kind not in ("sign", "draft")]
    notes = Note.objects.select_related("author", "unit", "document_type", "corrects").defer("content").order_by("event_at", "pk")
    return [*notes.filter(pk__in=own), *(notes.filter(pk__in=others).filter(MAY_SIGN) if others else ())]


def _row(gate: Gate, note: Note, patient: Any, act: str) -> dict[str, Any]:
    return {
        "id": note.pk, "title": note.title or str(note.document_type or ""), "mark": note.mark, "name": format_list_name(patient.family_name, patient.given_name),
        "event_at": note.event_at, "late": gate.now - note.recorded_at > LATE, "correction": bool(note.corrects_id), "act": act, "url": _url(note),
        "author": note.author.get_full_name() if note.author_id != gate.user_id else "", "unit": note.unit.name if note.unit_id != gate.unit_id else "",
    }  # fmt: skip


def _url(note: Note) -> str:
    if note.state != Note.State.DRAFT:
        return f"{reverse('note', args=[note.patient_id, note.pk])}?liste=1"
    if note.corrects_id:
        return reverse("note_correct", args=[note.patient_id, note.corrects_id])
    return f"{reverse('note_new', args=[note.patient_id])}?template={note.document_type_id}"


def _elsewhere(own: Sequence[dict[str, Any]]) -> list[str]:
    """«2 kladder, Hjemmesykepleien Ås nord»: that they are there and where they were written, and not whose they are."""
    counted = Counter((row["work"], row["unit_id"]) for row in own)
    names = dict(OrgUnit.objects.filter(pk__in={unit for _work, unit in counted}).values_list("pk", "name")) if counted else {}
    words = {"draft": _("kladd"), "sign": _("notat til signering")}
    return [f"{count} × {words[work]}, {names.get(unit, '')}" for (work, unit), count in counted.items()]


def left_notes() -> list[dict[str, Any]]:
    """What those who can no longer act in the unit have left unsigned there: no patient, no text. For leaders only."""
    return rows("left_notes")
