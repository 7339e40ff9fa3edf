"""The interface of a transport."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol


class State(StrEnum):
    """What the network says of something handed over."""

    UNCONFIRMED = "unconfirmed"
    ACKNOWLEDGED = "acknowledged"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Arrival:
    """Something that came. ``ref`` is the same each time it is offered; ``token`` is the transport's own."""

    ref: str
    raw: bytes
    token: Any = None


@dataclass(frozen=True)
class Dispatch:
    """One message to one recipient. ``answers`` tells, for a receipt, what it answers: {ref, recipient, state, errors}."""

    msg_id: str
    raw: bytes
    sender_her: str
    recipient_her: str
    answers: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Delivery:
    """What became of a dispatch: ``ref`` names it at the transport."""

    state: State
    ref: str = ""
    error: str = ""


class TransportFault(Exception):
    """It could not be handed over now. ``final``: nor later, so that a person must look."""

    def __init__(self, text: str, *, final: bool = False) -> None:
        super().__init__(text)
        self.final = final


class Transport(Protocol):
    """Handing over may happen twice with the same ``msg_id`` (after a crash): the receiver drops the second (HITS 1168)."""

    name: str

    def fetch(self, most: int) -> Iterable[Arrival]:
        """What waits for us. Each is offered again until it is confirmed."""

    def confirm(self, arrival: Arrival) -> None:
        """It is stored for good here."""

    def send(self, dispatch: Dispatch) -> Delivery:
        """Raises TransportFault."""

    def ask(self, ref: str, recipient_her: str) -> Delivery:
        """What has become of something that was unconfirmed. Raises TransportFault."""
