"""Carries what a message tells into the record, by the choice of whoever does it: medicines to the list in use, prose to one's own draft (R7)."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from access.gate import Gate
from access.models import DocumentType
from journal.models import Note
from journal.services.checks import refuse
from journal.services.clinical import medication_add
from journal.services.notes import note_autosave, own_draft
from lms_epj.core.clock import oslo_date
from lms_epj.core.formatting import format_date
from messaging.domain.carrying import Medicine, Prose
from messaging.models import Message

# Where text from elsewhere goes, the first that the form has; else its last section.
SECTIONS = ("plan", "follow_up", "text")


def message_carry(
    *, gate: Gate, message: Message, medicines: Sequence[Medicine], prose: Sequence[Prose], into: DocumentType | None
) -> Note | None:  # fmt: skip
    """All that was chosen or nothing. Every medicine names the message as its source; the text is added to what one's own draft of ``into`` says.

    Returns the draft, where there is text. Raises JournalError.
    """
    if not medicines and not prose:
        raise refuse("nothing", _("Velg noe som skal overføres."))
    if prose and into is None:
        raise refuse("form", _("Velg hvilket notat teksten skal inn i."), "into")
    with transaction.atomic():
        for one in medicines:
            medication_add(gate=gate, patient=message.patient_id, values=_values(one, message), origin=message.pk)
        return _draft(gate, message, prose, into) if into and prose else None


def source_of(message: Message) -> str:
    return f"{message.sender_name}, melding {format_date(oslo_date(message.event_at))}"


def _values(one: Medicine, message: Message) -> dict[str, object]:
    return {
        "generic": one.generic, "brand": one.brand, "atc": one.code, "form": one.form, "strength": one.strength, "dose": one.dose,
        "as_needed": one.as_needed, "indication": one.purpose, "source": source_of(message), "started_on": one.started,
    }  # fmt: skip


def _draft(gate: Gate, message: Message, prose: Sequence[Prose], into: DocumentType) -> Note:
    patient: UUID = message.patient_id
    draft = own_draft(gate, patient, into, lock=True)
    told = "\n\n".join(f"{one.heading}: {one.text}" if one.heading else one.text for one in prose)
    text = f"Fra {source_of(message)}\n{told}"
    content = dict(draft.content) if draft else {}
    keys = [one["key"] for one in into.sections]
    section = next((key for key in SECTIONS if key in keys), keys[-1])
    content[section] = "\n\n".join(filter(None, (content.get(section, ""), text)))
    return note_autosave(
        gate=gate, patient=patient, document_type=into, content=content, event_at=draft.event_at if draft else gate.now,
        lock_version=draft.lock_version if draft else 0, note_id=draft.id if draft else None,
    )  # fmt: skip
