"""What sets the engine going. The tasks carry nothing: what is to be done stands in the rows, so one that is lost or runs twice harms nothing."""

from typing import Any

from celery import shared_task
from celery.signals import worker_process_shutdown, worker_ready, worker_shutting_down

from messaging.services import alarms, heartbeat, outbox, rounds
from messaging.services.runtime import STOP, engine_of


@worker_shutting_down.connect
@worker_process_shutdown.connect
def stop_working(**_: Any) -> None:
    """The message at hand is finished; what was taken beside it is given back."""
    STOP.set()


@worker_ready.connect
def show_life(**_: Any) -> None:
    """Told beside the tasks, so that a worker that lives is told from a broker that is gone."""
    engine = engine_of()
    if engine:
        heartbeat.keep(engine)
        alarms.keep(engine.stop)


@shared_task
def work_messages() -> int:
    """Fetches, takes in and sends for some seconds. Returns how many were settled and sent."""
    engine = engine_of()
    done = rounds.work(engine) if engine else 0
    if done and not STOP.is_set():
        # There is much to do: on at once, with as many processes as there are. With the broker gone, beat does it.
        work_messages.apply_async(expires=rounds.SECONDS, retry=False)
    return done


@shared_task
def follow_messages() -> dict[str, int]:
    """Asks what became of what is under way, and finds receipts that are missing."""
    engine = engine_of()
    return {"settled": outbox.outbox_ask(engine), "missing": outbox.messages_sweep(engine)} if engine else {}


@shared_task
def watch_messages() -> int:
    """Tells whoever is to know of what is wrong, also when it is the message workers that are gone. Returns how many were told."""
    return alarms.round_once()


@shared_task
def write_reports() -> int:
    """The figures of the days that are over. Returns how many were written."""
    return alarms.reports_write()
