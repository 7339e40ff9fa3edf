"""Hodemelding 1.2 around a payload and the files enclosed."""

from messaging.formats.model.attachment import Attachment
from messaging.formats.model.message import Conversation, Message
from messaging.formats.model.parties import Party
from messaging.formats.model.values import Code
from messaging.formats.standards import MSGHEAD
from messaging.formats.writing.build import Elem, Maker
from messaging.formats.writing.parties import PartyMaker

BASE64 = "http://www.kith.no/xmlstds/base64container"
_VERSION = "v1.2 2006-05-24"
_m = Maker(MSGHEAD)
_people = PartyMaker(_m)


def msghead(message: Message, payload: Elem) -> Elem:
    head = message.header
    patient = _m("Patient", _people.person(head.patient)) if head.patient else None
    info = _m(
        "MsgInfo",
        _m.code("Type", head.type),
        _m("MIGversion", _VERSION),
        _m.written("GenDate", head.generated),
        _m("MsgId", head.message_id),
        _m.code("ProcessingStatus", head.processing),
        _m.code("RequestedPriority", head.priority),
        _conversation(head.conversation),
        _m("Sender", _organisation(head.sender)),
        _m("Receiver", _organisation(head.receiver)),
        [_copy(one) for one in head.copies],
        patient,
    )
    first = _m("Document", _m("RefDoc", _m.moment("IssueDate", head.generated), xml_kind(_m), _m("Content", payload)))
    return _m("MsgHead", info, first, [_m("Document", enclosed(_m, one)) for one in message.attachments])


def xml_kind(m: Maker) -> Elem:
    return m("MsgType", attributes={"V": "XML", "DN": "XML-instans"})


def _conversation(value: Conversation | None) -> Elem | None:
    return _m("ConversationRef", _m("RefToParent", value.parent), _m("RefToConversation", value.root)) if value else None


def _organisation(party: Party | None) -> Elem | None:
    return _m("Organisation", _people.organisation(party.organisation)) if party and party.organisation else None


def _copy(party: Party) -> Elem:
    person = _m("Person", _people.person(party.person)) if party.person and not party.organisation else None
    return _m("OtherReceiver", _m.code("RoleReceiver", party.role, always=True), _organisation(party), person)


def enclosed(m: Maker, file: Attachment) -> Elem:
    """A RefDoc with the file's bytes, or a reference to it."""
    container = Maker(BASE64)("Base64Container", file.encoded) if file.encoded else None
    return m(
        "RefDoc",
        m.moment("IssueDate", file.issued),
        m.code("MsgType", file.kind or Code("A", "Vedlegg")),
        m.text("Id", file.number),
        m.text("MimeType", file.declared),
        m.text("Description", file.title),
        m.code("Compression", file.compression),
        m.text("FileReference", file.reference) if container is None else m("Content", container),
    )
