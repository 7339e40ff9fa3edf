"""File drop, as most gateways are fed: a file is there whole or not at all, because it gets its name last.

in/        the gateway puts files here (under another name until they are whole)
working/   those one of our workers has taken
done/      those stored in the database
out/       ours for the gateway to take
"""

import hashlib
import os
import time
from collections.abc import Iterator
from heapq import nsmallest
from pathlib import Path

from messaging.transport.base import Arrival, Delivery, Dispatch, State, TransportFault

FORGOTTEN = 120.0  # seconds
UNFINISHED = (".part", ".tmp")


class FileDrop:
    """One directory shared with a gateway. ``forgotten``: seconds after which a file that a worker took is offered again."""

    name = "files"

    def __init__(self, folder: Path, *, forgotten: float = FORGOTTEN) -> None:
        self.forgotten = forgotten
        self.folders = {name: folder / name for name in ("in", "working", "done", "out")}
        for path in self.folders.values():
            path.mkdir(parents=True, exist_ok=True)

    def fetch(self, most: int) -> Iterator[Arrival]:
        self._take_back()
        with os.scandir(self.folders["in"]) as entries:
            # More than are wanted: others may be faster with some of them.
            waiting = nsmallest(4 * most, (one.name for one in entries if one.is_file() and not _unfinished(one.name)))
        for name in waiting:
            if most == 0:
                return
            taken = self.folders["working"] / name
            try:
                os.rename(self.folders["in"] / name, taken)  # only one worker succeeds
                os.utime(taken)
                raw = taken.read_bytes()
            except FileNotFoundError:
                continue
            most -= 1
            yield Arrival(f"{name}|{hashlib.sha256(raw).hexdigest()}", raw, taken)

    def confirm(self, arrival: Arrival) -> None:
        try:
            os.replace(arrival.token, self.folders["done"] / arrival.token.name)
        except FileNotFoundError:
            return  # it was forgotten, offered again, and confirmed by another

    def send(self, dispatch: Dispatch) -> Delivery:
        name = f"{dispatch.sender_her}_{dispatch.recipient_her}_{_safe(dispatch.msg_id)}.xml"
        whole, part = self.folders["out"] / name, self.folders["out"] / f"{name}.{os.getpid()}.part"
        try:
            with part.open("wb") as stream:
                stream.write(dispatch.raw)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(part, whole)
            _sync(self.folders["out"])
        except OSError as error:
            raise TransportFault(f"Filen kunne ikke skrives: {error.strerror}.") from error
        # The gateway says nothing of what it does with a file; the receiver's own receipt does.
        return Delivery(State.ACKNOWLEDGED, name)

    def ask(self, ref: str, recipient_her: str) -> Delivery:
        return Delivery(State.ACKNOWLEDGED, ref)

    def _take_back(self) -> None:
        """Files whose worker died are put back. They are known by name and content, so storing them twice changes nothing."""
        oldest = time.time() - self.forgotten
        for path in self.folders["working"].iterdir():
            try:
                if path.stat().st_mtime < oldest:
                    os.rename(path, self.folders["in"] / path.name)
            except FileNotFoundError:
                continue


def _unfinished(name: str) -> bool:
    return name.startswith(".") or name.endswith(UNFINISHED)


def _safe(text: str) -> str:
    return "".join(ch if ch.isalnum() or ch == "-" else "_" for ch in text)[:80]


def _sync(folder: Path) -> None:
    """The new name itself must survive a crash."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
