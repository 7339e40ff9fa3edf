"""What the worker does for the control of access. All may be run again, or twice at once, without harm."""

from datetime import timedelta

from celery import shared_task
from django.db import transaction

from access.gate import call
from access.services.reviews import cases_sweep, day_score
from lms_epj.core.clock import now, oslo_date

# A look-up counts as uncharted only when the time for charting is over, so the last days are gone through again.
DAYS_BACK = 3


@shared_task
def open_reapprovals() -> int:
    """Asks the leaders whose units have not been gone through for so long. Returns how many were asked; run twice it asks once."""
    with transaction.atomic():
        return call("reapprovals_open")


@shared_task
def review_log() -> int:
    """The statistical review of the last days, the oldest first. Returns how many findings stand."""
    today = oslo_date(now())
    return sum(day_score(today - timedelta(days=back))["findings"] for back in range(DAYS_BACK, 0, -1))


@shared_task
def keep_deadlines() -> dict[str, int]:
    """Arrivals in vain and passed deadlines of the custodian's queue."""
    return cases_sweep()
