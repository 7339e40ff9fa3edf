"""A message that has been sent, changed or taken back as its standard allows (HISD 1154, and the care profiles)."""

from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from messaging.composing.contents import moment
from messaging.composing.kinds import KINDS, OID, Kind
from messaging.formats.model.message import Content, Conversation, Message
from messaging.formats.model.values import Code

# New, changed and cancelled; the other care messages are new or cancelled; a dialogue is put right by going on with it.
CHANGED_TOO = frozenset({"INNLEGGELSESRAPPORT", "HELSEOPPL_SOKNAD", "UTSKRIVNINGSRAPPORT", "EPIKRISE"})
CANCELLED_TOO = CHANGED_TOO | {
    "LOG_INNLAGT", "LOG_UTSKRIVNINGSKLAR", "LOG_AVMELDING", "LOG_UTSKREVET", "LOG_DOD", "HELSEOPPLYSNINGER_LEGE", "ORIENTERING_TJENESTETILBUD",
}  # fmt: skip
CHANGED, CANCELLED = (Code(value, text, f"{OID}7309") for value, text in (("M", "Endring"), ("C", "Kansellering")))


def kind_filed_as(document_type: str) -> Kind | None:
    """The kind that is filed so."""
    return next((one for one in KINDS.values() if document_type in {one.document_type(category) for category in one.categories}), None)


def thread(msg_id: str, conversation: str) -> Conversation:
    """Which message is meant, and where it all began."""
    return Conversation(msg_id, conversation or msg_id)


def as_change(content: Content, of: Message) -> Content:
    """The whole anew (M). An epikrise keeps the number of the document; the others refer in their head."""
    return replace(content, status=CHANGED, document_id=of.content.document_id or content.document_id)


def cancellation(of: Message, now: datetime) -> Message:
    """Takes back all that was sent of a document. Says no more than which, and what its standard demands: it need not be complete."""
    told = of.content
    kept = replace(
        told, status=CANCELLED, texts=(), diagnoses=(), medications=(), critical=(), functions=(), relatives=(), appointments=(), questions=(),
        issued=moment(now) if told.issued else None, services=told.services[:1] if of.header.type and of.header.type.value.startswith("ORIENT") else (),
    )  # fmt: skip
    header = replace(
        of.header, message_id=str(uuid4()), generated=moment(now),
        conversation=thread(of.header.message_id, of.header.conversation.root if of.header.conversation else "") if of.standard.family == "msghead" else None,
    )  # fmt: skip
    return replace(of, header=header, content=kept, attachments=(), source=None)


def said_before(kind: Kind, of: Message) -> dict[str, str]:
    """What the sender wrote and chose in it, by the fields of its form."""
    told = of.content
    texts = {(one.section, one.heading.value if one.heading else ""): one.text for one in told.texts}
    values = {one.key: texts.get((one.section, one.heading.value if one.heading else ""), "") for one in kind.fields}
    if kind.type.startswith("DIALOG_"):
        values["text"] = next((one.text for one in (*told.notes, *told.questions)), "")
    chosen = told.discharged_to or told.kind or next((one.theme for one in told.notes), None) or next((one.kind for one in told.questions), None)
    if kind.options and chosen:
        values["choice"] = chosen.value
    return values
