"""Celery carries ids only; the row in the outbox is the truth, so a task lost or run twice harms nothing."""

import os

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms_epj.settings")

app = Celery("lms_epj")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def check_guard(**_: object) -> None:
    """A worker too refuses to start where the database would not hold."""
    from access.policies.selftest import assert_guarding

    assert_guarding()
