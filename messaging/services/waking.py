"""Tells the workers at once that there is work. The rows remain the truth: a call that is lost is made up for by beat within ten seconds."""

import logging
import threading
from functools import cache

from celery import Celery
from django.conf import settings
from django.db import transaction

log = logging.getLogger(__name__)
TASKS = {"inbox": "messaging.tasks.work_inbox", "outbox": "messaging.tasks.work_outbox"}
STALE = 30  # seconds after which a worker lets a call lie


@cache
def producer() -> Celery:
    """Sends and nothing else: a process that serves people need not know the tasks."""
    app = Celery(broker=settings.REDIS_URL, set_as_current=False)
    app.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    return app


class Caller:
    """One thread at most, so that a broker that does not answer keeps neither the request nor more than one thread waiting."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wanted: set[str] = set()
        self._under_way = False

    def tell(self, task: str) -> None:
        """Returns at once."""
        with self._lock:
            self._wanted.add(task)
            if self._under_way:
                return
            self._under_way = True
        threading.Thread(target=self._call, name="wake", daemon=True).start()

    def _call(self) -> None:
        while True:
            with self._lock:
                if not self._wanted:
                    self._under_way = False
                    return
                task = self._wanted.pop()
            try:
                producer().send_task(TASKS[task], queue="messages", expires=STALE, retry=False)
            except Exception as error:  # whatever it is, the request is over and beat will find the row
                log.warning("the workers could not be woken (%s); they find the message by themselves", type(error).__name__)


CALLER = Caller()


def wake_at_commit(task: str) -> None:
    """``task``: inbox or outbox. Nothing happens when the transaction is rolled back, or where there is no broker."""
    if settings.REDIS_URL:
        transaction.on_commit(lambda: CALLER.tell(task), robust=True)
