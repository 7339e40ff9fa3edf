"""Who has seen a message, and who answers for it, by name."""

from django.db import models

from access.models import OrgUnit, User
from access.models.base import Identified

from .message import Message


class Reading(Identified):
    """One person, in one unit, and one message. ``acknowledged_at``: the person has assessed it, or followed up what did not get through."""

    message = models.ForeignKey(Message, models.PROTECT, related_name="readings")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    seen_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    remark = models.TextField(blank=True, help_text="What was done about it")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "user", "unit"], name="reading_once_per_person_and_unit")]
        indexes = [models.Index(fields=["message", "unit"], condition=models.Q(acknowledged_at__isnull=False), name="reading_acknowledged")]
