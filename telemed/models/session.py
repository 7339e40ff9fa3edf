"""What is there while a session is held: guests who come by a link, and what they are shown."""

from django.db import models

from access.models import AccessAuthorisation, User
from journal.models import Entry
from lms_epj.core.ids import uuid7
from telemed.models.booking import Booking, Participant


class Guest(models.Model):
    """The link of one who has no log-in: good for one booking, until it is over. Reached through the gate's functions only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    participant = models.OneToOneField(Participant, models.PROTECT, related_name="+")
    booking = models.ForeignKey(Booking, models.PROTECT, related_name="+")
    secret_hash = models.BinaryField(unique=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    knocked_at = models.DateTimeField(null=True, blank=True)
    admitted_at = models.DateTimeField(null=True, blank=True)
    admitted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)


class SharedItem(Entry):
    """One entry of the record that the guests of one session may see while it lasts.

    ``origin_id`` is the entry: a block on it hides this row too. ``authorisation``: in which role it was shared; each look asks the rule again
    as that person.
    """

    booking = models.ForeignKey(Booking, models.PROTECT, related_name="shared")
    kind = models.CharField(max_length=24)
    authorisation = models.ForeignKey(AccessAuthorisation, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["patient"])]
