"""The receipt that answers a message: addresses mirrored, version and roles as the message's own standard says."""

from dataclasses import replace
from datetime import UTC, datetime

from messaging.formats.model.message import Header, Message, ReceiptStatus, Standard
from messaging.formats.model.parties import Organisation, Party, Person, Professional
from messaging.formats.model.values import Code, Moment
from messaging.formats.outcome import Outcome
from messaging.formats.standards import RECEIPT_NAMESPACES
from messaging.formats.structure.values import CHECKS

_OK, _REFUSED = Code("1", "OK"), Code("2", "Avvist")
_TYPE = Code("APPREC", "Applikasjonskvittering")
_COPY = Code("COP", "Kopimottaker")
_PRIMARY = {"1.1": Code("PRIM", "Primærmottaker")}
_PRIMARY_OLDER = {"asks": Code("SPR", "Tjenesteyter"), "reports": Code("REQ", "Rekvirent")}
_RECEIVER = {"1.1": Code("AVS", "Avsender"), "1.0": Code("RECEIVER", "Mottaker")}
_REQUESTS = ("Henvisning", "Rekvisisjon")


def receipt_for(
    message: Message,
    outcome: Outcome,
    recipient: Party,
    *,
    receipt_id: str,
    now: datetime,
    software: str = "",
    software_version: str = "",
) -> Message:
    """The receipt of one of our recipients, the primary or a copy, ready to be written.

    `now` must know its zone. ValueError when no receipt may be sent for this message (`outcome.receipt_due`).
    """
    if not outcome.receipt_due:
        raise ValueError("No receipt is due for this message.")
    head, version = message.header, receipt_version(message)
    role = _COPY if recipient in head.copies else _PRIMARY.get(version) or _PRIMARY_OLDER["asks" if _asks(message) else "reports"]
    return Message(
        standard=Standard("Applikasjonskvittering", version, "apprec", RECEIPT_NAMESPACES[version], "AppRec"),
        header=Header(
            message_id=receipt_id,
            type=_TYPE,
            generated=Moment(now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")),
            sender=_mirrored(recipient, role),
            receiver=_mirrored(head.sender or Party(), _RECEIVER[version]),
            structure_version={"1.0": "1.0 2004-11-21", "1.1": "v1.1 2012-02-15"}[version],
        ),
        receipt=ReceiptStatus(
            status=_OK if outcome.accepted else _REFUSED,
            errors=(outcome.error,) if outcome.error else (),
            original_id=head.message_id,
            original_type=head.type or Code("", message.standard.name),
            original_issued=_issued(head.generated, now),
            software=software,
            software_version=software_version,
        ),
    )


def own_recipients(message: Message, our_her_ids: frozenset[str]) -> tuple[Party, ...]:
    """The recipients that are ours, the primary first: each is owed a receipt of its own."""
    everyone = (*((message.header.receiver,) if message.header.receiver else ()), *message.header.copies)
    return tuple(one for one in everyone if one.her_id in our_her_ids)


def receipt_version(message: Message) -> str:
    """As the standard sets it; for a format we do not know, the older for the older family."""
    return message.standard.receipt or ("1.0" if message.standard.family == "message" else "1.1")


def _asks(message: Message) -> bool:
    return message.standard.name in _REQUESTS


def _mirrored(party: Party, role: Code) -> Party:
    whole = party.organisation or (Organisation(professionals=(Professional(party.person),)) if party.person else Organisation())
    return Party(_bare(whole), role)


def _bare(value: Organisation) -> Organisation:
    """Names and every number, on every level; where people live and their telephone stay at home."""
    return Organisation(
        name=value.name,
        identifiers=tuple(replace(one, kind=_short(one.kind)) for one in value.identifiers),
        units=tuple(_bare(unit) for unit in value.units),
        professionals=tuple(
            Professional(Person(name=p.person.shown, identifiers=tuple(replace(i, kind=_short(i.kind)) for i in p.person.identifiers)))
            for p in value.professionals
        ),
    )


def _short(kind: Code) -> Code:
    """A receipt's kinds of number carry no OID."""
    return Code(kind.value, kind.text)


def _issued(generated: Moment | None, now: datetime) -> Moment:
    """A receipt needs an instant; a message dated with a day is given its beginning."""
    if generated and CHECKS["datetime"](generated.written):
        return generated
    if generated and generated.day:
        return Moment(f"{generated.day.isoformat()}T00:00:00")
    return Moment(now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
