"""Changes of what roles may do: who wished what and why, and who let it come into force (R11, R12)."""

from django.db import models
from django.db.models import F, Q

from lms_epj.core.choices import TextChoices

from .base import Identified
from .identity import User


class RightsChange(Identified):
    """Some cells of the matrix changed together. One that takes away is in force at once; one that gives waits for a second administrator.

    ``content``: list of {role, template (uuid texts), category (code), before, after (sums of Action bits)}.
    """

    class State(TextChoices):
        PROPOSED = "proposed", "Venter på godkjenning"
        IN_FORCE = "in_force", "Trådt i kraft"
        REJECTED = "rejected", "Avslått"
        WITHDRAWN = "withdrawn", "Trukket"

    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    reason = models.TextField()
    content = models.JSONField()
    widens = models.BooleanField()
    state = models.CharField(max_length=12, choices=State)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="rightschange_has_a_reason"),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_at=None, decided_by=None) | (~Q(state="proposed") & Q(decided_at__isnull=False)),
                name="rightschange_decided_when_not_proposed",
            ),
            # What gives more never comes into force by one person alone, whatever program asks.
            models.CheckConstraint(
                condition=~Q(widens=True, state="in_force") | (Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by"))),
                name="rightschange_widening_by_two",
            ),
        ]
        indexes = [models.Index(fields=["state", "proposed_at"])]
