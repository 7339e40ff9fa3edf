"""A worker at work: fetches, takes in and sends, round after round, so that nothing waits for the broker to be told of it."""

import time

from messaging.services import heartbeat, inbox, outbox
from messaging.services.runtime import Engine

SECONDS = 4.0  # of one task: a worker that is to stop waits no longer for it
AT_ONCE = 100  # fetched in a round
SHARE = 1.0  # seconds in a round that one kind of work may hold up the others
PAUSE = 0.2  # seconds between rounds with nothing to do


def work(engine: Engine, *, seconds: float = SECONDS) -> int:
    """Until the time is up or the worker is to stop. Returns how many were settled and sent."""
    heartbeat.alive(engine, heartbeat.TASKS)
    done, until = 0, time.monotonic() + seconds
    while not engine.stop.is_set() and time.monotonic() < until:
        fetched = inbox.messages_fetch(engine, most=AT_ONCE)
        worked = inbox.inbox_work(engine, seconds=SHARE) + outbox.outbox_work(engine, seconds=SHARE)
        done += worked
        if not fetched + worked:
            engine.stop.wait(PAUSE)
    return done
