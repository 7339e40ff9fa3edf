"""Putting right what has been sent: a new version, or taken back, as each standard allows."""

from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from access.domain.codes import Category
from access.gate import Gate, call
from journal.services.checks import refuse, require_text
from lms_epj.core.formatting import format_moment
from lms_epj.core.language import in_bokmal
from messaging.composing.contents import dialogue_of
from messaging.composing.heads import message_of
from messaging.composing.kinds import FALLBACK, OID
from messaging.composing.versions import CANCELLED_TOO, cancellation, thread
from messaging.formats.model.values import Code
from messaging.formats.read import read
from messaging.models import Message
from messaging.selectors.parties import our_address, parties_in_use, takes
from messaging.selectors.record import material_of
from messaging.services.authors import author_of
from messaging.services.handling import numbered
from messaging.services.outbox import URGENT, message_send

_ENQUIRY = Code("6", "Henvendelse om pasient", f"{OID}7322")


def is_with_receiver(message: Message) -> bool:
    """Sent, standing, and not refused by everyone: there is something to put right at the receiver's."""
    return (
        message.direction == Message.Direction.OUT
        and message.state == Message.State.SENT
        and not message.superseded
        and message.status != "C"
        and any(one.state != "refused" for one in message.receipts.all())
    )


def message_cancel(*, gate: Gate, message: Message, reason: str) -> UUID:
    """Takes a message back: by a cancellation where its standard has one, otherwise by words in the same conversation. Raises JournalError."""
    said = require_text(reason, "reason", _("Skriv hvorfor meldingen trekkes tilbake."))
    if message.unit_id != gate.unit_id or not message.raw or not is_with_receiver(message):
        raise refuse("not_ours", _("Meldingen kan ikke trekkes tilbake herfra."))
    with transaction.atomic():
        sent = _cancelled(gate, message) if message.type in CANCELLED_TOO else _in_words(gate, message, said)
        call("message_replaced", message.pk, sent, "cancelled", said)
    return sent


def _cancelled(gate: Gate, message: Message) -> UUID:
    old = read(bytes(message.raw)).message
    made = cancellation(old, gate.now)
    made = replace(made, header=replace(made.header, patient=numbered(made.header.patient, message.patient_id)))
    return message_send(
        gate=gate, message=made, patient=message.patient_id, category=Category(message.category_id), document_type=message.document_type_id,
        event_at=gate.now, stay=message.stay_id, origin=message.origin_id, priority=URGENT,
    )  # fmt: skip


def _in_words(gate: Gate, message: Message, said: str) -> UUID:
    """A dialogue cannot be cancelled: the receiver is asked to disregard it."""
    receiver = parties_in_use(gate.now).filter(her_id=message.receiver_her).first()
    sender = our_address(gate.unit_id, gate.now)
    if receiver is None or sender is None or not takes(receiver, FALLBACK.type):
        raise refuse("by_phone", _("Mottakeren tar ikke imot en slik beskjed elektronisk. Ring mottakeren."), "reason")
    with in_bokmal():
        at = format_moment(message.sent_at or message.recorded_at)
    text = f"Meldingen «{message.title}» som ble sendt {at}, er sendt ved en feil. Se bort fra den.\n\nBegrunnelse: {said}"
    category = Category(message.category_id) if Category(message.category_id) in FALLBACK.categories else Category.LOGISTICS
    made = message_of(
        FALLBACK.type, dialogue_of(_ENQUIRY, text, author_of(gate), gate.now), sender=sender, receiver=receiver,
        subject=material_of(message.patient_id).subject, now=gate.now, conversation=thread(message.msg_id, message.conversation),
    )  # fmt: skip
    return message_send(
        gate=gate, message=made, patient=message.patient_id, category=category, document_type=FALLBACK.document_type(category), event_at=gate.now,
        stay=message.stay_id, origin=message.origin_id, priority=URGENT,
    )  # fmt: skip
