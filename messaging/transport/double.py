"""A network in memory with two ends. It loses, doubles, delays and reorders as it is told, never silently more than that."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from messaging.transport.base import Arrival, Delivery, Dispatch, State, TransportFault


@dataclass
class Weather:
    """Chances from 0 to 1, for each thing sent. ``lose``: it is said to be sent, and is gone. ``fault``: it is said to have failed.

    ``fault_after``: it is said to have failed, but came through.
    """

    lose: float = 0.0
    double: float = 0.0
    shuffle: float = 0.0
    fault: float = 0.0
    fault_after: float = 0.0


@dataclass
class Network:
    """What is under way, by HER-id of the recipient."""

    chance: Random
    weather: Weather = field(default_factory=Weather)
    under_way: dict[str, list[Arrival]] = field(default_factory=dict)
    sent: int = 0

    def carry(self, recipient: str, raw: bytes) -> None:
        copies = 0 if self._happens(self.weather.lose) else 2 if self._happens(self.weather.double) else 1
        queue = self.under_way.setdefault(recipient, [])
        for _ in range(copies):
            self.sent += 1
            place = self.chance.randint(0, len(queue)) if self._happens(self.weather.shuffle) else len(queue)
            queue.insert(place, Arrival(f"network-{self.sent}", raw, recipient))

    def _happens(self, chance: float) -> bool:
        return self.chance.random() < chance


class End:
    """One end of the network: those who answer to these HER-ids."""

    def __init__(self, network: Network, her_ids: frozenset[str], name: str = "double") -> None:
        self.network, self.her_ids, self.name = network, her_ids, name

    def fetch(self, most: int) -> Iterator[Arrival]:
        waiting = [one for her in sorted(self.her_ids) for one in self.network.under_way.get(her, ())]
        yield from waiting[:most]

    def confirm(self, arrival: Arrival) -> None:
        queue = self.network.under_way[arrival.token]
        self.network.under_way[arrival.token] = [one for one in queue if one.ref != arrival.ref]

    def send(self, dispatch: Dispatch) -> Delivery:
        if self.network._happens(self.network.weather.fault):
            raise TransportFault("Nettet svarer ikke.")
        self.network.carry(dispatch.recipient_her, dispatch.raw)
        if self.network._happens(self.network.weather.fault_after):
            raise TransportFault("Nettet brøt av.")
        return Delivery(State.ACKNOWLEDGED, dispatch.msg_id)

    def ask(self, ref: str, recipient_her: str) -> Delivery:
        return Delivery(State.ACKNOWLEDGED, ref)
