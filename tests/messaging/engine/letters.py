"""Messages for the engine, as Enebakk's care system would write them, and the receipts it gives."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from messaging.formats.model.facts import Event, Note
from messaging.formats.model.message import Content, Conversation, Header, Message, ReceiptStatus, Standard
from messaging.formats.model.parties import Identifier, Organisation, Party, Person
from messaging.formats.model.values import Code, Moment
from messaging.formats.standards import RECEIPT_NAMESPACES
from messaging.formats.write import outgoing_standard, write

HER = Code("HER", "HER-id", "2.16.578.1.12.4.1.1.9051")
FNR = Code("FNR", "Fødselsnummer", "2.16.578.1.12.4.1.1.8116")
ENEBAKK, ENEBAKK_HOME, LMS, WARD, AAS, AAS_HOME, STRANGER = "101", "102", "201", "202", "301", "302", "999"


def end(entity: str, number: str, service: str, service_number: str) -> Party:
    inner = Organisation(name=service, identifiers=(Identifier(service_number, HER),))
    return Party(Organisation(name=entity, identifiers=(Identifier(number, HER),), units=(inner,)))


FROM = end("Enebakk kommune", ENEBAKK, "Sykepleietjenesten", ENEBAKK_HOME)
TO_WARD = end("Follo LMS", LMS, "Døgnenheten", WARD)
TO_HOME = end("Ås kommune", AAS, "Hjemmesykepleien", AAS_HOME)


def about(person: Any, **changes: Any) -> Person:
    """The patient of a message: one of the cast."""
    values = {
        "family": person.family_name, "given": person.given_name, "identifiers": (Identifier(person.number, FNR),), "sex": Code("2", "Kvinne"),
    }  # fmt: skip
    return Person(**values | changes)


def letter(
    patient: Person | None, *, msg_id: str = "", at: datetime | None = None, to: Party = TO_WARD, copies: tuple[Party, ...] = (), sender: Party = FROM,
    root: str = "", parent: str = "", text: str = "Hilsen fra hjemmesykepleien",
) -> bytes:  # fmt: skip
    """A helsefaglig dialog, ready to be sent."""
    return write(dialogue(patient, msg_id=msg_id, at=at, to=to, copies=copies, sender=sender, root=root, parent=parent, text=text))


def dialogue(
    patient: Person | None,
    *,
    msg_id: str,
    at: datetime | None,
    to: Party,
    copies: tuple[Party, ...],
    sender: Party,
    root: str,
    parent: str,
    text: str,
) -> Message:
    return Message(
        standard=outgoing_standard("DIALOG_HELSEFAGLIG"),
        header=Header(
            message_id=msg_id or str(uuid4()), type=Code("DIALOG_HELSEFAGLIG", "Helsefaglig dialog"), generated=stamp(at), sender=sender, receiver=to,
            copies=copies, patient=patient, conversation=Conversation(parent or root, root) if root else None,
        ),
        content=Content(notes=(Note(theme=Code("6", "Henvendelse", "2.16.578.1.12.4.1.1.7322"), text=text),)),
    )  # fmt: skip


def stamp(at: datetime | None) -> Moment:
    return Moment((at or datetime.now(UTC) - timedelta(hours=1)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))


def receipt(original: str, *, status: str = "1", sender: str = ENEBAKK_HOME, errors: tuple[Code, ...] = (), msg_id: str = "") -> bytes:
    """The partner's receipt for a message of ours."""
    words = {"1": "OK", "2": "Avvist"}[status]
    answerer = Party(Organisation(name="Enebakk kommune", identifiers=(Identifier(sender, Code("HER", "HER-id")),)), Code("PRIM", "Primærmottaker"))
    asker = Party(Organisation(name="Follo LMS", identifiers=(Identifier(WARD, Code("HER", "HER-id")),)), Code("AVS", "Avsender"))
    return write(Message(
        standard=Standard("Applikasjonskvittering", "1.1", "apprec", RECEIPT_NAMESPACES["1.1"], "AppRec"),
        header=Header(
            message_id=msg_id or str(uuid4()), type=Code("APPREC", "Applikasjonskvittering"), generated=stamp(None), sender=answerer, receiver=asker,
            structure_version="v1.1 2012-02-15",
        ),
        receipt=ReceiptStatus(
            status=Code(status, words), errors=errors, original_id=original, original_type=Code("DIALOG_HELSEFAGLIG", "Helsefaglig dialog"),
            original_issued=stamp(None),
        ),
    ))  # fmt: skip


def report(patient: Person, *, status: str = "N", msg_id: str = "", at: datetime | None = None, root: str = "") -> bytes:
    """«Innlagt pasient», which has a status: new, changed or cancelled."""
    number = msg_id or str(uuid4())
    kind = "2.16.578.1.12.4.1.1."
    return write(Message(
        standard=outgoing_standard("LOG_INNLAGT"),
        header=Header(
            message_id=number, type=Code("LOG_INNLAGT", "Melding om innlagt pasient"), generated=stamp(at), sender=FROM, receiver=TO_WARD,
            patient=patient, conversation=Conversation(root, root) if root else None,
        ),
        content=Content(
            status=Code(status, {"N": "Ny", "M": "Endring", "C": "Kansellering"}[status], f"{kind}7309"),
            events=(Event(Code("1", "Innlagt", f"{kind}9121"), stamp(at), estimate=True),),
        ),
    ))  # fmt: skip
