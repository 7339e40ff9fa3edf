"""What the ward keeps of a stay beside the stay itself: isolation, where the patient has lain, and what is done before leaving."""

from django.db import models
from django.db.models import Q

from access.models import OrgUnit, User
from lms_epj.core.choices import TextChoices

from .base import Entry
from .stay import Bed


class Isolation(Entry):
    """That a patient is isolated, how and why. Critical information: a block of the whole record does not hide it from those who go in.

    ``author`` writes it down, ``ordered_by`` decided it. In force while ``ended_at`` is empty; one at a time.
    """

    class Kind(TextChoices):
        CONTACT = "contact", "Kontaktsmitte"
        DROPLET = "droplet", "Dråpesmitte"
        AIRBORNE = "airborne", "Luftsmitte"
        PROTECTIVE = "protective", "Beskyttende isolering"

    kind = models.CharField(max_length=12, choices=Kind)
    reason = models.TextField()
    ordered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    end_reason = models.TextField(blank=True)
    lock_version = models.IntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["patient", "-event_at"])]
        constraints = [models.UniqueConstraint(fields=["patient", "unit"], condition=Q(ended_at=None), name="isolation_one_at_a_time")]


class Placement(Entry):
    """Where a patient lay from ``event_at`` on, until the next row of the stay, or its end. Never changed.

    ``bed`` is empty where a ward has taken over a patient who has no bed there yet.
    """

    ward = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    bed = models.ForeignKey(Bed, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["patient", "-event_at"]),
            models.Index(fields=["stay", "event_at"]),
            models.Index(fields=["ward", "event_at"]),
        ]


class DischargeCheck(Entry):
    """What a person says of one item on the list of what is done before a patient leaves. The newest row of a stay's item counts.

    MISSED: the patient left without it; ``remark`` says why.
    """

    class State(TextChoices):
        DONE = "done", "Gjort"
        NOT_NEEDED = "not_needed", "Ikke aktuelt"
        UNDONE = "undone", "Ikke gjort likevel"
        MISSED = "missed", "Utskrevet uten"

    item = models.CharField(max_length=24)
    state = models.CharField(max_length=12, choices=State)
    remark = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["patient", "-event_at"]), models.Index(fields=["stay", "item"])]
