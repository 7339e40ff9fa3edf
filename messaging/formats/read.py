"""The way in: bytes to a message, with what was wrong with them.

reading = read(data)
reading.message    what could be understood – always something, unless not even a number could be found
reading.problem    None, or why the message is not as its standard says
"""

from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

from messaging.formats.model.attachment import Attachment
from messaging.formats.model.message import Content, Header, Message, Standard
from messaging.formats.reading import headers
from messaging.formats.reading.attachments import attachment, drop_data, payload_of
from messaging.formats.reading.content import content
from messaging.formats.standards import MSGHEAD, ROOTS, SOAP, standard_of
from messaging.formats.structure.validate import validate
from messaging.formats.wire import mime
from messaging.formats.wire.elements import Elem, child, children, descendants, local, space
from messaging.formats.wire.parse import Limits, Unreadable, parse, salvage


class Stage(StrEnum):
    """How far the reading came."""

    PARSE = "parse"
    SCHEMA = "schema"
    VERSION = "version"


@dataclass(frozen=True)
class Problem:
    stage: Stage
    reason: str


@dataclass(frozen=True)
class Reading:
    message: Message
    problem: Problem | None = None


def read(data: bytes, limits: Limits | None = None) -> Reading:
    """Reads one file as it came from the network. Never raises for what stands in it; the bytes stay the caller's."""
    limits = limits or Limits()
    if len(data) <= limits.size and mime.is_mime(data):
        return _read_mime(data, limits)
    try:
        root = parse(data, limits)
    except Unreadable as error:
        return _unreadable(data, str(error))
    return read_tree(root)


def _unreadable(data: bytes, reason: str) -> Reading:
    root = salvage(data)
    found = Message() if root is None else _message(_unwrap(root), head_only=True)
    return Reading(found, Problem(Stage.PARSE, reason))


def _read_mime(data: bytes, limits: Limits) -> Reading:
    """The message from its own part; the envelope alone when the payload is encrypted or missing."""
    parts = mime.split(data)
    if not parts.xml:
        return Reading(Message(), Problem(Stage.PARSE, "Ingen av delene i filen er XML."))
    readings = [read(part, limits) for part in parts.xml]
    envelopes = [one for one in readings if one.message.standard.family == "ebxml"]
    message = next((one for one in readings if one not in envelopes), None)
    if message is None or not envelopes:
        return message or envelopes[0]
    return replace(message, message=replace(message.message, envelope=envelopes[0].message.envelope))


def read_tree(root: Elem) -> Reading:
    """From elements already parsed. The files enclosed are moved out of the tree."""
    element = _unwrap(root)
    problem = _problem(element)
    message = _message(element)
    if element is not root and (outside := headers.envelope(root)):
        message = replace(message, envelope=outside)
    return Reading(message, problem)


def _unwrap(root: Elem) -> Elem:
    """The message inside what some networks put around it; the root itself when there is none."""
    if local(root) in ROOTS.values() and space(root) != SOAP:
        return root
    for one in descendants(root, *ROOTS.values()):
        if space(one) == MSGHEAD or standard_of(space(one), local(one)).known:
            return one
    return root


def _family(element: Elem) -> str:
    if local(element) == "Envelope" and headers.envelope(element) is not None:
        return "ebxml"
    return next((family for family, name in ROOTS.items() if name == local(element)), "other")


def _problem(element: Elem) -> Problem | None:
    family = _family(element)
    standard = _standard(element, family)
    if not standard.known:
        return Problem(Stage.VERSION, f"Meldingsformatet er ikke kjent: {standard.name} ({standard.namespace or 'uten navnerom'}).")
    breach = validate(element)
    return Problem(Stage.SCHEMA, f"Meldingen følger ikke formatet. {breach}") if breach else None


def _documents(root: Elem) -> list[Elem]:
    return [*children(root, "Document"), *(d for report in children(root, "PatientReport") for d in children(report, "Document"))]


def _payloads(root: Elem) -> list[Elem]:
    return [payload for payload in map(payload_of, _documents(root)) if payload is not None]


# Types whose payload need not come first: an extract may be led by the dialogue that carries it.
_WHOLE = {"EPJ-EKSTRAKT": "EPJ-ekstrakt"}


def _type(element: Elem) -> str:
    found = child(element, "MsgInfo", "Type")
    return found.get("V", "") if found is not None else ""


def _standard(element: Elem, family: str) -> Standard:
    """What the message is: by its own namespace, or by its first payload's."""
    if family == "ebxml":
        version = "2.0" if space(element) == SOAP and next(element.iter("{*}MessageHeader"), None) is not None else ""
        return Standard("ebXML-konvolutt", version, family, space(element), local(element))
    if family != "msghead":
        made = standard_of(space(element), local(element))
        return made if made.known and ROOTS.get(made.family) == local(element) else replace(made, version="", family=family)
    if space(element) != MSGHEAD:
        return Standard(local(element), "", family, space(element), local(element), "1.1")
    found = [standard_of(space(one), local(one)) for one in _payloads(element)]
    known = [one for one in found if one.known and one.family == "msghead"]
    if known:
        return next((one for one in known if one.name == _WHOLE.get(_type(element))), known[0])
    if found:
        return replace(found[0], version="", family=family, receipt="1.1")
    return Standard("Hodemelding", "1.2", family, MSGHEAD, local(element), "1.1")


_HEADS = {"msghead": headers.head_of_msghead, "message": headers.head_of_message, "apprec": headers.head_of_receipt}


def _message(element: Elem, *, head_only: bool = False) -> Message:
    family = _family(element)
    made = Message(
        standard=_standard(element, family),
        header=_HEADS[family](element) if family in _HEADS else Header(),
        envelope=headers.envelope(element) if family == "ebxml" else None,
        receipt=headers.receipt_status(element) if family == "apprec" else None,
    )
    if head_only:
        # Without its payload the head says nothing about which standard it was.
        return replace(made, standard=replace(made.standard, version="")) if made.standard.name == "Hodemelding" else made
    files = _attachments(element, family)
    drop_data(element)
    return replace(
        made,
        content=_content(element, family),
        attachments=files,
        signed=child(element, "Signature") is not None,
        source=element,
    )


def _attachments(element: Elem, family: str) -> tuple[Attachment, ...]:
    if family == "msghead":
        return tuple(attachment(one) for one in _documents(element) if payload_of(one) is None)
    return tuple(attachment(one) for frame in headers.frames_of_message(element) for one in children(frame, "RefDoc"))


def _content(element: Elem, family: str) -> Content:
    if family == "message":
        return _merge([content(frame) for frame in headers.frames_of_message(element)])
    if family != "msghead":
        return Content()
    merged = _merge([content(one) for one in _payloads(element)])
    return replace(merged, subject="register") if child(element, "PatientReport") is not None else merged


def _merge(parts: list[Content]) -> Content:
    """One content of several payloads: rows one after the other, single facts from the first that has them."""
    if len(parts) <= 1:
        return parts[0] if parts else Content()
    merged: dict[str, Any] = {}
    for field in fields(Content):
        values = [getattr(part, field.name) for part in parts]
        merged[field.name] = sum(values, ()) if isinstance(values[0], tuple) else next((v for v in values if v not in (None, "")), values[0])
    return Content(**merged)
