"""What the partners write, in the standards' own words: each function gives the message, ready to be written."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from messaging.formats.model.facts import Event, Note, Question
from messaging.formats.model.message import Content, Conversation, Header, Message
from messaging.formats.model.parties import Party, Person
from messaging.formats.model.values import Code, Moment
from messaging.formats.write import OUTGOING, outgoing_standard, write
from messaging.simulator import records
from messaging.simulator.addresses import OID
from messaging.simulator.laboratory import FINDINGS, laboratory_report
from messaging.simulator.referral import referral

NEW = Code("N", "Ny", f"{OID}7309")
ANSWERED = Code("1", "De etterspurte opplysningene er inkludert i meldingen", f"{OID}9069")
UNKNOWN_HERE = Code("3", "Har ikke ønskede opplysninger", f"{OID}9069")
ENQUIRY = Code("6", "Henvendelse om pasient", f"{OID}7322")
READY = Code("3", "Pasient utskrivningsklar", f"{OID}9121")


@dataclass(frozen=True)
class Occasion:
    """Who writes to whom, about whom, when, and in answer to what. ``back``: how many days ago the sample was taken."""

    sender: Party
    receiver: Party
    patient: Person
    now: datetime
    conversation: Conversation | None = None
    text: str = ""
    back: int = 0


def stamp(at: datetime) -> Moment:
    return Moment(at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))


def composed(kind: str, content: Content, about: Occasion) -> Message:
    header = Header(
        message_id=str(uuid4()), type=Code(kind, OUTGOING[kind][0]), generated=stamp(about.now), sender=about.sender, receiver=about.receiver,
        patient=about.patient, conversation=about.conversation,
    )  # fmt: skip
    return Message(outgoing_standard(kind), header, content)


def admission_report(about: Occasion) -> bytes:
    """What the home nursing knows. In answer to a question it says so."""
    told = records.admission(about.now, about.text)
    return write(composed("INNLEGGELSESRAPPORT", replace(told, status=NEW, is_answer=bool(about.conversation) or None), about))


def early_notice(about: Occasion) -> bytes:
    """Helseopplysninger: the hospital's early word to the municipality."""
    return write(composed("HELSEOPPL_SOKNAD", replace(records.early(about.now), status=NEW), about))


def discharge_letter(about: Occasion) -> bytes:
    """Epikrise 1.2."""
    return write(composed("EPIKRISE", replace(records.discharge(about.now), status=NEW, document_id=str(uuid4()), issued=stamp(about.now)), about))


def ready_for_discharge(about: Occasion) -> bytes:
    event = Event(READY, stamp(about.now + timedelta(hours=20)), estimate=False)
    content = Content(status=NEW, events=(event,), contacts=(records.discharging_doctor(about.now),))
    return write(composed("LOG_UTSKRIVNINGSKLAR", content, about))


def professional_dialogue(about: Occasion) -> bytes:
    note = Note(theme=ENQUIRY, text=about.text or records.ENQUIRY_TEXT)
    return write(composed("DIALOG_HELSEFAGLIG", Content(notes=(note,), contacts=records.dialogue_contacts()), about))


def answer(about: Occasion, question: Question | None, *, known: bool) -> bytes:
    """DIALOG_SVAR with the question enclosed."""
    text = about.text or (records.ANSWER_TEXT if known else records.UNKNOWN_TEXT)
    note = Note(theme=ANSWERED if known else UNKNOWN_HERE, text=text, written=Moment(about.now.date().isoformat()))
    return write(composed("DIALOG_SVAR", Content(notes=(note,), questions=(question,) if question else ()), about))


def results(about: Occasion) -> bytes:
    findings = [one.some_days_ago(about.back) for one in FINDINGS]
    taken = about.now - timedelta(days=about.back, hours=2)
    return laboratory_report(about.sender, about.receiver, about.patient, about.now, taken=taken, findings=findings)


LETTERS = {
    "INNLEGGELSESRAPPORT": admission_report,
    "HELSEOPPL_SOKNAD": early_notice,
    "EPIKRISE": discharge_letter,
    "LOG_UTSKRIVNINGSKLAR": ready_for_discharge,
    "DIALOG_HELSEFAGLIG": professional_dialogue,
    "HENVISNING_NYTILSTAND": lambda about: referral(about.sender, about.receiver, about.patient, about.now, about.text),
    "SVAR_LAB": results,
}
