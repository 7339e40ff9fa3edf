"""How long the page of a year of the demo's rosters takes: `python -m tests.ops.year` with DATABASE_URL of a demo as the application sees it.

Medians and worst of eleven, in ms: the resolver over the year's rules (as a preview does), then the page /vakt/ar/ as a browser asks for it – session, gate,
queries, drawing, log – in this process, without the network. The sum is what «resolves and renders» takes.
"""

import statistics
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import django

USER = "tilgang.admin"


Took = list[tuple[float, float]]  # ms by the clock, and of this process alone


def timed(work: Callable[[], Any], times: int = 11) -> tuple[Any, Took]:
    """One run to warm up, then ``times``."""
    took, found = [], work()
    for _ in range(times):
        began, worked = time.perf_counter(), time.process_time()
        found = work()
        took.append(((time.perf_counter() - began) * 1000, (time.process_time() - worked) * 1000))
    return found, took


def told(took: Took) -> str:
    clock, own = zip(*took, strict=True)
    return f"{statistics.median(clock):.0f} (worst {max(clock):.0f}, of it this process {statistics.median(own):.0f})"


def logged_in() -> Any:
    """A browser of a person who keeps rosters, by the log-in page of the demo."""
    from django.test import Client

    client = Client(HTTP_ACCEPT="text/html", HTTP_HOST="localhost")
    client.get("/logg-inn/")
    client.post("/logg-inn/", {"username": USER, "password": "demo"})
    return client


def main() -> None:
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    from access import gate
    from access.middleware import SESSION_COOKIE
    from lms_epj.core.clock import now
    from lms_epj.core.formatting import oslo
    from ops.domain.resolver import deal, resolve
    from ops.models import Rotation
    from ops.selectors.lines import calendar_of, rosters
    from ops.services.plan import rule_of
    from ops.views.common import midnight

    year = oslo(now()).year + 1  # the demo's plan reaches its end
    begins, ends = midnight(date(year, 1, 1)), midnight(date(year + 1, 1, 1))
    client = logged_in()
    with transaction.atomic(), gate.enter(client.cookies[SESSION_COOKIE].value, gate.Request("search", "duty_year")):
        among = rosters()
        rules = {roster: [rule_of(row) for row in Rotation.objects.filter(roster=roster, retired_at=None)] for roster in among}

    def resolved() -> int:
        deal.cache_clear()
        return sum(len(line) for roster in among for line in resolve(rules[roster], [], calendar_of(roster), begins, ends).values())

    def page() -> Any:
        answer = client.get(f"/vakt/ar/?ar={year}")
        assert answer.status_code == 200, answer.status_code
        return answer

    segments, resolving = timed(resolved)
    answer, drawing = timed(page)
    with CaptureQueriesContext(connection) as asked:
        page()
    both = [(one[0] + other[0], one[1] + other[1]) for one, other in zip(resolving, drawing, strict=True)]
    print(
        f"{len(among)} rosters, {segments} shifts in {year}: resolved {told(resolving)}, page {told(drawing)} ({len(answer.content) // 1000} kB, {len(asked)} queries), together {told(both)}"
    )


if __name__ == "__main__":
    django.setup()
    main()
