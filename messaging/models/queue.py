"""The rows that the engine works on. They are the truth: a task that is lost or runs twice changes nothing."""

from django.db import models
from django.db.models import Q

from access.models import Patient, User
from access.models.base import Identified
from lms_epj.core.choices import TextChoices

from .message import Message
from .register import CommunicationParty


class Work(models.Model):
    """Something to be done at a time, by whoever takes it first. ``lease_until`` is how long it is theirs.

    ``attempts`` counts how often it was taken, also by a worker that died with it; ``failures`` those that ended in an error.
    Lower ``priority`` goes first.
    """

    priority = models.SmallIntegerField(default=5)
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    worker = models.TextField(blank=True)
    attempts = models.IntegerField(default=0)
    failures = models.IntegerField(default=0)
    last_error = models.TextField(blank=True)

    class Meta:
        abstract = True


class InboxItem(Work):
    """A message to be taken in. In the tray a person decides whose it is, or that it is refused; then it goes on by itself."""

    class State(TextChoices):
        WAITING = "waiting", "Venter"
        TRAY = "tray", "Manuell kobling"
        DONE = "done", "Ferdig"
        QUARANTINE = "quarantine", "Satt til side"
        CLOSED = "closed", "Fulgt opp"

    message = models.OneToOneField(Message, models.PROTECT, primary_key=True, related_name="inbox")
    state = models.CharField(max_length=10, choices=State)
    tray_reason = models.TextField(blank=True)
    answer_due_at = models.DateTimeField(null=True, blank=True, help_text="96 hours after the message was made")
    decided_patient = models.ForeignKey(Patient, models.PROTECT, null=True, blank=True, related_name="+")
    decided_refusal = models.TextField(blank=True, help_text="Why it is refused, as the sender will read it")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["priority", "due_at"], condition=Q(state="waiting"), name="inbox_waiting"),
            models.Index(fields=["answer_due_at"], condition=Q(state="tray"), name="inbox_tray"),
        ]


class OutboxItem(Identified, Work):
    """One message to one recipient. ``unconfirmed`` when the transport has it and has not said that it arrived."""

    class State(TextChoices):
        WAITING = "waiting", "Venter"
        UNCONFIRMED = "unconfirmed", "Overlevert"
        ACKNOWLEDGED = "acknowledged", "Kommet fram"
        REJECTED = "rejected", "Avvist av nettet"
        HELD = "held", "Holdt tilbake"
        DEAD = "dead", "Gitt opp"
        CLOSED = "closed", "Fulgt opp"

    message = models.ForeignKey(Message, models.PROTECT, related_name="outbox")
    recipient_her = models.CharField(max_length=16)
    party = models.ForeignKey(CommunicationParty, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=12, choices=State)
    transport = models.CharField(max_length=8)
    transport_ref = models.TextField(blank=True)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "recipient_her"], name="outbox_once_per_recipient")]
        indexes = [
            models.Index(fields=["priority", "due_at"], condition=Q(state="waiting"), name="outbox_waiting"),
            models.Index(fields=["due_at"], condition=Q(state="unconfirmed"), name="outbox_unconfirmed"),
        ]


class Attempt(models.Model):
    """What one try came to. Append-only."""

    message = models.ForeignKey(Message, models.PROTECT, related_name="attempts")
    recipient_her = models.CharField(max_length=16, blank=True)
    at = models.DateTimeField()
    worker = models.TextField(blank=True)
    outcome = models.CharField(max_length=12)
    error = models.TextField(blank=True)


class CircuitBreaker(models.Model):
    """Whether a party is given rest after errors in a row, and how many messages it has had in the present minute."""

    party = models.OneToOneField(CommunicationParty, models.CASCADE, primary_key=True, related_name="breaker")
    failures = models.IntegerField(default=0)
    opened_at = models.DateTimeField(null=True, blank=True)
    retry_at = models.DateTimeField(null=True, blank=True, help_text="When one message may try again")
    minute = models.DateTimeField(null=True, blank=True)
    in_minute = models.IntegerField(default=0)
