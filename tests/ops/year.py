"""How long a year of the demo's rosters takes: `python -m tests.ops.year` with DATABASE_URL of a demo's owner. Medians of eleven, in ms."""

import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django


def timed(work: Callable[[], Any], times: int = 11) -> tuple[Any, float]:
    took, found = [], work()
    for _ in range(times):
        began = time.perf_counter()
        found = work()
        took.append((time.perf_counter() - began) * 1000)
    return found, statistics.median(took)


def main() -> None:
    from django.template.loader import render_to_string

    from lms_epj.core.clock import now
    from lms_epj.core.formatting import oslo
    from ops.domain.resolver import deal, resolve
    from ops.selectors.lines import begun, calendar_of, lines_between, parties, rosters
    from ops.services.plan import live_rules
    from ops.views.common import midnight
    from ops.views.grid import Grid
    from ops.views.overview import day_heads

    first, moment = oslo(now()).date(), now()
    begins, ends = midnight(first), midnight(first + timedelta(days=365))
    among = rosters()
    rules = {roster: [named.rule for named in live_rules(roster)] for roster in among}

    def resolved() -> int:
        deal.cache_clear()
        return sum(len(line) for roster in among for line in resolve(rules[roster], [], calendar_of(roster), begins, ends).values())

    def drawn() -> int:
        grid = Grid(among, lines, known, first, begins, ends, moment, begun(among))
        return len(render_to_string("ops/grid.html", {"grid": grid, "days": day_heads(first, 365, first), "label": "Et år", "fine": False}))

    segments, resolving = timed(resolved)
    lines, reading = timed(lambda: lines_between(rosters(), begins, ends))
    known = parties()
    size, drawing = timed(drawn)
    print(f"{len(among)} rosters, {segments} shifts: resolved {resolving:.0f}, read {reading:.0f}, drawn {drawing:.0f} ({size // 1000} kB)")


if __name__ == "__main__":
    django.setup()
    main()
