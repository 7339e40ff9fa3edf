"""The way in: fetched and stored as it came, then taken in one message at a time, each in a transaction of its own."""

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from django.db import DatabaseError, InterfaceError, OperationalError, transaction

from access import gate
from messaging.domain.retry import MOST_FAILURES, POISON_ATTEMPTS, next_wait
from messaging.services.intake import Opened, work_out
from messaging.services.runtime import LEASE_SECONDS, Engine
from messaging.transport import Arrival, TransportFault

log = logging.getLogger(__name__)
BATCH = 20


def messages_fetch(engine: Engine, *, most: int = 500) -> int:
    """Stores what waits at the transports, and confirms it there when all of it is on disk here. Returns how many were new."""
    stored = 0
    for name, transport in engine.transports.items():
        taken: list[Arrival] = []
        try:
            for arrival in transport.fetch(most):
                stored += _store(engine, name, arrival) is not None
                taken.append(replace(arrival, raw=b""))
                if engine.stop.is_set():
                    break
            if taken:
                with transaction.atomic():
                    gate.call("messages_durable", engine.secret)
            for arrival in taken:
                transport.confirm(arrival)
        except TransportFault as fault:
            log.warning("%s: %s", name, fault)
    return stored


def _store(engine: Engine, transport: str, arrival: Arrival) -> UUID | None:
    with transaction.atomic():
        return gate.call("message_arrived", engine.secret, arrival.raw, transport, arrival.ref)


def inbox_work(engine: Engine, *, seconds: float = 20.0) -> int:
    """Takes in what is due until there is no more, the time is up, or the worker is to stop. Returns how many were settled."""

    def claim() -> list[UUID]:
        return gate.call("inbox_claim", engine.secret, engine.worker, BATCH, LEASE_SECONDS, POISON_ATTEMPTS)

    return work_through(engine, claim, message_take_in, "inbox_release", seconds)


def work_through(engine: Engine, claim: Callable[[], list[UUID]], act: Callable[[Engine, UUID], bool], release: str, seconds: float) -> int:
    """The loop of every worker. What was taken and not begun is given back, so that another need not wait for the lease to end."""
    done, until = 0, time.monotonic() + seconds
    while not engine.stop.is_set() and time.monotonic() < until:
        with transaction.atomic():
            batch = claim()
        if not batch:
            break
        for place, one in enumerate(batch):
            if engine.stop.is_set():
                with transaction.atomic():
                    gate.call(release, engine.secret, engine.worker, batch[place:])
                break
            done += act(engine, one)
    return done


def message_take_in(engine: Engine, message: UUID) -> bool:
    """Settles one message that this worker has taken. True when it was settled.

    A fault of the database is the caller's: then nothing is certain but what the rows say, and the lease runs out.
    """
    failures = 0
    try:
        with transaction.atomic():
            found = gate.rows("inbox_open", engine.secret, message, engine.worker)
            if not found:
                return False
            row = found[0]
            failures = row["failures"]
            opened = Opened(message, row["raw"], row["received_at"], row["at"], engine.worker, row["decided_patient"], row["decided_refusal"])
            settlement = work_out(opened, engine.rules)
            settlement.send()
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        log.exception("message %s could not be taken in", message)
        _failed(engine, message, error, failures)
        return False
    return True


def _failed(engine: Engine, message: UUID, error: Exception, failures: int) -> None:
    """Only the kind of fault is kept: its words may hold what the message says."""
    said = type(error).__name__ if not isinstance(error, DatabaseError) else f"{type(error).__name__} {getattr(error.__cause__, 'sqlstate', '')}"
    wait = next_wait(failures + 1, engine.chance).total_seconds()
    with transaction.atomic():
        gate.call("inbox_failed", engine.secret, message, engine.worker, said, wait, MOST_FAILURES)
