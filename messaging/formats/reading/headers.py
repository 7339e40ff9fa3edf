"""Who, to whom, about whom, and which number: from each of the roots."""

from messaging.formats.model.message import Conversation, Envelope, Header, ReceiptStatus
from messaging.formats.reading.parties import hcp_party, older_patient, party, person
from messaging.formats.wire.elements import Elem, child, children, code, codes, descendants, moment, text


def head_of_msghead(root: Elem) -> Header:
    info = child(root, "MsgInfo")
    patient = child(info, "Patient")
    if patient is None:
        patient = child(root, "PatientReport", "Patient")
    reference = child(info, "ConversationRef")
    return Header(
        message_id=text(info, "MsgId"),
        type=code(info, "Type"),
        generated=moment(info, "GenDate"),
        sender=party(child(info, "Sender")),
        receiver=party(child(info, "Receiver")),
        copies=tuple(filter(None, (party(one) for one in children(info, "OtherReceiver")))),
        patient=person(patient) if patient is not None else None,
        conversation=None if reference is None else Conversation(text(reference, "RefToParent"), text(reference, "RefToConversation")),
        processing=code(info, "ProcessingStatus"),
        priority=code(info, "RequestedPriority"),
        structure_version=text(info, "MIGversion"),
    )


def frames_of_message(root: Elem) -> list[Elem]:
    """The reports or the request inside an older message: the laboratory's may hold several."""
    return list(children(root, "ServReq", "ServRprt", "ServReport"))


def head_of_message(root: Elem) -> Header:
    """A request goes from requester to provider, a report the other way."""
    frame = next(iter(frames_of_message(root)), None)
    provider, requester = hcp_party(child(frame, "ServProvider")), hcp_party(child(frame, "Requester"))
    asks = frame is not None and frame.tag.endswith("}ServReq")
    return Header(
        message_id=text(root, "MsgId"),
        type=code(root, "Type"),
        generated=moment(root, "GenDate"),
        sender=requester if asks else provider,
        receiver=provider if asks else requester,
        copies=tuple(filter(None, (hcp_party(one) for one in children(frame, "CopyDest")))),
        patient=older_patient(child(frame, "Patient")),
        processing=code(root, "Status"),
        priority=code(frame, "Priority"),
        structure_version=text(root, "MIGversion"),
    )


def head_of_receipt(root: Elem) -> Header:
    return Header(
        message_id=text(root, "Id"),
        type=code(root, "MsgType"),
        generated=moment(root, "GenDate"),
        sender=hcp_party(child(root, "Sender")),
        receiver=hcp_party(child(root, "Receiver")),
        structure_version=text(root, "MIGversion"),
    )


def receipt_status(root: Elem) -> ReceiptStatus:
    original = child(root, "OriginalMsgId")
    return ReceiptStatus(
        status=code(root, "Status"),
        errors=codes(root, "Error"),
        original_id=text(original, "Id"),
        original_type=code(original, "MsgType"),
        original_issued=moment(original, "IssueDate"),
        software=text(root, "SoftwareName"),
        software_version=text(root, "SoftwareVersion"),
    )


def envelope(root: Elem) -> Envelope | None:
    """The transport's own header, from ebMS 2.0 or 3.0; None when there is none."""
    header = next(descendants(root, "MessageHeader", "UserMessage", "SignalMessage"), None)
    if header is None:
        return None
    data = next(descendants(header, "MessageData", "MessageInfo"), None)
    acknowledged = next(descendants(root, "Acknowledgment"), None)
    return Envelope(
        message_id=text(data, "MessageId"),
        action=_anywhere(header, "Action"),
        service=_anywhere(header, "Service"),
        sender=_anywhere(header, "From", "PartyId"),
        receiver=_anywhere(header, "To", "PartyId"),
        conversation=_anywhere(header, "ConversationId"),
        agreement=_anywhere(header, "CPAId"),
        refers_to=text(data, "RefToMessageId") or text(acknowledged, "RefToMessageId"),
        sent=moment(data, "Timestamp"),
        errors=tuple(_error(one) for one in descendants(root, "Error")),
    )


def _anywhere(header: Elem, name: str, *path: str) -> str:
    return next(filter(None, (text(one, *path) for one in descendants(header, name))), "")


def _error(element: Elem) -> str:
    facts = {key.rpartition("}")[2]: value for key, value in element.attrib.items()}
    return " ".join(filter(None, (facts.get("severity", ""), facts.get("errorCode", ""), text(element, "Description"))))
