"""What wakes the work. The tasks carry nothing: what is to be done stands in the rows, so one that is lost or runs twice harms nothing."""

from typing import Any

from celery import shared_task
from celery.signals import celeryd_after_setup, worker_shutting_down

from lms_epj.core.clock import now
from ops.services import health, paging
from ops.services.plan import plans_extend


@celeryd_after_setup.connect
def keep_sending(**_: Any) -> None:
    """Beside the tasks, and before the broker is looked for: pages go out while it is gone."""
    paging.keep(paging.STOP)


@worker_shutting_down.connect
def stop_sending(**_: Any) -> None:
    paging.STOP.set()


@shared_task
def send_pages() -> int:
    """Tells whoever is to know. Returns how many messages left."""
    return paging.due_send()


@shared_task
def check_health() -> bool:
    """Whether the record answers."""
    return health.health_check()


@shared_task
def extend_plans() -> int:
    """Every plan goes on by its own rules. Returns how many did."""
    return plans_extend(now())
