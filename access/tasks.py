"""What the worker does for the register of authorisations."""

from celery import shared_task
from django.db import transaction

from access.gate import call


@shared_task
def open_reapprovals() -> int:
    """Asks the leaders whose units have not been gone through for so long. Returns how many were asked; run twice it asks once."""
    with transaction.atomic():
        return call("reapprovals_open")
