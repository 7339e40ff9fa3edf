"""Files in the record: taken in once, whatever is pressed, and struck out when they are wrong."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.domain.codes import Action
from access.gate import Gate
from access.models import DocumentType
from journal.domain import files
from journal.domain.files import Fault, FileRefusedError, Kept
from journal.models import Attachment
from journal.services.checks import refuse, require_past, require_text
from journal.services.entries import NOT_HERE, check_may, entry_columns, stay_of_unit
from lms_epj.core.refusals import broken_constraint

FAULTS = {
    Fault.EMPTY: gettext_noop("Filen er tom. Velg en annen."),
    Fault.TOO_LARGE: gettext_noop("Filen er større enn 20 MB. Del den opp, eller lagre den i mindre oppløsning."),
    Fault.UNKNOWN: gettext_noop("Filen er ikke et bilde (JPEG, PNG, WebP) eller en PDF. Den er ikke lagret."),
    Fault.HEIC: gettext_noop("Bildet er i formatet HEIC. Ta det på nytt herfra, eller lagre det som JPEG først."),
    Fault.BROKEN: gettext_noop("Filen kan ikke leses. Den er kanskje skadet. Ta bildet eller lagre filen på nytt."),
    Fault.PIXELS: gettext_noop("Bildet har for mange bildepunkter. Lagre det i mindre oppløsning."),
    Fault.ENCRYPTED: gettext_noop("PDF-en er beskyttet med passord. Lagre den uten passord først."),
    Fault.PAGES: gettext_noop("PDF-en har for mange sider. Del den opp."),
}


def checked(raw: bytes, field: str = "file") -> Kept:
    """The file as it will be stored.

    Raises JournalError with the words of what is wrong with it.
    """
    try:
        return files.kept(raw)
    except FileRefusedError as error:
        raise refuse(error.fault.value, _(FAULTS[error.fault]), field) from None


def attachment_add(
    *, gate: Gate, patient: UUID, document_type: DocumentType, raw: bytes, title: str, taken_at: datetime, key: UUID, note: str = ""
) -> Attachment:
    """Stores a file as the acting role's notes of this type are stored. ``key``: the form's own; the same key again gives what is stored already."""
    if gate.role["code"] not in document_type.written_by:
        raise PermissionDenied(_(NOT_HERE))
    check_may(gate, Action.WRITE, document_type.category_id)
    require_past(gate, taken_at, "event_at")
    title = require_text(title, "title", _("Skriv kort hva det er."))
    return image_or_document(
        gate=gate, patient=patient, category=document_type.category_id, document_type=document_type.code, made=checked(raw), title=title,
        taken_at=taken_at, key=key, note=note.strip(),
    )  # fmt: skip


def image_or_document(
    *, gate: Gate, patient: UUID, category: int, made: Kept, title: str, taken_at: datetime, key: UUID, note: str = "", document_type: str = "",
    origin: UUID | None = None,
) -> Attachment:  # fmt: skip
    """The row of a file that has been checked; ``origin``: the entry it belongs to."""
    columns = entry_columns(gate, patient, category, taken_at, stay_of_unit(gate, patient), document_type=document_type, origin=origin)
    row = Attachment(
        **columns, document_type_id=document_type or None, origin_id=origin, title=title[:120], note=note, media_type=made.media_type,
        content=made.content, thumbnail=made.thumbnail, size=len(made.content), sha256=made.digest, width=made.width, height=made.height,
        pages=made.pages, stored_once=key,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if broken_constraint(error) != "attachment_stored_once":
            raise
        return stored_before(Attachment, gate, patient, key)
    return row


def stored_before(model, gate: Gate, patient: UUID, key: UUID):
    """What the same form has stored already: a second press, or an answer that never came back.

    Raises JournalError when the form is another's, or an old one.
    """
    found = model.objects.filter(patient=patient, stored_once=key, author=gate.user_id).first()
    if found is None:
        raise refuse("used", _("Skjemaet er brukt før. Last siden på nytt og prøv igjen."))
    return found


def attachment_strike(*, gate: Gate, row: Attachment, reason: str) -> Attachment:
    """Marks a file as wrong: it stands with its reason, and is shown nowhere else."""
    check_may(gate, Action.WRITE, row.category_id)
    if row.struck_at:
        raise refuse("already_struck", _("Vedlegget er allerede merket som feil."))
    row.struck_reason = require_text(reason, "reason", _("Skriv hva som er feil."))
    row.struck_at, row.struck_by_id = gate.now, gate.user_id
    row.save(update_fields=["struck_at", "struck_by_id", "struck_reason"])
    return row
