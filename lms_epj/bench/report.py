"""Figures as text: a table for the terminal and a section of docs/benchmarks.md."""

import os
import platform
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lms_epj.bench.scenarios import Scenario
from lms_epj.core.clock import now, to_oslo

HEAD = """# Benchmarks

Figures of `python3 manage.py bench`, which makes this page anew. Nothing is asserted: a figure is a fact about one machine on one day.

**Method.** PostgreSQL with fsync on and a web server of two processes run as `manage.py demo` starts them; the client runs on the same
machine and takes its share of it. Every request is decided and logged as in daily use, and its answer is read to the last byte. First each
request one at a time, then the same from eight persons at once. Queries and the shares are counted in process, through the same
middleware: *deciding and logging* is reading the facts, `decide()`, the grant, the log rows before and after, and for a page also the
COMMIT, which is there for the log alone; a write needs its COMMIT anyway. What row security costs inside a query is part of that query.
`ward` is the demo's data (600 courses); `follo` has 28 600 courses among 100 000 persons, 5 600 users, 2.5 million clinical rows (and a
version for each of 1.2 million notes), 10 million rows of log, and one record of 20 000 entries. «The longest record» is that one, and at size `ward` one of ordinary length,
whose last page stands for page 20. The line above each table tells how busy the machine was: on a busy one every figure grows.

**To compare with:** an open record system, on a like machine with 100 000 patients and 2.5 million rows, which logs no reads.

| Act | median ms | p95 ms | queries |
|---|--:|--:|--:|
| Open a patient | 89 | 255 | 30 |
| A page of notes | 135 | 205 | 87 |
| Patient list | 832 | 1054 | 312 |
| Name search | 481 | 623 | 203 |
| Create a note | 46 | 168 | 26 |
"""


@dataclass(frozen=True)
class Times:
    """Of one scenario, in ms."""

    median: float
    p95: float

    @classmethod
    def of(cls, samples: list[float]) -> "Times":
        ordered = sorted(samples)
        return cls(ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))])


@dataclass(frozen=True)
class Result:
    """``costs`` is empty for what is not measured in process."""

    scenario: Scenario
    alone: Times
    eight: Times
    costs: dict[str, Any]

    def cells(self) -> list[str]:
        limit = f"{self.scenario.limit[0]} / {self.scenario.limit[1]}" if self.scenario.limit else "–"
        inside = ["–"] * 3
        if c := self.costs:
            queries = f"{c['queries']}" + (f" (≤ {self.scenario.queries})" if self.scenario.queries else "")
            deciding = c["deciding"] + (0 if self.scenario.writes else c["commit"])
            inside = [queries, f"{deciding:.1f}", f"{100 * deciding / c['whole']:.0f} %"]
        return [
            self.scenario.name, f"{self.alone.median:.1f} / {self.alone.p95:.1f}", limit,
            f"{self.eight.median:.1f} / {self.eight.p95:.1f}", *inside,
        ]  # fmt: skip


COLUMNS = ("Act", "one at a time, ms", "limit", "eight at a time, ms", "queries", "deciding and logging, ms", "share")


def table(results: list[Result]) -> str:
    """Markdown, aligned so that a terminal shows it as well. Times are median / p95."""
    rows = [list(COLUMNS), *(result.cells() for result in results)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(COLUMNS))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def machine() -> str:
    """Cores, memory and versions; no names."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GiB of memory, {platform.system()}, Python {platform.python_version()}"


def section(size: str, results: list[Result], requests: int, server: str, load: float, review: str) -> str:
    """One size's figures. ``load``: the machine's before it began, so that a reader sees whether it was calm. ``review``: a sentence."""
    return f"""## Size `{size}`

{to_oslo(now()):%d.%m.%Y}, {machine()}, PostgreSQL {server}. {requests} requests of each kind; load of the machine before: {load:.1f}.
Times are median / p95.

{table(results)}

{review}
"""


def write(path: Path, size: str, text: str) -> None:
    """Puts the section of a size in its place and leaves the others."""
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    sections = dict(re.findall(r"^(## Size `(?:\w+)`)\n(.*?)(?=^## |\Z)", old, re.MULTILINE | re.DOTALL))
    title, body = text.split("\n", 1)
    sections[title] = body
    later = "".join(re.findall(r"^## (?!Size `).*?(?=^## Size|\Z)", old, re.MULTILINE | re.DOTALL))
    ordered = [f"{name}\n{body.strip()}\n" for name, body in sorted(sections.items(), reverse=True)]
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join([HEAD, *ordered, later]).rstrip() + "\n", encoding="utf-8")
