"""Celery carries ids only; the row in the outbox is the truth, so a task lost or run twice harms nothing."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms_epj.settings")

app = Celery("lms_epj")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
