"""Prints that are too long to wait for: what was read, until it is set, and the finished sheaves, for a day. No part of the record."""

from django.db import models
from django.db.models import Q

from access.models import AccessAuthorisation, Patient, User
from lms_epj.core.choices import TextChoices
from lms_epj.core.ids import uuid7


class PrintJob(models.Model):
    """One print of one patient, its maker's alone, in the role it was made in.

    ``objects``: {model: [id]} of every entry that is in it. Before it is handed out each is asked for again.
    """

    class State(TextChoices):
        WAITING = "waiting", "Venter"
        RUNNING = "running", "Lages"
        DONE = "done", "Ferdig"
        FAILED = "failed", "Stanset"
        CANCELLED = "cancelled", "Avbrutt"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    authorisation = models.ForeignKey(AccessAuthorisation, models.PROTECT, related_name="+", db_index=False)
    title = models.TextField()
    about = models.TextField(help_text="Receiver and purpose, as they stand on each sheet")
    objects_read = models.JSONField(default=dict)
    entries = models.IntegerField()
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    attempts = models.SmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["patient", "user", "-asked_at"]),
            models.Index(fields=["asked_at"], condition=Q(state__in=["waiting", "running"]), name="printjob_open"),
            models.Index(fields=["expires_at"], name="printjob_expires"),
        ]


class PrintSheaf(models.Model):
    """One file of a print. ``spool`` is what was read, sealed, until ``file``, the sealed PDF, takes its place."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    job = models.ForeignKey(PrintJob, models.CASCADE, related_name="sheaves", db_index=False)
    number = models.SmallIntegerField()
    entries = models.IntegerField()
    spool = models.BinaryField(null=True)
    file = models.BinaryField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "number"], name="printsheaf_once")]
