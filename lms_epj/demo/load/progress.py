"""A progress bar in plain text on stderr."""

import sys
from time import perf_counter
from typing import TextIO

WIDTH = 30


class Progress:
    """One line that is drawn anew on a terminal; elsewhere (a file, a log) one line per ten percent."""

    def __init__(self, total: int, out: TextIO = sys.stderr) -> None:
        self.total, self.out = total, out
        self.done, self.step, self.text = 0, -1, ""
        self.started = self.drawn = perf_counter()
        self.terminal = out.isatty()

    def say(self, text: str) -> None:
        """What is being done now."""
        changed, self.text = text != self.text, text
        if changed:
            self._draw(force=True)

    def add(self, rows: int) -> None:
        self.done += rows
        self._draw()

    def finish(self) -> None:
        self.text = "done"
        self._draw(force=True)
        if self.terminal:
            self.out.write("\n")

    def _draw(self, *, force: bool = False) -> None:
        now = perf_counter()
        percent = min(100, 100 * self.done // self.total)
        if self.terminal:
            if not force and now - self.drawn < 0.2:
                return
        elif not force and percent // 10 == self.step:
            return
        self.step, self.drawn = percent // 10, now
        filled = WIDTH * percent // 100
        rate = f"{self.done / max(now - self.started, 0.001):,.0f}".replace(",", " ")
        text = f"  [{'#' * filled}{'.' * (WIDTH - filled)}] {percent:3d} %  {rate} rows/s  {self.text}"
        self.out.write(f"\r{text:<90}" if self.terminal else f"{text}\n")
        self.out.flush()
