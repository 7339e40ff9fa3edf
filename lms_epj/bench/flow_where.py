"""Where the time of one message goes, from the file to the receipt handed over: one process, nothing beside it."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from time import perf_counter, process_time
from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.db import connection, connections, transaction

from lms_epj.bench.inside import Meter
from lms_epj.bench.storm_partner import put
from messaging.formats.write import write
from messaging.services import inbox, intake, outbox
from messaging.services.runtime import engine_of
from messaging.transport.files import FileDrop

# What is timed in Python, by name.
TIMED: tuple[tuple[Any, str, str], ...] = (
    (intake, "read", "decode and check"), (intake, "judge", "judge"), (intake, "match", "match"), (intake, "write", "write the receipt"),
    (FileDrop, "send", "put the file out"),
)  # fmt: skip
LOG = ("write", "log_row", "message_log")
FUNCTIONS = "SELECT funcname, sum(total_time), sum(self_time) FROM pg_stat_user_functions WHERE schemaname IN ('gate', 'auditlog') GROUP BY 1"


def where(ground: Any, count: int) -> dict[str, Any]:
    """ms a message by kind of work, and processor time of both sides. The first tenth warms up and is not counted."""
    engine = engine_of()
    if engine is None:
        raise RuntimeError("a token of the message service is needed")
    meter, spent = Meter(), dict.fromkeys((name for _, _, name in TIMED), 0.0)

    def through(some: int) -> None:
        for place in range(some):
            put(ground.folder / "in", write(ground.letter(place)[1]))
        while inbox.messages_fetch(engine):
            pass
        inbox.inbox_work(engine, seconds=3600)
        outbox.outbox_work(engine, seconds=3600)

    through(count // 10)
    # Plans made while the tables were empty are not those of a hospital.
    with connections[settings.DATABASE_OWNER_ALIAS].cursor() as owner:
        owner.execute("ANALYZE")
    connection.close()
    through(count // 10)
    for place in range(count):
        put(ground.folder / "in", write(ground.letter(place)[1]))
    before, ours, theirs, began = _functions(), process_time(), _server(), perf_counter()
    commit = meter.committed(connection._commit)  # type: ignore[attr-defined]
    with connection.execute_wrapper(meter.statement), patch.object(connection, "_commit", commit), timed(spent):
        while inbox.messages_fetch(engine):
            pass
        inbox.inbox_work(engine, seconds=3600)
        outbox.outbox_work(engine, seconds=3600)
    whole, processor, server = perf_counter() - began, process_time() - ours, _server() - theirs
    after = _functions()
    inside = {name: (after[name][0] - before.get(name, (0, 0))[0], after[name][1] - before.get(name, (0, 0))[1]) for name in after}
    return {
        "count": count, "whole": 1000 * whole / count, "python": 1000 * processor / count, "server": 1000 * server / count,
        "statements": meter.cost.queries / count, "commit": meter.cost.commit / count,
        "parts": {name: value / count for name, value in spent.items()},
        "calls": {name: value / count for name, value in meter.cost.by_kind.items()},
        "log": sum(inside[name][1] for name in LOG if name in inside) / count,
        "inside": {name: total / count for name, (total, _) in inside.items()},
    }  # fmt: skip


@contextmanager
def timed(spent: dict[str, float]) -> Iterator[None]:
    """Adds up ms spent in each of `TIMED`."""

    def around(function: Callable[..., Any], name: str) -> Callable[..., Any]:
        def run(*args: Any, **kwargs: Any) -> Any:
            started = perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                spent[name] += 1000 * (perf_counter() - started)

        return run

    with ExitStack() as stack:
        for owner, attribute, name in TIMED:
            stack.enter_context(patch.object(owner, attribute, around(getattr(owner, attribute), name)))
        yield


def _server() -> float:
    """Processor seconds of the process of PostgreSQL that serves us."""
    connection.ensure_connection()
    with open(f"/proc/{connection.connection.info.backend_pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _functions() -> dict[str, tuple[float, float]]:
    with transaction.atomic(), connection.cursor() as cursor:
        # What this connection has not told yet is told after a second without work.
        cursor.execute("SELECT pg_stat_force_next_flush()")
    with connections[settings.DATABASE_OWNER_ALIAS].cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(FUNCTIONS)
        return {name: (total, own) for name, total, own in cursor.fetchall()}
