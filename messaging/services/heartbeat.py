"""Signs of life for the one who watches: from each worker by itself, and from each round of tasks."""

import logging
import threading

from django.db import DatabaseError, connection, transaction

from access.gate import call
from messaging.services.runtime import Engine

log = logging.getLogger(__name__)
WORKER, TASKS = "worker", "tasks"
EVERY = 15.0  # seconds


def alive(engine: Engine, kind: str) -> None:
    """The worker's own sign, or that a task of beat's has come through the broker."""
    with transaction.atomic():
        call("messages_alive", engine.secret, kind, engine.worker if kind == WORKER else TASKS)


def keep(engine: Engine) -> None:
    """Shows that this worker lives until it stops, whatever becomes of the broker. Returns at once."""
    threading.Thread(target=_beat, args=(engine,), name="heartbeat", daemon=True).start()


def _beat(engine: Engine) -> None:
    while not engine.stop.is_set():
        try:
            alive(engine, WORKER)
        except DatabaseError:
            log.warning("the sign of life could not be written")
            connection.close()
        engine.stop.wait(EVERY)
    connection.close()
