"""What stands around the exchange of messages about a patient: their refusal of it, and how long what others knew was lacking."""

from django.db import models
from django.db.models import Q

from access.models import User
from journal.models.base import Entry
from lms_epj.core.choices import TextChoices

from .message import Message


class ExchangeRefusal(Entry):
    """The patient does not want information sent by message. Stops what goes out, whoever sends it, until it is withdrawn (80806)."""

    reason = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["patient"], condition=Q(ended_at=None), name="exchangerefusal_one_in_force")]
        indexes = [models.Index(fields=["patient"])]


class InformationGap(Entry):
    """From a patient's arrival on the ward until what the home municipality knows could be read there. One per stay, kept by the database.

    ``mode``: ``record`` where the municipality charts in the same record, ``message`` where it must be sent (story A and story B).
    ``minutes`` is set when it ends: by the answer that was filed, or without one when the patient left.
    """

    class Mode(TextChoices):
        RECORD = "record", "Felles journal"
        MESSAGE = "message", "Meldinger"

    mode = models.CharField(max_length=7, choices=Mode)
    municipality_number = models.CharField(max_length=4, blank=True)
    started_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True)
    question = models.ForeignKey(Message, models.PROTECT, null=True, blank=True, related_name="+")
    received_at = models.DateTimeField(null=True, blank=True)
    answer = models.ForeignKey(Message, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True, help_text="When the patient left and nothing had come")
    minutes = models.IntegerField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stay"], name="informationgap_one_per_stay")]
        indexes = [models.Index(fields=["patient"]), models.Index(fields=["unit", "started_at"])]
