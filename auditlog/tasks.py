"""What the worker does for the log."""

import logging
from datetime import date

from celery import shared_task
from django.db import DatabaseError, connection, transaction

from lms_epj.core.clock import now

logger = logging.getLogger("auditlog.partitions")
# This month and the three that follow.
MONTHS = 4


@shared_task
def keep_partitions() -> int:
    """Makes the coming months' partitions; alarms when rows have fallen into the default one. Returns how many were made.

    A missing partition must never stop the ward, so rows go to the default partition – but then one for that month cannot
    be made before someone has moved them, and this goes on telling until it is done.
    """
    if default_partition_used():
        logger.error("the access log has rows in its default partition: a month's partition was missing. See docs/auditlog.md.")
    try:
        return ensure_partitions(now().date(), MONTHS)
    except DatabaseError:
        logger.exception("partitions of the access log could not be made. See docs/auditlog.md.")
        raise


def ensure_partitions(first: date, months: int) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT auditlog.ensure_partitions(%s, %s)", [first, months])
        return cursor.fetchone()[0]


def default_partition_used() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT auditlog.default_partition_used()")
        return cursor.fetchone()[0]
