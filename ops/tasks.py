"""What wakes the work. The tasks carry nothing: what is to be done stands in the rows, so one that is lost or runs twice harms nothing."""

import threading
from typing import Any

from celery import shared_task
from celery.signals import worker_ready, worker_shutting_down

from lms_epj.core.clock import now
from ops.services import paging
from ops.services.plan import plans_extend

STOP = threading.Event()


@worker_ready.connect
def keep_sending(**_: Any) -> None:
    """Beside the tasks: pages go out while the broker is gone."""
    paging.keep(STOP)


@worker_shutting_down.connect
def stop_sending(**_: Any) -> None:
    STOP.set()


@shared_task
def send_pages() -> int:
    """Tells whoever is to know. Returns how many steps were told."""
    return paging.pages_send()


@shared_task
def extend_plans() -> int:
    """Every plan goes on by its own rules. Returns how many did."""
    return plans_extend(now())
