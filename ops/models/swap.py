"""A shift offered to another, or to all, who takes it by own consent."""

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import Q

from access.models import User
from access.models.base import Identified
from lms_epj.core.choices import TextChoices

from .plan import Party, Roster


class Swap(Identified):
    """``receiver`` empty: all of the roster are asked, and the first to say yes has it. ``giver`` empty: nobody answers then, a gap.

    ``back_span``: what the giver takes in return, in the same roster.
    """

    class State(TextChoices):
        OPEN = "open", "Venter på svar"
        ACCEPTED = "accepted", "Godtatt"
        DECLINED = "declined", "Avslått"
        WITHDRAWN = "withdrawn", "Trukket"
        STALE = "stale", "Falt bort"

    roster = models.ForeignKey(Roster, models.PROTECT, related_name="swaps")
    level = models.SmallIntegerField()
    span = DateTimeRangeField()
    giver = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    receiver = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    back_level = models.SmallIntegerField(null=True, blank=True)
    back_span = DateTimeRangeField(null=True, blank=True)
    note = models.TextField(blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    taker = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    on_behalf = models.BooleanField(default=False, help_text="A leader answered for the receiver")

    class Meta:
        indexes = [models.Index(fields=["roster"], condition=Q(state="open"), name="swap_open")]
        constraints = [
            models.CheckConstraint(
                condition=Q(back_span__isnull=True) | Q(receiver__isnull=False, giver__isnull=False, back_level__isnull=False),
                name="swap_back_has_both",
            )
        ]
