"""One run: every scenario one at a time, eight at a time, and in process."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from time import perf_counter

from django.conf import settings
from django.db import connections

from lms_epj.bench.client import Browser
from lms_epj.bench.inside import costs
from lms_epj.bench.report import Result, Times, section, table, write
from lms_epj.bench.scenarios import HOME, SCENARIOS, Scenario, World
from lms_epj.core.clock import now, oslo_date
from lms_epj.demo.load.logins import PASSWORD
from lms_epj.embedded.demo import say

EIGHT = 8
WARM_UP = 5
LOG_IN = Scenario("login", "Log-in", "", lambda _visitor, _world: lambda visitor: visitor.get("/logg-inn/"))
_LONGEST = """
SELECT n.patient_id FROM journal_note n JOIN access_decidedmeasure m ON m.patient_id = n.patient_id
JOIN access_accessauthorisation a ON a.unit_id = m.unit_id JOIN access_user u ON u.id = a.user_id
WHERE u.username = %s AND m.ends_at IS NULL GROUP BY 1 ORDER BY count(DISTINCT n.id) DESC LIMIT 1
"""


def measure(address: str, size: str, requests: int, out: Path | None) -> None:
    """Prints the table, and writes the section of ``size`` to ``out``."""
    load = os.getloadavg()[0]
    with connections[settings.DATABASE_OWNER_ALIAS].cursor() as cursor:
        cursor.execute(_LONGEST, [HOME])
        world = World(str(cursor.fetchone()[0]))
        cursor.execute("SHOW server_version")
        server = cursor.fetchone()[0].split(" ")[0]
    results = [_log_ins(address, requests)]
    for scenario in SCENARIOS:
        results.append(_result(address, scenario, world, max(10, requests // 10) if scenario.seldom else requests))
        say("  ".join(results[-1].cells()))
    review = _review_of_a_month()
    print(f"\n{size}\n{table(results)}\n\n{review}\n\n{_kinds(results)}", flush=True)
    if out:
        write(out, size, section(size, results, requests, server, load, review))


def _review_of_a_month() -> str:
    """How long the statistical review of the log takes for the thirty days up to yesterday, in a sentence. A command, as at night: the web's
    statements may not last so long."""
    yesterday = oslo_date(now()) - timedelta(days=1)
    days = [f"{day:%d.%m.%Y}" for day in (yesterday - timedelta(days=29), yesterday)]
    command = [sys.executable, "manage.py", "review_log", "--from", days[0], "--to", days[1]]
    started = perf_counter()
    told = subprocess.run(command, env=os.environ | {"EPJ_PROCESS": "manage"}, stdout=subprocess.PIPE, text=True, check=True).stdout
    return f"Statistical review of the log, {days[0]}–{days[1]}: {perf_counter() - started:.0f} s. {told.strip()}"


def _result(address: str, scenario: Scenario, world: World, requests: int) -> Result:
    alone = visit(address, scenario, world, requests)
    with ThreadPoolExecutor(EIGHT) as pool:
        many = pool.map(lambda _: visit(address, scenario, world, max(5, requests // EIGHT)), range(EIGHT))
        eight = [ms for samples in many for ms in samples]
    return Result(scenario, Times.of(alone), Times.of(eight), costs(scenario, world, 5 if scenario.seldom else max(20, requests // 4)))


def visit(address: str, scenario: Scenario, world: World, requests: int) -> list[float]:
    visitor = Browser(address)
    visitor.log_in(scenario.username, PASSWORD)
    act = scenario.prepare(visitor, world)
    for _ in range(WARM_UP):
        act(visitor)
    return [act(visitor).ms for _ in range(requests)]


def _log_ins(address: str, requests: int) -> Result:
    """The post of the form alone, a new session each time."""

    def samples(count: int) -> list[float]:
        return [Browser(address).log_in(HOME, PASSWORD).ms for _ in range(count)]

    few = max(5, requests // 5)
    samples(WARM_UP)
    with ThreadPoolExecutor(EIGHT) as pool:
        eight = [ms for part in pool.map(lambda _: samples(max(3, few // EIGHT)), range(EIGHT)) for ms in part]
    return Result(LOG_IN, Times.of(samples(few)), Times.of(eight), {})


def _kinds(results: list[Result]) -> str:
    """Where a request's time goes, by kind of statement; the rest is Python."""
    lines = []
    for result in results:
        if not result.costs:
            continue
        c = result.costs
        kinds = sorted(c["by_kind"].items(), key=lambda item: -item[1])
        parts = ", ".join(f"{kind} {ms:.1f}" for kind, ms in kinds if ms >= 0.05)
        python = c["whole"] - c["database"] - c["commit"]
        lines.append(f"{result.scenario.name}: {c['whole']:.1f} ms = Python {python:.1f}, commit {c['commit']:.1f}, {parts}")
    return "\n".join(lines)
