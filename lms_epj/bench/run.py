"""One run: every scenario one at a time, eight at a time, and in process."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.conf import settings
from django.db import connections

from lms_epj.bench.client import Browser
from lms_epj.bench.inside import costs
from lms_epj.bench.report import Result, Times, section, table, write
from lms_epj.bench.scenarios import HOME, SCENARIOS, Scenario, World
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
        results.append(_result(address, scenario, world, requests))
        say("  ".join(results[-1].cells()))
    print(f"\n{size}\n{table(results)}\n\n{_kinds(results)}", flush=True)
    if out:
        write(out, size, section(size, results, requests, server, load))


def _result(address: str, scenario: Scenario, world: World, requests: int) -> Result:
    alone = _visit(address, scenario, world, requests)
    with ThreadPoolExecutor(EIGHT) as pool:
        many = pool.map(lambda _: _visit(address, scenario, world, max(5, requests // EIGHT)), range(EIGHT))
        eight = [ms for samples in many for ms in samples]
    return Result(scenario, Times.of(alone), Times.of(eight), costs(scenario, world, max(20, requests // 4)))


def _visit(address: str, scenario: Scenario, world: World, requests: int) -> list[float]:
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
