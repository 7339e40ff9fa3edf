"""The partners at work: what lies in `out/` goes to whom it is for, and what they write goes in when it is due."""

import threading
import time
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Any

from messaging.simulator.addresses import addresses
from messaging.simulator.conduct import changed
from messaging.simulator.files import Gateway, Letter
from messaging.simulator.partner import OHD, ROLES, Outgoing, Partner
from messaging.simulator.people import described, usual

PAUSE = 0.1  # seconds between looks into the directory


class Simulator:
    """Everything under one lock: the loop and the calls from outside take turns."""

    def __init__(self, folder: Path, seed: int | None = None) -> None:
        self.gateway = Gateway(folder)
        self.partners = {code: Partner(code, Random(seed)) for code in ROLES}  # noqa: S311 - chance of a play, no secret
        self.stop = threading.Event()
        self._lock = threading.Lock()

    def run(self) -> None:
        """Until told to stop."""
        while not self.stop.wait(PAUSE):
            self.step(time.time())

    def step(self, now: float) -> None:
        """What waits now is read, and what is due is sent."""
        with self._lock:
            for letter in self.gateway.waiting():
                self._read(letter, now)
            self.gateway.deliver(now)

    def _read(self, letter: Letter, now: float) -> None:
        address = addresses().get(letter.recipient)
        partner = self.partners.get(address.partner) if address else None
        if partner and partner.loses():
            self.gateway.drop(letter)
            return
        if partner and not self.gateway.is_copy(letter):
            self._put(partner.take(letter.raw, letter.recipient, now))
        self.gateway.take(letter)

    def _put(self, letters: Iterable[Outgoing]) -> int:
        count = 0
        for one in letters:
            self.gateway.send_at(one.at, one.raw)
            count += 1
        return count

    def status(self) -> dict[str, Any]:
        with self._lock:
            return {"partners": [one.status() for one in self.partners.values()], "pending": self.gateway.pending()}

    def conduct(self, code: str, told: Any) -> dict[str, Any]:
        """KeyError for an unknown partner; ValueError for what cannot be told."""
        with self._lock:
            partner = self.partners[code]
            partner.conduct = changed(partner.conduct, told)
            return vars(partner.conduct)

    def send(self, code: str, told: Any) -> dict[str, int]:
        """told: {kind, patient?, to?, text?, times?}. Results sent several times are of as many days. KeyError for what is unknown; ValueError for what is wrong."""
        if not isinstance(told, dict):
            raise ValueError("an object is needed")
        kind, to, text = str(told.get("kind", "")), str(told.get("to", OHD)), str(told.get("text", ""))
        patient, times = described(told.get("patient") or usual(kind)), int(told.get("times", 1))
        if not 1 <= times <= 1000:
            raise ValueError("times: 1 to 1000")
        with self._lock:
            partner, now = self.partners[code], time.time()
            return {"sent": sum(self._put(partner.send(kind, patient, now, to=to, text=text, back=back)) for back in reversed(range(times)))}

    def answer(self, code: str, told: Any) -> dict[str, int]:
        """Answers what was kept."""
        with self._lock:
            return {"sent": self._put(self.partners[code].answer_all(time.time()))}
