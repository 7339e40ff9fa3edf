"""What is to be done with one message that came: worked out from its bytes and what the database knows, written down as one settlement."""

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from access import gate
from messaging.domain.filing import notifies, place_of
from messaging.domain.laboratory import rows_of
from messaging.domain.matching import UNKNOWN, Candidate, Described, Match, match, national
from messaging.domain.versions import Version, standing, thread_of
from messaging.formats.identification import is_national
from messaging.formats.model.message import Message as Received
from messaging.formats.model.parties import Party
from messaging.formats.outcome import Circumstances, Outcome, Rules, is_emergency_referral, judge
from messaging.formats.read import Reading, Stage, read
from messaging.formats.receipts import receipt_for, receipt_version
from messaging.formats.showing.document import title_of
from messaging.formats.write import write
from messaging.models import CommunicationParty

ANSWER_WITHIN = timedelta(hours=96)
AHEAD = timedelta(minutes=10)
URGENT = 1
RECEIPT_STATES = {"1": "ok", "2": "refused", "3": "partial"}
_ALTERS = ("M", "C")


@dataclass(frozen=True)
class Opened:
    """The message at hand, as `gate.inbox_open` gives it."""

    id: UUID
    raw: bytes
    received_at: datetime
    now: datetime
    worker: str
    decided_patient: UUID | None = None
    decided_refusal: str = ""


@dataclass
class Settlement:
    """The arguments of `gate.message_settle`."""

    head: dict[str, Any]
    result: dict[str, Any] = field(default_factory=dict)
    raws: list[bytes] = field(default_factory=list)

    def send(self) -> str:
        return gate.call("message_settle", json.dumps(self.head), json.dumps(self.result), self.raws)


@dataclass(frozen=True)
class Addressee:
    """A recipient of ours as the message names it, and the address that answers for it."""

    party: Party
    ours: dict[str, Any]  # her_id, name, kind and unit, as `gate.message_known` gives them

    @property
    def her_id(self) -> str:
        return (self.party.her_id or self.ours["her_id"])[:16]


def work_out(opened: Opened, rules: Rules) -> Settlement:
    """Inside the transaction that opened the message. Writes nothing."""
    reading = read(opened.raw)
    head = head_of(reading.message)
    made = Settlement(head, {"worker": opened.worker, "code": "", "reason": "", "remarks": []})
    if reading.message.standard.family == "apprec":
        return _receipt(opened, reading, made)
    thread = reading.message.header.conversation
    addressed = list({her for one in _parties(reading.message) for her in _every_her(one)})
    numbers = list(_numbers(reading.message)) if not opened.decided_patient else []
    known = gate.call(
        "message_known", head["sender_her"], head["msg_id"], head["thread"], head["type"], thread.parent if thread else "", addressed, numbers
    )
    if known.get("first"):
        return _seen_before(known, made)
    if reading.message.standard.family == "ebxml":
        return _aside(made, _("Konvolutten er uten innhold som kan leses."))
    return _message(opened, reading, made, known, rules)


def head_of(message: Received) -> dict[str, Any]:
    """The columns of a message, cut to what they hold: a sender may write anything."""
    header, thread = message.header, message.header.conversation
    sender, receiver = header.sender or Party(), header.receiver or Party()
    at = header.generated.instant if header.generated else None
    return {
        "type": ((header.type.value if header.type else "") or message.standard.name)[:40], "standard": message.standard.name[:60],
        "version": message.standard.version[:8], "status": (message.content.status.value if message.content.status else "")[:1],
        "title": title_of(message)[:200], "msg_id": header.message_id, "parent_msg_id": thread.parent if thread else "",
        "conversation": thread.root if thread else "",
        "thread": thread_of(conversation=thread.root if thread else "", document_id=message.content.document_id, msg_id=header.message_id),
        "sender_her": sender.her_id[:16], "sender_name": sender.shown[:300], "receiver_her": receiver.her_id[:16],
        "receiver_name": receiver.shown[:300], "generated_at": at.isoformat() if at and at.year > 1900 else None,
    }  # fmt: skip


def _receipt(opened: Opened, reading: Reading, made: Settlement) -> Settlement:
    told = reading.message.receipt
    known = gate.call("message_known", made.head["sender_her"], made.head["msg_id"], "", "", "", [], [])
    if known.get("first"):
        return _seen_before(known, made)
    state = RECEIPT_STATES.get(told.status.value) if told and told.status else None
    if told is None or state is None or (reading.problem and reading.problem.stage is Stage.PARSE):
        return _aside(made, reading.problem.reason if reading.problem else _("Kvitteringen sier ikke om meldingen er tatt imot."))
    errors = [{"code": one.value, "text": one.text, "detail": one.original} for one in told.errors]
    made.head["parent_msg_id"] = told.original_id
    made.result |= {
        "state": "taken",
        "receipt": {"original": told.original_id, "recipient": made.head["sender_her"], "state": state, "errors": errors},
    }
    return made


def _seen_before(known: dict[str, Any], made: Settlement) -> Settlement:
    """A second copy is dropped without a receipt; one number with two contents is for a person to look at."""
    if known["same"]:
        made.result |= {"state": "duplicate", "duplicate_of": known["first"]}
        return made
    made.result["duplicate_of"] = known["first"]
    return _aside(made, _("Meldingens nummer er brukt før, med et annet innhold. Begge er tatt vare på. Kontakt avsenderen."))


def _aside(made: Settlement, why: str) -> Settlement:
    made.result |= {"state": "quarantine", "reason": why}
    return made


def _message(opened: Opened, reading: Reading, made: Settlement, known: dict[str, Any], rules: Rules) -> Settlement:
    message = reading.message
    ours, service_known = addressees(message, known["ours"])
    found = _whose(message, opened, known["candidates"])
    # Uncertain whose it is means somebody here may have a record; only a number nobody has means that nobody has.
    has_record = None if found.doubt not in ("", UNKNOWN) else found.patient is not None
    outcome = judge(reading, rules, Circumstances(ours=bool(ours), service_known=service_known, has_record=has_record))
    if outcome.accepted and opened.decided_refusal:
        outcome = Outcome(False, "E35", opened.decided_refusal, receipt_due=outcome.receipt_due)
    made.result |= {
        "code": outcome.code, "reason": outcome.reason, "unit": ours[0].ours["unit"] if ours else None,
        "remarks": [{"code": "format", "text": one} for one in outcome.remarks] + list(_remarks(made.head, known, found, opened, ours if service_known is False else [])),
        "answer_due_at": (_made_at(made.head, opened) + ANSWER_WITHIN).isoformat(),
    }  # fmt: skip
    if not outcome.accepted:
        made.result["state"] = "refused"
    elif found.doubt:
        made.result |= {"state": "tray", "tray_reason": found.doubt}
        if not is_emergency_referral(message):
            return made
        # Whoever it concerns: the sender is told at once that it is here, and a person finds out.
        made.result["priority"] = URGENT
    else:
        _file(opened, message, made, known, ours, found)
    if outcome.receipt_due and not known["answered"]:
        _answer(message, outcome, ours, made, opened.now)
    return made


def addressees(message: Received, known_as_ours: list[dict[str, Any]]) -> tuple[list[Addressee], bool | None]:
    """Our recipients, the primary first, and whether each service addressed is one of ours; None when nothing is addressed to us."""
    ours = {one["her_id"]: one for one in known_as_ours}
    found: dict[str, Addressee] = {}
    known = True
    for one in _parties(message):
        address = ours.get(one.her_id)
        if address is None:
            address = next((ours[her] for her in _every_her(one) if her in ours and ours[her]["kind"] == CommunicationParty.Kind.ENTITY), None)
            known = known and address is None
        if address is not None:
            addressee = Addressee(one, address)
            found.setdefault(addressee.her_id, addressee)
    return list(found.values()), known if found else None


def _parties(message: Received) -> list[Party]:
    return [one for one in (message.header.receiver, *message.header.copies) if one]


def _every_her(party: Party) -> tuple[str, ...]:
    return party.organisation.her_ids if party.organisation else (party.her_id,) if party.her_id else ()


def _numbers(message: Received) -> tuple[str, ...]:
    person = message.header.patient
    return national(one.value for one in person.identifiers if is_national(one)) if person else ()


def _whose(message: Received, opened: Opened, candidates: list[dict[str, Any]]) -> Match:
    if opened.decided_patient:
        return Match(patient=opened.decided_patient)
    person = message.header.patient
    described = Described(person.shown if person else "", person.born.day if person and person.born else None, _numbers(message))
    return match(described, [_candidate(**row) for row in candidates])


def _candidate(patient: str | None, born: str | None, **rest: Any) -> Candidate:
    return Candidate(patient=UUID(patient) if patient else None, born=date.fromisoformat(born) if born else None, **rest)


def _made_at(head: dict[str, Any], opened: Opened) -> datetime:
    """When the sender made it; when it came, if that cannot be told or lies ahead of our clock."""
    at = datetime.fromisoformat(head["generated_at"]) if head["generated_at"] else opened.received_at
    return min(at, opened.received_at)


def _remarks(head: dict[str, Any], known: dict[str, Any], found: Match, opened: Opened, instead: list[Addressee]) -> list[dict[str, str]]:
    """What a person should know beside what it says. ``instead``: who has it because the service it is for is not in use."""
    at = datetime.fromisoformat(head["generated_at"]) if head["generated_at"] else opened.received_at
    told: list[tuple[str, str, bool]] = [
        ("dead", _("Pasienten er registrert som død. Avsenderen vet det kanskje ikke. Si fra til avsenderen."), found.dead),
        ("former_number", _("Meldingen bruker et nummer som pasienten ikke har lenger, for eksempel et D-nummer. Gi avsenderen det nye."), found.former),
        ("unknown_sender", _("Avsenderen står ikke i adresseregisteret. Finn ut hvem det er før du stoler på innholdet."), not known["registered"]),
        ("service", _("Tjenesten meldingen er adressert til, er ikke i bruk her. %(unit)s har fått den. Gi avsenderen riktig adresse.")
         % {"unit": ", ".join(one.ours["name"] for one in instead)}, bool(instead)),
        ("clock", _("Meldingen er datert fram i tid. Avsenderens klokke går trolig feil. Tiden den kom, gjelder."), at > opened.received_at + AHEAD),
        ("old", _("Meldingen ble skrevet for over 96 timer siden. Avsenderen kan ha regnet den som tapt. Hør om saken er løst på annen måte."),
         opened.received_at - at > ANSWER_WITHIN),
        ("unknown_parent", _("Meldingen viser til en melding som ikke finnes her."), bool(head["parent_msg_id"]) and not known["parent"]),
        ("unknown_original", _("Meldingen endrer eller kansellerer noe som ikke er mottatt."), head["status"] in _ALTERS and not known["versions"]),
    ]  # fmt: skip
    return [{"code": code, "text": text} for code, text, holds in told if holds]


def _file(opened: Opened, message: Received, made: Settlement, known: dict[str, Any], ours: list[Addressee], found: Match) -> None:
    place = place_of(message.standard.name)
    own = Version(opened.id, made.head["status"], _made_at(made.head, opened))
    others = [
        Version(UUID(one["id"]), one["status"], datetime.fromisoformat(one["generated_at"] or opened.received_at.isoformat()))
        for one in known["versions"]
    ]
    gone = standing([own, *others]) if own.status or any(one.status in _ALTERS for one in others) else {}
    made.result |= {
        "state": "filed",
        "file": {
            "patient": str(found.patient) if found.patient else None, "number": found.number,
            "units": list(dict.fromkeys(one.ours["unit"] for one in ours)), "document_type": place.document_type,
            "event_at": own.generated_at.isoformat(), "notifies": notifies(message.standard.name, made.head["type"]) and made.head["status"] != "C" and opened.id not in gone,
            "title": _("Les og vurder: %(title)s fra %(sender)s") % {"title": made.head["title"], "sender": made.head["sender_name"]},
            "due_at": (opened.now + timedelta(hours=place.hours)).isoformat(),
        },
        "results": rows_of(message, own.generated_at, opened.received_at),
        "superseded": [{"id": str(old), "by": str(by), "how": how} for old, (by, how) in gone.items()],
    }  # fmt: skip


def _answer(message: Received, outcome: Outcome, ours: list[Addressee], made: Settlement, now: datetime) -> None:
    """One final receipt per recipient of ours, put in the outbox with what it answers."""
    if not made.head["sender_her"]:
        made.result["remarks"].append({"code": "no_return_address", "text": _("Avsenderen har ingen HER-id. Kvitteringen kan ikke sendes.")})
        return
    made.result["receipts"] = []
    for one in ours:
        number = str(uuid4())
        receipt = receipt_for(message, outcome, one.party, receipt_id=number, now=now.astimezone(UTC), software="LMS EPJ")
        error = outcome.error
        made.raws.append(write(receipt))
        made.result["receipts"].append({
            "recipient": one.her_id, "sender_name": one.party.shown[:300], "to": made.head["sender_her"], "to_name": made.head["sender_name"],
            "msg_id": number, "version": receipt_version(message), "state": "ok" if outcome.accepted else "refused",
            "errors": [{"code": error.value, "text": error.text, "detail": error.original}] if error else [],
        })  # fmt: skip
