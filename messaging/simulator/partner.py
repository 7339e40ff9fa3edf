"""One partner: what comes in, what goes out because of it, and what it remembers for whoever looks on."""

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any, NamedTuple
from uuid import uuid4

from messaging.formats.model.message import Conversation, Header, Message
from messaging.formats.model.parties import Party, Person
from messaging.formats.model.values import Code
from messaging.formats.outcome import ERROR_TEXTS, Outcome, judge
from messaging.formats.read import read
from messaging.formats.receipts import own_recipients, receipt_for
from messaging.formats.write import write
from messaging.simulator.addresses import Address, addresses, addresses_of
from messaging.simulator.conduct import Conduct
from messaging.simulator.letters import LETTERS, Occasion, answer

# What each can be told to send, the HER-id it does so from, and to which of ours.
OHD = "8200011"
ROLES: dict[str, dict[str, str]] = {
    "enebakk": {"INNLEGGELSESRAPPORT": "8100101", "DIALOG_HELSEFAGLIG": "8100101"},
    "fastlege": {"HENVISNING_NYTILSTAND": "8100201", "DIALOG_HELSEFAGLIG": "8100201"},
    "sykehus": {"LOG_UTSKRIVNINGSKLAR": "8100301", "HELSEOPPL_SOKNAD": "8100301", "EPIKRISE": "8100301", "SVAR_LAB": "8100302",
                "DIALOG_HELSEFAGLIG": "8100301"},
}  # fmt: skip
NAMES = {"enebakk": "Enebakk kommune", "fastlege": "Fastlegene", "sykehus": "Sykehuset"}
_QUESTIONS = ("DIALOG_FORESPORSEL",)
_REMEMBERED = 200


class Outgoing(NamedTuple):
    """``at``: seconds since the epoch when it goes."""

    at: float
    raw: bytes


@dataclass
class Event:
    """A line of what happened, for the page."""

    at: datetime
    what: str
    type: str = ""
    patient: str = ""
    msg_id: str = ""
    detail: str = ""


@dataclass
class Question:
    """A question that waits for its answer."""

    asked: Message
    to: Address


@dataclass
class Partner:
    """`take` and `send` give what goes out; nothing is written here."""

    code: str
    chance: Random
    conduct: Conduct = field(default_factory=Conduct)
    events: deque[Event] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    questions: list[Question] = field(default_factory=list)
    sent: dict[str, str] = field(default_factory=dict)  # our number → what the receipt said

    @property
    def addresses(self) -> dict[str, Address]:
        return {one.her_id: one for one in addresses_of(self.code)}

    def loses(self) -> bool:
        return self._happens(self.conduct.deaf)

    def take(self, raw: bytes, recipient: str, now: float) -> list[Outgoing]:
        """Reads one message to one of its addresses; gives the receipt, and an answer where something was asked."""
        reading = read(raw)
        message = reading.message
        if message.receipt:
            self._receipt(message, now)
            return []
        outcome = self._judged(judge(reading))
        self._note(now, "mottatt" if outcome.accepted else f"avvist {outcome.code}", message)
        to = next((one for one in own_recipients(message, frozenset(self.addresses)) if one.her_id == recipient), None)
        if to is None or not outcome.receipt_due:
            return []
        at = now + self.conduct.delay
        receipt = receipt_for(message, outcome, to, receipt_id=str(uuid4()), now=_clock(at), software="Partnersimulator")
        out = self._carried(at, write(receipt))
        if outcome.accepted and message.header.type and message.header.type.value in _QUESTIONS:
            out += self._asked(Question(message, self.addresses[recipient]), now)
        return out

    def send(
        self, kind: str, patient: Person, now: float, *, to: str = OHD, text: str = "", back: int = 0, conversation: Conversation | None = None
    ) -> list[Outgoing]:
        """Something of its own accord; results of a sample taken ``back`` days before. KeyError for what it does not send, or an unknown receiver."""
        sender, receiver = addresses()[ROLES[self.code][kind]], addresses()[to]
        if conversation is None and kind == "INNLEGGELSESRAPPORT":
            conversation = self._answered(patient)
        return self._letter(LETTERS[kind](Occasion(sender.party, receiver.party, patient, _clock(now), conversation, text, back)), now, now)

    def answer_all(self, now: float) -> list[Outgoing]:
        """Answers the questions that were kept."""
        waiting, self.questions = self.questions, []
        return [one for question in waiting for one in self._answer(question, now, now)]

    def _asked(self, question: Question, now: float) -> list[Outgoing]:
        if self.conduct.hold:
            self.questions.append(question)
            return []
        return self._answer(question, now, now + self.conduct.answer_delay)

    def _answer(self, question: Question, now: float, at: float) -> list[Outgoing]:
        """The municipality sends its report and says so; others answer with what they have, or that they have nothing."""
        header = question.asked.header
        root = header.conversation.root if header.conversation else header.message_id
        about = Occasion(question.to.party, header.sender or Party(), header.patient or Person(), _clock(at), Conversation(header.message_id, root))
        out: list[Outgoing] = []
        if self.code == "enebakk":
            out = self._letter(LETTERS["INNLEGGELSESRAPPORT"](about), now, at)
        asked = next(iter(question.asked.content.questions), None)
        return out + self._letter(answer(about, asked, known=self.code != "fastlege"), now, at)

    def _answered(self, patient: Person) -> Conversation | None:
        """The question about this patient that a report sent now answers; it is no longer waiting."""
        numbers = {one.value for one in patient.identifiers}
        for question in self.questions:
            asked = question.asked.header
            if asked.patient and numbers & {one.value for one in asked.patient.identifiers}:
                self.questions.remove(question)
                return Conversation(asked.message_id, asked.conversation.root if asked.conversation else asked.message_id)
        return None

    def _letter(self, raw: bytes, now: float, at: float) -> list[Outgoing]:
        message = read(raw).message
        self.sent[message.header.message_id] = ""
        self._note(now, "sendt", message)
        return self._carried(at, raw)

    def _carried(self, at: float, raw: bytes) -> list[Outgoing]:
        if self._happens(self.conduct.lose):
            return []
        if self._happens(self.conduct.garble):
            raw = raw[: len(raw) * 2 // 3]
        return [Outgoing(at, raw)] * (2 if self._happens(self.conduct.duplicate) else 1)

    def _judged(self, outcome: Outcome) -> Outcome:
        if self.conduct.refuse and outcome.accepted:
            return Outcome(False, self.conduct.refuse, ERROR_TEXTS[self.conduct.refuse], receipt_due=outcome.receipt_due)
        return outcome

    def _receipt(self, message: Message, now: float) -> None:
        told = message.receipt
        if told is None:
            return
        said = f"kvittering: {told.status.label if told.status else 'ukjent'}"
        said += "".join(f" ({one.value} {one.original or one.text})" for one in told.errors)
        self.sent[told.original_id] = said
        self.events.append(Event(_clock(now), said, "APPREC", msg_id=told.original_id))

    def _note(self, now: float, what: str, message: Message) -> None:
        header: Header = message.header
        kind = header.type or Code()
        patient = header.patient.shown if header.patient else ""
        self.events.append(Event(_clock(now), what, kind.value, patient, header.message_id, kind.text))

    def _happens(self, chance: float) -> bool:
        return chance > 0 and self.chance.random() < chance

    def status(self) -> dict[str, Any]:
        return {
            "code": self.code, "name": NAMES[self.code], "conduct": vars(self.conduct), "sends": list(ROLES[self.code]),
            "addresses": [{"her_id": one.her_id, "name": one.name, "entity": one.entity} for one in self.addresses.values()],
            "waiting": [one.asked.header.patient.shown if one.asked.header.patient else "" for one in self.questions],
            "unreceipted": sum(1 for said in self.sent.values() if not said),
            "events": [vars(one) | {"at": one.at.isoformat()} for one in reversed(self.events)],
        }  # fmt: skip


def _clock(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
