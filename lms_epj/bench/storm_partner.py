"""The other end of the files: takes what we send, answers it, sends its own – some of it twice, some late, some lost and sent again."""

import os
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from uuid import uuid4

from messaging.formats.model.parties import Party
from messaging.formats.outcome import Outcome
from messaging.formats.read import read
from messaging.formats.receipts import receipt_for
from messaging.formats.write import write

LOST, DOUBLED = 0.05, 0.05
SECOND_TIME = 20.0  # seconds without a receipt before the partner sends again, under the same number; doubled each time


def put(folder: Path, raw: bytes) -> None:
    """One file for the other side to take, there whole or not at all."""
    name = folder / f"{uuid4()}"
    name.with_suffix(".part").write_bytes(raw)
    os.rename(name.with_suffix(".part"), name.with_suffix(".xml"))


@dataclass
class Partner(threading.Thread):
    """``receipts``: number of a message of theirs → numbers of the receipts that came for it. ``got``: ours that they have taken, with how often."""

    folder: Path
    chance: Random
    receipts: dict[str, set[str]] = field(default_factory=dict)
    got: dict[str, int] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    unanswered: dict[str, tuple[float, float, bytes]] = field(default_factory=dict)  # when it is sent again, after which wait, what
    lost: int = 0
    doubled: int = 0
    again: int = 0
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self.done = threading.Event()
        self.lock = threading.Lock()

    def __hash__(self) -> int:
        return id(self)

    def send(self, number: str, raw: bytes) -> None:
        """One message of theirs, now and again until it is answered."""
        with self.lock:
            self.unanswered[number] = (time.monotonic() + SECOND_TIME, SECOND_TIME, raw)
        self._over_the_net(raw)

    def run(self) -> None:
        while not self.done.is_set():
            try:
                self._take()
                self._again()
            except Exception as error:
                self.faults.append(f"{type(error).__name__}: {error}")
            self.done.wait(0.2)

    def _over_the_net(self, raw: bytes) -> None:
        if self.chance.random() < LOST:
            self.lost += 1
            return
        self._perhaps_twice(raw)

    def _perhaps_twice(self, raw: bytes) -> None:
        copies = 2 if self.chance.random() < DOUBLED else 1
        self.doubled += copies - 1
        for _ in range(copies):
            put(self.folder / "in", raw)

    def _take(self) -> None:
        for path in sorted((self.folder / "out").glob("*.xml")):
            message = read(path.read_bytes()).message
            number = message.header.message_id
            if message.receipt:
                answered = message.receipt.original_id
                self.receipts.setdefault(answered, set()).add(number)
                with self.lock:
                    self.unanswered.pop(answered, None)
                if message.receipt.status is None or message.receipt.status.value != "1":
                    self.refused.append(answered)
            else:
                self.got[number] = self.got.get(number, 0) + 1
                if self.got[number] == 1:
                    answer = receipt_for(message, Outcome(True), message.header.receiver or Party(), receipt_id=str(uuid4()), now=datetime.now(UTC))
                    # A receipt is not lost here: nobody asks for it again but a person.
                    self._perhaps_twice(write(answer))
            path.unlink()

    def _again(self) -> None:
        now = time.monotonic()
        with self.lock:
            late = {number: raw for number, (due, _, raw) in self.unanswered.items() if due <= now}
            for number, raw in late.items():
                wait = 2 * self.unanswered[number][1]
                self.unanswered[number] = (now + wait, wait, raw)
        for raw in late.values():
            self.again += 1
            self._over_the_net(raw)
