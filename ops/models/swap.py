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


class DutyMessage(Identified):
    """Something about a shift that one is to be told: asked, answered, put in, taken over. Held by a worker for the time of its lease, and said at most twice."""

    class Kind(TextChoices):
        ASKED = "asked", "Spurt"
        ANSWERED = "answered", "Svart"
        PUT_IN = "put_in", "Satt inn"
        TAKEN_OVER = "taken_over", "Overtatt"

    roster = models.ForeignKey(Roster, models.PROTECT, related_name="+")
    level = models.SmallIntegerField()
    span = DateTimeRangeField()
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    swap = models.ForeignKey(Swap, models.PROTECT, null=True, blank=True, related_name="messages")
    actor = models.TextField(help_text="Who did it, as a name")
    note = models.TextField(blank=True)
    made_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    claims = models.SmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["made_at"], condition=Q(sent_at=None), name="dutymessage_waiting")]
