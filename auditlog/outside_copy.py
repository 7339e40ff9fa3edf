"""The copy of the batch records outside the database: one line of JSON each, one file a month, only ever appended to.

It should lie where the database's owner cannot write (another machine, a write-once share). Without it a log whose newest batches are cut
off together with their rows would still hang together.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from auditlog.domain.batch import Batch, from_line


class CopyDamaged(RuntimeError):
    """A whole line of the copy cannot be read. ``file`` and ``line`` say where."""

    def __init__(self, file: Path, line: int) -> None:
        super().__init__(f"{file}:{line}")
        self.file, self.line = file, line


class OutsideCopy:
    """The copy in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def files(self) -> list[Path]:
        return sorted(self.folder.glob("batches-????-??.jsonl"))

    def read(self) -> Iterator[Batch]:
        """All records, oldest first. A last line without its end is being written, or was when the power went: it does not count.

        Raises CopyDamaged.
        """
        for file in self.files():
            yield from _read(file)

    def last(self) -> Batch | None:
        """The newest record; only the newest file is read.

        Raises CopyDamaged.
        """
        for file in reversed(self.files()):
            for batch in reversed(list(_read(file))):
                return batch
        return None

    def append(self, batches: Iterable[Batch]) -> None:
        """Adds records and waits until they are on the disk."""
        for batch in batches:
            file = self.folder / f"batches-{batch.sealed_at:%Y-%m}.jsonl"
            # Never an older file than the newest one, or the order of the files would not be that of the records.
            newest = max([file, *self.files()])
            _cut_half_line(newest)
            with newest.open("ab") as out:
                out.write(batch.as_line().encode("ascii") + b"\n")
                out.flush()
                os.fsync(out.fileno())
        self._sync_folder()

    def make_folder(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def _sync_folder(self) -> None:
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _read(file: Path) -> Iterator[Batch]:
    with file.open(encoding="ascii", errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            if not line.endswith("\n"):
                return
            try:
                yield from_line(line)
            except ValueError as error:
                raise CopyDamaged(file, number) from error


def _cut_half_line(file: Path) -> None:
    if not file.exists():
        return
    with file.open("rb+") as handle:
        content_length = handle.seek(0, os.SEEK_END)
        start = max(0, content_length - 65536)
        handle.seek(start)
        tail = handle.read()
        if tail and not tail.endswith(b"\n"):
            handle.truncate(start + tail.rfind(b"\n") + 1)
