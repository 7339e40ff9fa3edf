"""What somebody must be told of, whom it was told, and each day's figures. No patient, and no word of what is written."""

from django.db import models
from django.db.models import Q

from access.models import User
from access.models.base import Identified
from lms_epj.core.choices import TextChoices


class Incident(Identified):
    """Something is wrong with the exchange, from when it was seen until it has been gone for a while.

    ``kind``: messaging.domain.alarms. ``about``: the address or the unit it concerns, or empty; ``label`` is its name. ``since``: the oldest of what
    it counts. Acknowledged by whoever takes it in hand, which stops the handing on.
    """

    kind = models.CharField(max_length=24)
    about = models.TextField(blank=True)
    label = models.TextField(blank=True)
    count = models.IntegerField()
    since = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    remark = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "about"], condition=Q(closed_at=None), name="incident_one_open")]
        indexes = [models.Index(fields=["opened_at"])]


class Notice(Identified):
    """One telling of one incident to one address. ``step`` 1: the meldingsansvarlig; 2: on-call, when nobody has acknowledged it."""

    class State(TextChoices):
        WAITING = "waiting", "Venter"
        SENT = "sent", "Sendt"
        DEAD = "dead", "Gitt opp"

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="notices")
    step = models.SmallIntegerField()
    channel = models.CharField(max_length=8)
    address = models.TextField()
    state = models.CharField(max_length=8, choices=State)
    due_at = models.DateTimeField()
    failures = models.IntegerField(default=0)
    last_error = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "step", "channel", "address"], name="notice_once")]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="waiting"), name="notice_waiting")]


class DailyReport(models.Model):
    """One day's figures, as they stood when it was made. ``rows``: see `gate.report_rows`."""

    day = models.DateField(primary_key=True)
    made_at = models.DateTimeField()
    rows = models.JSONField()
