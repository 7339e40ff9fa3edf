"""The same requests in this process, where the statements can be counted and the gate's part of the time taken."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.test import Client

from access import gate
from access.domain.facts import Facts
from lms_epj.bench.client import DEVICE, Answer, UnexpectedAnswer
from lms_epj.bench.scenarios import Scenario, World
from lms_epj.demo.load.logins import PASSWORD

DECIDING = frozenset({"facts", "enter", "disclose", "leave"})
_GATE = re.compile(r"gate\.(\w+)\(")


class Inside:
    """A visitor through Django's test client: the whole stack of middleware, no network."""

    def __init__(self) -> None:
        self.client = Client(headers={"User-Agent": DEVICE})

    def log_in(self, username: str) -> None:
        answer = self.client.post("/logg-inn/", {"username": username, "password": PASSWORD})
        if answer.status_code != 302:
            raise UnexpectedAnswer(f"log-in of {username}: {answer.status_code}")

    def get(self, path: str) -> Answer:
        return self._answer(lambda: self.client.get(path))

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        return self._answer(lambda: self.client.post(path, fields))

    def expect(self, answer: Answer, status: int = 200) -> Answer:
        if answer.status != status:
            raise UnexpectedAnswer(f"{answer.status} instead of {status}")
        return answer

    @staticmethod
    def _answer(send: Callable[[], Any]) -> Answer:
        started = perf_counter()
        response = send()
        return Answer(response.status_code, response.content.decode(), (perf_counter() - started) * 1000, response.headers.get("Location", ""))


@dataclass
class Cost:
    """Of one request, times in ms. ``deciding``: facts, ``decide()``, log rows and grant; ``commit`` apart, for a write needs it anyway."""

    queries: int = 0
    whole: float = 0
    database: float = 0
    deciding: float = 0
    commit: float = 0
    by_kind: Counter[str] = field(default_factory=Counter)


class Meter:
    """Counts and times statements. Nested timings of the gate are counted once."""

    def __init__(self) -> None:
        self.cost = Cost()
        self._depth = 0

    def statement(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        text = str(sql)
        called = _GATE.search(text)
        kind = f"gate.{called.group(1)}" if called else text.split(None, 1)[0].lower()
        started = perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            spent = (perf_counter() - started) * 1000
            self.cost.queries += 1
            self.cost.database += spent
            self.cost.by_kind[kind] += spent  # type: ignore[assignment]

    def timed(self, function: Callable[..., Any], only: frozenset[str] | None = None) -> Callable[..., Any]:
        def run(*args: Any, **kwargs: Any) -> Any:
            if self._depth or (only is not None and args[0] not in only):
                return function(*args, **kwargs)
            self._depth += 1
            started = perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                self._depth -= 1
                self.cost.deciding += (perf_counter() - started) * 1000

        return run

    def committed(self, commit: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            started = perf_counter()
            commit()
            self.cost.commit += (perf_counter() - started) * 1000

        return run


@contextmanager
def metered() -> Iterator[Meter]:
    """Every request inside is measured."""
    meter = Meter()
    from_json = Facts.from_json
    with (
        connection.execute_wrapper(meter.statement),
        patch.object(connection, "_commit", meter.committed(connection._commit)),  # type: ignore[attr-defined]
        patch.object(gate, "call", meter.timed(gate.call, DECIDING)),
        patch.object(gate, "decide_patient", meter.timed(gate.decide_patient)),
        patch.object(Facts, "from_json", meter.timed(from_json)),
    ):
        yield meter


def costs(scenario: Scenario, world: World, requests: int) -> dict[str, Any]:
    """Median cost of a scenario: queries, ms in all, in the database, for deciding and logging, for COMMIT, and by kind of statement."""
    visitor = Inside()
    visitor.log_in(scenario.username)
    act = scenario.prepare(visitor, world)
    found: list[Cost] = []
    with metered() as meter:
        for number in range(requests + 3):
            meter.cost = Cost()
            started = perf_counter()
            act(visitor)
            meter.cost.whole = (perf_counter() - started) * 1000
            if number >= 3:
                found.append(meter.cost)
    kinds = {kind for cost in found for kind in cost.by_kind}
    return {
        "queries": max(cost.queries for cost in found),
        **{name: median(getattr(cost, name) for cost in found) for name in ("whole", "database", "deciding", "commit")},
        "by_kind": {kind: median(cost.by_kind[kind] for cost in found) for kind in kinds},
    }
