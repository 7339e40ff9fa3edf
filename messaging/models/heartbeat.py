"""Signs of life of what takes messages in and out."""

from django.db import models


class Heartbeat(models.Model):
    """``worker``: a process that takes messages runs, whatever the broker does. ``tasks``: beat, broker and worker reach each other."""

    name = models.CharField(max_length=80, primary_key=True)
    kind = models.CharField(max_length=8)
    at = models.DateTimeField()
