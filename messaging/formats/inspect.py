"""One line of facts about one file, for support."""

from pathlib import Path
from typing import Any

from messaging.formats.model.parties import Party, Person
from messaging.formats.outcome import judge
from messaging.formats.read import Problem, Reading, Stage, read
from messaging.formats.wire.parse import Limits

_HEAD = 262_144


def inspect_file(name: str) -> dict[str, Any]:
    """The keys of `inspect_message`. A file that cannot be opened is refused like one that cannot be read."""
    limits = Limits()
    try:
        path = Path(name)
        with path.open("rb") as stream:
            data = stream.read(limits.size + 1)
    except OSError as error:
        return _line(name, None, "refused", "T01", f"Filen kan ikke leses: {error.strerror}.")
    if len(data) > limits.size:
        head = read(data[:_HEAD], limits)
        reading = Reading(head.message, Problem(Stage.PARSE, f"Filen er større enn {limits.size // 1_000_000} MB."))
    else:
        reading = read(data, limits)
    outcome = judge(reading)
    reason = outcome.reason or " ".join(outcome.remarks) or None
    return _line(name, reading, "accepted" if outcome.accepted else "refused", outcome.code or None, reason)


def _line(name: str, reading: Reading | None, outcome: str, code: str | None, reason: str | None) -> dict[str, Any]:
    message = reading.message if reading else None
    header = message.header if message else None
    envelope = message.envelope if message and message.standard.family == "ebxml" else None
    kind = header.type.value if header and header.type else ""
    return {
        "file": name,
        "type": kind or (envelope.action if envelope else "") or (message.standard.name if message else "") or None,
        "version": (message.standard.version if message else "") or None,
        "message_id": (header.message_id if header else "") or (envelope.message_id if envelope else "") or None,
        "sender": _party(header.sender) if header and header.sender else _enveloped(envelope.sender) if envelope else None,
        "receiver": _party(header.receiver) if header and header.receiver else _enveloped(envelope.receiver) if envelope else None,
        "patient": _patient(header.patient) if header and header.patient else None,
        "outcome": outcome,
        "code": code,
        "reason": reason,
    }


def _party(party: Party) -> dict[str, Any] | None:
    """`her_id` is the communication party's; `her_ids` those of every level, the legal entity's first."""
    if not party.identified:
        return None
    every = list(party.organisation.her_ids) if party.organisation else []
    return {"name": party.shown or None, "her_id": party.her_id or None, "her_ids": every}


def _enveloped(number: str) -> dict[str, Any] | None:
    return {"name": None, "her_id": number, "her_ids": [number]} if number else None


def _patient(person: Person) -> dict[str, Any] | None:
    numbers = [{"type": one.kind.value or None, "number": one.value} for one in person.identifiers]
    born = person.born.written if person.born else None
    return {"name": person.shown or None, "birth_date": born, "identifiers": numbers} if person.shown or numbers or born else None
