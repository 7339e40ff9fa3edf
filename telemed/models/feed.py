"""What leaves the house about a booking: a calendar by secret link, and reminders. Neither says anything about health."""

from django.db import models

from access.models import User
from lms_epj.core.ids import uuid7
from telemed.models.booking import Booking, Participant


class FeedLink(models.Model):
    """A person's calendar link, until it is revoked. The address holds a secret; only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    secret_hash = models.BinaryField(unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user"], condition=models.Q(revoked_at=None), name="feed_one_per_person")]


class Reminder(models.Model):
    """An outbox row: written with the booking, sent by the worker when it is due, once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    booking = models.ForeignKey(Booking, models.PROTECT, related_name="reminders")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    failures = models.SmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=models.Q(sent_at=None), name="reminder_waiting")]
