"""The gateway's side of the directory that the file transport shares. All state is files, so the process may be killed and started again.

out/      ours puts them here; taken when they have been dealt with
taken/    what a partner has seen, under its own name: a second copy is known by it
later/    what is to go in, named by when
in/       where ours fetches
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4


@dataclass(frozen=True)
class Letter:
    """One file of ours, to one recipient."""

    name: str
    recipient: str
    raw: bytes


class Gateway:
    def __init__(self, folder: Path) -> None:
        self.folders = {name: folder / name for name in ("in", "out", "taken", "later")}
        for path in self.folders.values():
            path.mkdir(parents=True, exist_ok=True)

    def waiting(self) -> Iterator[Letter]:
        for path in sorted(self.folders["out"].glob("*.xml")):
            _, recipient, *_ = [*path.stem.split("_"), "", ""]
            yield Letter(path.name, recipient, path.read_bytes())

    def is_copy(self, letter: Letter) -> bool:
        return (self.folders["taken"] / letter.name).exists()

    def take(self, letter: Letter) -> None:
        os.replace(self.folders["out"] / letter.name, self.folders["taken"] / letter.name)

    def drop(self, letter: Letter) -> None:
        """It was lost: unseen, so that a second one is no copy."""
        (self.folders["out"] / letter.name).unlink(missing_ok=True)

    def send_at(self, at: float, raw: bytes) -> None:
        """``at`` in seconds since the epoch."""
        _write(self.folders["later"], f"{int(at * 1000):015}_{uuid4()}.xml", raw)

    def deliver(self, now: float) -> int:
        """What is due goes in. Returns how many."""
        due = [path for path in sorted(self.folders["later"].glob("*.xml")) if int(path.name.partition("_")[0]) <= now * 1000]
        for path in due:
            os.replace(path, self.folders["in"] / path.name.partition("_")[2])
        return len(due)

    def pending(self) -> int:
        return sum(1 for _ in self.folders["later"].glob("*.xml"))


def _write(folder: Path, name: str, raw: bytes) -> None:
    part = folder / f"{name}.part"
    part.write_bytes(raw)
    os.replace(part, folder / name)
