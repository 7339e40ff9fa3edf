"""Whether a message is taken in, and what the receipt says when it is not.

Valid means readable, not accepted: a message can follow its standard and still be refused, because its number is no number
or nobody can tell whose it is. Where the standards leave a choice, or disagree, it is a field of :class:`Rules`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from messaging.formats.identification import is_identified
from messaging.formats.model.attachment import Attachment
from messaging.formats.model.message import Message
from messaging.formats.model.values import Code
from messaging.formats.read import Problem, Reading, Stage

ERROR_LIST = "2.16.578.1.12.4.1.1.8221"
ERROR_TEXTS = {
    "E10": "Ugyldig meldingsidentifikator",
    "E21": "Mottaker finnes ikke",
    "E35": "Pasienten finnes ikke i mottakersystemet",
    "E36": "Pasientopplysninger er utilstrekkelige",
    "S01": "Feil på signatur",
    "S02": "Ugyldig sertifikat",
    "S03": "Tilbaketrukket sertifikat",
    "T01": "Ikke XML / ikke 'well formed' / uleselig",
    "T02": "XML validerer ikke",
    "T10": "Støtter ikke meldingsformatet",
    "X99": "Annen feil",
}
# Media types a reader can be shown; what runs, and what nobody can tell, is not among them.
READABLE = frozenset(
    ("application/pdf", "image/png", "image/jpeg", "image/gif", "image/tiff", "image/bmp", "application/rtf", "text/plain", "text/html", "text/xml")
)
_UUID = re.compile(r"(?:urn:uuid:)?\{?[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\}?", re.IGNORECASE)
_STAGE_CODES = {Stage.PARSE: "T01", Stage.SCHEMA: "T02", Stage.VERSION: "T10"}
_EMERGENCY = "0"
_NEEDS_RECORD = ("Epikrise", "Svarrapport")


@dataclass(frozen=True)
class Rules:
    """Choices of the installation, the same for every message."""

    refuse_invalid: bool = True  # KAN: schema-invalid but readable is refused with T02; else taken in with a remark
    refuse_unknown_service: bool = False  # KAN: E21 for a service we do not have; else routed by hand
    answer_foreign: bool = False  # older texts: E21 to what is addressed to others; the newer: no receipt at all
    readable: frozenset[str] = READABLE


@dataclass(frozen=True)
class Circumstances:
    """What only the installation knows; None where nobody asked."""

    ours: bool | None = None  # some recipient is our organisation or party
    service_known: bool | None = None
    has_record: bool | None = None  # the patient has a record here, or shall have one
    signature_error: str = ""  # S01, S02 or S03


@dataclass(frozen=True)
class Outcome:
    """`code` is of 8221, empty when accepted. `receipt_due` is false where no receipt may be sent at all."""

    accepted: bool
    code: str = ""
    reason: str = ""
    remarks: tuple[str, ...] = field(default=())
    receipt_due: bool = True

    @property
    def error(self) -> Code | None:
        return None if self.accepted else Code(self.code, ERROR_TEXTS[self.code], ERROR_LIST, self.reason)


def judge(reading: Reading, rules: Rules | None = None, about: Circumstances | None = None) -> Outcome:
    """The first reason to refuse, in the order the standards check; accepted when there is none."""
    rules, about = rules or Rules(), about or Circumstances()
    message = reading.message
    refusal = next(_refusals(reading, rules, about), None)
    remarks = tuple(_remarks(reading, rules))
    due = _receipt_due(message, about, rules)
    if refusal is None:
        return Outcome(True, remarks=remarks, receipt_due=due)
    return Outcome(False, *refusal, remarks=remarks, receipt_due=due)


def _refusals(reading: Reading, rules: Rules, about: Circumstances) -> Iterator[tuple[str, str]]:
    message = reading.message
    if reading.problem and _refuses(reading.problem, rules):
        yield _STAGE_CODES[reading.problem.stage], reading.problem.reason
    if message.standard.family not in ("msghead", "message"):
        return  # receipts and envelopes are taken as they are: nobody answers them
    if about.signature_error:
        yield about.signature_error, "Underskriften på meldingen kan ikke godtas."
    if not _UUID.fullmatch(message.header.message_id):
        yield "E10", f"Meldingens nummer «{message.header.message_id[:60]}» er ikke en UUID."
    if message.header.sender is None or not message.header.sender.identified:
        yield "X99", "Avsenderen er ikke oppgitt. Det er ingen å sende kvittering til."
    yield from _addressed(rules, about)
    yield from _patient(message, about)
    for one in message.attachments:
        if problem := _attachment_problem(one, rules):
            yield "T10", problem


def _refuses(problem: Problem, rules: Rules) -> bool:
    return problem.stage is not Stage.SCHEMA or rules.refuse_invalid


def _addressed(rules: Rules, about: Circumstances) -> Iterator[tuple[str, str]]:
    if about.ours is False:
        yield "E21", "Meldingen er adressert til en annen virksomhet."
    if about.service_known is False and rules.refuse_unknown_service:
        yield "E21", "Tjenesten meldingen er adressert til, finnes ikke her."


def _patient(message: Message, about: Circumstances) -> Iterator[tuple[str, str]]:
    if message.content.subject == "register":
        yield "T10", "Innrapportering om flere pasienter tas ikke imot."
    elif message.content.subject != "person":
        yield "E36", "Meldingen gjelder ikke en pasient, men et dyr eller et materiale."
    elif not is_identified(message.header.patient) and not is_emergency_referral(message):
        yield "E36", "Det mangler navn sammen med fødselsnummer, D-nummer, felles hjelpenummer eller fødselsdato og kjønn."
    elif about.has_record is False and message.standard.name in _NEEDS_RECORD:
        yield "E35", "Pasienten har ikke journal her."


def is_emergency_referral(message: Message) -> bool:
    """Ø-hjelp: urgency 0. Always taken in when it can be read."""
    return message.standard.name == "Henvisning" and message.content.urgency is not None and message.content.urgency.value == _EMERGENCY


def _attachment_problem(one: Attachment, rules: Rules) -> str:
    if not one.encoded.strip():
        return ""
    title = one.title or one.declared or "uten navn"
    if not one.sniffed:
        return f"Vedlegget «{title}» kan ikke leses: formatet er ukjent."
    return "" if one.sniffed in rules.readable else f"Vedlegget «{title}» har et format som ikke tas imot ({one.sniffed})."


def _remarks(reading: Reading, rules: Rules) -> Iterator[str]:
    message = reading.message
    if reading.problem and not _refuses(reading.problem, rules):
        yield reading.problem.reason
    for one in message.attachments:
        if one.encoded.strip() and one.lies:
            yield f"Vedlegget «{one.title or one.declared}» er {one.sniffed}, ikke {one.declared} som oppgitt."
    if is_emergency_referral(message) and not is_identified(message.header.patient):
        yield "Ø-hjelp: tatt imot selv om pasienten ikke er tilstrekkelig identifisert."
    thread = message.header.conversation
    if thread and thread.parent and thread.parent == message.header.message_id:
        yield "Meldingen viser til seg selv som den den svarer på."


def _receipt_due(message: Message, about: Circumstances, rules: Rules) -> bool:
    """Never for receipts and envelopes, nor where the sender or the number is not to be found, nor for others' mail."""
    if message.standard.family not in ("msghead", "message") or not message.header.message_id:
        return False
    if message.header.sender is None or not message.header.sender.identified:
        return False
    return about.ours is not False or rules.answer_foreign
