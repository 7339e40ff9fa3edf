"""What a working engine has at hand: its token, its transports, its name, and whether it is to stop."""

import os
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random, SystemRandom

from django.conf import settings

from messaging.formats.outcome import Rules
from messaging.models import CommunicationParty
from messaging.transport import Transport
from messaging.transport.files import FileDrop
from messaging.transport.rest import MessageService

# How long what a worker has taken is its own: longer than the slowest message takes to read or send.
LEASE_SECONDS = settings.EPJ_MESSAGING_LEASE_SECONDS


@dataclass
class Engine:
    """Who works, and how it reaches the network."""

    secret: str
    transports: Mapping[str, Transport]
    worker: str = ""
    rules: Rules = field(default_factory=Rules)
    chance: Random = field(default_factory=SystemRandom)
    stop: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.worker = self.worker or f"{socket.gethostname()}-{os.getpid()}-{threading.get_ident():x}"


# One for all of a process: what stops the process stops whatever works in it.
STOP = threading.Event()


def engine_of() -> Engine | None:
    """The engine as the settings say; None where this installation sends no messages."""
    if not settings.EPJ_MESSAGING_TOKEN:
        return None
    rules = Rules(
        refuse_invalid=settings.EPJ_MESSAGING_REFUSE_INVALID,
        refuse_unknown_service=settings.EPJ_MESSAGING_REFUSE_UNKNOWN_SERVICE,
        answer_foreign=settings.EPJ_MESSAGING_ANSWER_FOREIGN,
    )
    return Engine(settings.EPJ_MESSAGING_TOKEN, _transports(), rules=rules, stop=STOP)


@cache
def _transports() -> dict[str, Transport]:
    made: dict[str, Transport] = {}
    if settings.EPJ_MESSAGING_DIR:
        made["files"] = FileDrop(Path(settings.EPJ_MESSAGING_DIR), forgotten=LEASE_SECONDS)
    if settings.EPJ_MESSAGING_API:
        ours = CommunicationParty.objects.filter(unit__isnull=False, transport="rest").values_list("her_id", flat=True)
        made["rest"] = MessageService(settings.EPJ_MESSAGING_API, list(ours), "LMS EPJ", _header_from_file)
    return made


def _header_from_file(method: str, address: str) -> str:
    """The agent that logs in to the national service keeps the header's value fresh in a file; it is read anew for each call."""
    return Path(settings.EPJ_MESSAGING_API_TOKEN_FILE).read_text(encoding="utf-8").strip()
