"""Two people at the same moment, each in a transaction of their own that is really committed.

The first does the act and holds the transaction open until the second waits for it in the database; so the order is the same in every run.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection, transaction

from access import gate
from access.domain.codes import Action
from tests.conftest import set_role

ROUTE = "at_once"
PATIENCE = 20
Act = Callable[[gate.Gate], Any]


@contextmanager
def as_one(secret: str, patient: UUID) -> Iterator[gate.Gate]:
    """One request that writes, as the role that serves."""
    with transaction.atomic():
        set_role("epj_app")
        request = gate.Request(action="write", route=ROUTE)
        with gate.enter(secret, request, patient=patient, action=Action.WRITE) as opened:
            yield opened


def committed(secret: str, patient: UUID, act: Act) -> Any:
    """The act, done and committed."""
    return _in_thread(lambda: _run(secret, patient, act))


def at_once(patient: UUID, first: tuple[str, Act], second: tuple[str, Act], waiting: Callable[[], bool]) -> tuple[Any, Any]:
    """What each got: the act's result, or the exception it raised. ``waiting``: whether the second waits for a lock by now."""
    done, release, answers = threading.Event(), threading.Event(), {}

    def holding(opened: gate.Gate) -> Any:
        result = first[1](opened)
        done.set()
        assert release.wait(PATIENCE)
        return result

    def one() -> None:
        try:
            answers["first"] = _closing(lambda: _run(first[0], patient, holding))
        finally:
            done.set()

    def other() -> None:
        assert done.wait(PATIENCE)
        answers["second"] = _closing(lambda: _run(second[0], patient, second[1]))

    threads = [threading.Thread(target=one), threading.Thread(target=other)]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + PATIENCE
    while not waiting() and threads[1].is_alive() and time.monotonic() < deadline:
        time.sleep(0.02)
    release.set()
    for thread in threads:
        thread.join(PATIENCE)
    return answers["first"], answers["second"]


def _run(secret: str, patient: UUID, act: Act) -> Any:
    with as_one(secret, patient) as opened:
        return act(opened)


def _closing(act: Callable[[], Any]) -> Any:
    try:
        return act()
    except Exception as error:
        return error
    finally:
        connection.close()


def _in_thread(act: Callable[[], Any]) -> Any:
    answers: list[Any] = []
    thread = threading.Thread(target=lambda: answers.append(_closing(act)))
    thread.start()
    thread.join(PATIENCE)
    if isinstance(answers[0], Exception):
        raise answers[0]
    return answers[0]


def somebody_waits(owner: psycopg.Connection) -> bool:
    """Whether a connection of this database waits for another's lock."""
    found = owner.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0"
    ).fetchone()
    return bool(found and found[0])


def take_away(owner: psycopg.Connection, tables: tuple[str, ...], patient: UUID, since: Any) -> None:
    """Removes what was committed, and its lines in the log."""
    for table in tables:
        owner.execute(f"DELETE FROM {table} WHERE patient_id = %s AND recorded_at >= %s", [patient, since])
    owner.execute("DELETE FROM auditlog_entry WHERE route = %s", [ROUTE])
    owner.commit()
