"""Who writes to whom about whom, as a head names them."""

from typing import Any, Protocol
from uuid import UUID, uuid4

from messaging.composing.contents import moment
from messaging.composing.kinds import OID
from messaging.composing.pieces import Subject
from messaging.formats.model.message import Content, Conversation, Header, Message
from messaging.formats.model.parties import Identifier, Organisation, Party, Person, Professional, Telecom
from messaging.formats.model.values import Code, Moment
from messaging.formats.write import OUTGOING, outgoing_standard

HER, HER_OF_PERSON = Code("HER", "HER-id", f"{OID}9051"), Code("HER", "HER-id", f"{OID}8116")
HPR = Code("HPR", "HPR-nummer", f"{OID}8116")
ENH = Code("ENH", "Organisasjonsnummeret i Enhetsregisteret", f"{OID}9051")
SEXES = {"K": Code("2", "Kvinne"), "M": Code("1", "Mann")}
NUMBERS = {"FNR": "Fødselsnummer", "DNR": "D-nummer", "FHN": "Felles hjelpenummer", "HNR": "H-nummer", "DUF": "DUF-nummer"}
PROFESSIONS = {
    "nurse": Code("SP", "Sykepleier"), "doctor": Code("LE", "Lege"), "physiotherapist": Code("FT", "Fysioterapeut"),
    "occupational_therapist": Code("ET", "Ergoterapeut"), "psychologist": Code("PS", "Psykolog"), "health_worker": Code("HF", "Helsefagarbeider"),
}  # fmt: skip
# Whom an enquiry is for, by the kind of address it goes to.
READERS = {"KP02": PROFESSIONS["nurse"], "KP01": PROFESSIONS["doctor"], "KA01": PROFESSIONS["doctor"]}


class RegisteredParty(Protocol):
    """A row of the address register."""

    her_id: str
    name: str
    kind: str
    parent: Any


def party_of(one: RegisteredParty) -> Party:
    """Level 1 with its service or person below it, each under its own HER-id."""
    above = one.parent
    numbers = (Identifier(above.her_id, HER), *((Identifier(above.org_number, ENH),) if above.org_number else ()))
    if one.kind == "person":
        given, _, family = one.name.rpartition(" ")
        doctor = Professional(Person(family=family, given=given, identifiers=(Identifier(one.her_id, HER_OF_PERSON),)), PROFESSIONS["doctor"])
        return Party(Organisation(name=above.name, identifiers=numbers, professionals=(doctor,)))
    return Party(Organisation(name=above.name, identifiers=numbers, units=(Organisation(name=one.name, identifiers=(Identifier(one.her_id, HER),)),)))


def patient_of(subject: Subject) -> Person:
    kind = Code(subject.kind, NUMBERS.get(subject.kind, subject.kind), f"{OID}8116")
    return Person(
        family=subject.family, given=subject.given, born=Moment(subject.born.isoformat()) if subject.born else None,
        sex=SEXES.get(subject.sex, Code("0", "Ikke kjent")), identifiers=(Identifier(subject.number, kind),) if subject.number else (),
    )  # fmt: skip


def professional_of(given: str, family: str, profession: str, phone: str = "", hpr: str = "") -> Professional:
    """Who writes. ``phone`` is where they are reached about the message, ``hpr`` their number in the register of health personnel."""
    digits = "".join(ch for ch in phone if ch.isdigit() or ch == "+")
    reach = (Telecom(f"tel:{digits}", Code("HP", "Hovedtelefon")),) if digits else ()
    number = (Identifier(hpr, HPR),) if hpr else ()
    return Professional(Person(family=family, given=given, identifiers=number, telecoms=reach), PROFESSIONS.get(profession))


def message_of(
    kind: str, content: Content, *, sender: RegisteredParty, receiver: RegisteredParty, subject: Subject, now: Any,
    conversation: Conversation | None = None, number: UUID | None = None,
) -> Message:  # fmt: skip
    """Ready to be written."""
    standard = outgoing_standard(kind)
    header = Header(
        message_id=str(number or uuid4()), type=Code(kind, OUTGOING[kind][0]), generated=moment(now), sender=party_of(sender), receiver=party_of(receiver),
        patient=patient_of(subject), conversation=conversation if standard.family == "msghead" else None,
    )  # fmt: skip
    return Message(standard, header, content)
