"""What the worker does for bookings. Found by beat each minute; run twice it harms nothing."""

from celery import shared_task

from telemed.services.reminders import reminders_send


@shared_task
def send_reminders() -> int:
    """Returns how many were due."""
    return reminders_send()
