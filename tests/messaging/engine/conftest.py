"""An installation that sends and receives: its message service, its addresses and a network in memory."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from access import models as access
from messaging.models import CommunicationParty, InboxItem, Message, OutboxItem
from messaging.services.first import message_service_register
from messaging.services.inbox import inbox_work, messages_fetch
from messaging.services.outbox import outbox_work
from messaging.services.runtime import Engine
from messaging.transport.double import End, Network
from tests.messaging.engine.letters import AAS, AAS_HOME, ENEBAKK, ENEBAKK_HOME, LMS, WARD

SECRET = "secret of the message service"
# HER-id: name, entity, unit of the cast, transport
PARTIES = {
    LMS: ("Follo LMS", None, "ward", ""),
    WARD: ("Døgnenheten", LMS, "ward", "double"),
    AAS: ("Ås kommune", None, "aas_office", ""),
    AAS_HOME: ("Hjemmesykepleien", AAS, "aas_home", "double"),
    ENEBAKK: ("Enebakk kommune", None, None, ""),
    ENEBAKK_HOME: ("Sykepleietjenesten", ENEBAKK, None, "double"),
}


@dataclass
class Post:
    """Both ends of the network, and the engine that works at ours. Everything it does runs as the application role."""

    engine: Engine
    network: Network
    theirs: End
    as_app: Callable[[], Any]
    sent: list[bytes] = field(default_factory=list)

    def send(self, raw: bytes, to: str = WARD) -> None:
        """Something arrives from outside."""
        self.network.carry(to, raw)

    def work(self) -> None:
        """Fetches, takes in and sends until nothing is due."""
        with self.as_app():
            messages_fetch(self.engine)
            inbox_work(self.engine)
            outbox_work(self.engine)

    def receive(self, raw: bytes, to: str = WARD) -> Message:
        """One message from outside, taken in; as it then stands."""
        self.send(raw, to)
        before = set(Message.objects.filter(direction="in").values_list("id", flat=True))
        self.work()
        return Message.objects.exclude(id__in=before).get(direction="in")

    def delivered(self) -> list[bytes]:
        """What has come to the partner since the last time."""
        got = list(self.theirs.fetch(10_000))
        for one in got:
            self.theirs.confirm(one)
        return [one.raw for one in got]


def add_party(her_id: str, name: str, parent: CommunicationParty | None, unit: Any, transport: str) -> CommunicationParty:
    return CommunicationParty.objects.create(
        her_id=her_id, name=name, parent=parent, kind="service" if parent else "entity", unit_id=unit, transport=transport,
        valid_from=datetime.now(UTC) - timedelta(days=100),
    )  # fmt: skip


@pytest.fixture
def post(cast: Any, as_app: Callable[[], Any]) -> Post:
    now = datetime.now(UTC)
    unit = access.OrgUnit.objects.get(id=cast.units["it"])
    user = message_service_register(unit=unit, using="default", since=now - timedelta(days=1))
    held = access.AccessAuthorisation.objects.get(user=user)
    access.Session.objects.create(
        user=user, authorisation=held, secret_hash=hashlib.sha256(SECRET.encode()).digest(), device_hash=b"", purpose="messaging", second_factor=True,
        created_at=now, last_seen_at=now, expires_at=now + timedelta(days=30),
    )  # fmt: skip
    made: dict[str, CommunicationParty] = {}
    for her_id, (name, parent, unit, transport) in PARTIES.items():
        made[her_id] = add_party(her_id, name, made.get(parent or ""), cast.units[unit] if unit else None, transport)
    network = Network(Random(7))
    engine = Engine(SECRET, {"double": End(network, frozenset((WARD, AAS_HOME)))}, worker="w1", chance=Random(7))
    return Post(engine, network, End(network, frozenset((ENEBAKK_HOME,))), as_app)


@pytest.fixture
def due_now() -> Callable[[], None]:
    """What waits for a retry, or lies under another's lease, is due at once: as owner, instead of waiting."""

    def hasten() -> None:
        past = datetime.now(UTC) - timedelta(days=1)
        for rows in (InboxItem.objects, OutboxItem.objects):
            rows.filter(state="waiting").update(due_at=past, lease_until=None)

    return hasten
