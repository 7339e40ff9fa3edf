"""What wakes the engine. The tasks carry nothing: what is to be done stands in the rows, so one that is lost or runs twice harms nothing."""

from typing import Any

from celery import shared_task
from celery.signals import worker_process_shutdown, worker_ready, worker_shutting_down

from messaging.services import alarms, heartbeat, inbox, outbox
from messaging.services.runtime import STOP, Engine, engine_of


@worker_shutting_down.connect
@worker_process_shutdown.connect
def stop_working(**_: Any) -> None:
    """The message at hand is finished; what was taken beside it is given back."""
    STOP.set()


@worker_ready.connect
def show_life(**_: Any) -> None:
    """Told beside the tasks, so that a worker that lives is told from a broker that is gone."""
    engine = _engine()
    if engine:
        heartbeat.keep(engine)
        alarms.keep(engine.stop)


def wake(task: str) -> None:
    """Tells the workers at once. With the broker gone they find the rows by beat."""
    {"inbox": work_inbox, "outbox": work_outbox}[task].apply_async(expires=30, retry=False)


def _engine() -> Engine | None:
    return engine_of(wake)


@shared_task
def fetch_messages() -> int:
    """Stores what waits at the transports. Returns how many."""
    engine = _engine()
    if engine:
        heartbeat.alive(engine, heartbeat.TASKS)
    return inbox.messages_fetch(engine) if engine else 0


@shared_task
def work_inbox() -> int:
    """Takes in what is due. Returns how many."""
    engine = _engine()
    return inbox.inbox_work(engine) if engine else 0


@shared_task
def work_outbox() -> int:
    """Sends what is due. Returns how many."""
    engine = _engine()
    return outbox.outbox_work(engine) if engine else 0


@shared_task
def follow_messages() -> dict[str, int]:
    """Asks what became of what is under way, and finds receipts that are missing."""
    engine = _engine()
    return {"settled": outbox.outbox_ask(engine), "missing": outbox.messages_sweep(engine)} if engine else {}


@shared_task
def watch_messages() -> int:
    """Tells whoever is to know of what is wrong, also when it is the message workers that are gone. Returns how many were told."""
    return alarms.round_once()


@shared_task
def write_reports() -> int:
    """The figures of the days that are over. Returns how many were written."""
    return alarms.reports_write()
