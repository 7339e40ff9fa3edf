"""Applikasjonskvittering 1.0 and 1.1."""

from messaging.formats.model.message import Message, ReceiptStatus
from messaging.formats.standards import RECEIPT_NAMESPACES
from messaging.formats.writing.build import Elem, Maker
from messaging.formats.writing.parties import OlderPartyMaker

_STRUCTURE_VERSIONS = {"1.0": "1.0 2004-11-21", "1.1": "v1.1 2012-02-15"}


def receipt(message: Message) -> Elem:
    """The AppRec element of a message that has `receipt`."""
    version, head, told = message.standard.version, message.header, message.receipt or ReceiptStatus()
    m = Maker(RECEIPT_NAMESPACES[version])
    parties = OlderPartyMaker(m, additional_last=False)
    return m(
        "AppRec",
        m.code("MsgType", head.type),
        m("MIGversion", _STRUCTURE_VERSIONS[version]),
        m.text("SoftwareName", told.software),
        m.text("SoftwareVersion", told.software_version),
        m.written("GenDate", head.generated),
        m("Id", head.message_id),
        parties.party("Sender", head.sender),
        parties.party("Receiver", head.receiver),
        m.code("Status", told.status),
        [m.code("Error", one, system=True) for one in told.errors],
        m(
            "OriginalMsgId",
            m.code("MsgType", told.original_type),
            m.written("IssueDate", told.original_issued),
            m("Id", told.original_id),
        ),
    )
