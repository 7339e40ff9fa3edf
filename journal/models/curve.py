"""What stands on the curve beside the vital signs, and how soon a unit wants the next set."""

from django.db import models
from django.db.models import Q

from access.models import OrgUnit, User
from lms_epj.core.choices import TextChoices
from lms_epj.core.ids import uuid7

from .base import Entry


class Observation(Entry):
    """One measurement or amount at ``event_at``: number, a code that says how it was taken, the ten answers of ESAS, or those of a score (`journal.domain.scores`, named by ``code``) with their sum.

    Units and limits stand in ``journal.domain.observations``. Never changed: one entered in error is struck out with a reason.
    """

    class Kind(TextChoices):
        PAIN = "pain", "Smerte"
        WEIGHT = "weight", "Vekt"
        GLUCOSE = "glucose", "Blodsukker"
        STOOL = "stool", "Avføring"
        ESAS = "esas", "ESAS"
        FLUID_IN = "fluid_in", "Væske inn"
        FLUID_OUT = "fluid_out", "Væske ut"
        SCORE = "score", "Skåring"

    kind = models.CharField(max_length=16, choices=Kind)
    value = models.DecimalField(max_digits=7, decimal_places=1, null=True, blank=True)
    code = models.CharField(max_length=16, blank=True)
    answers = models.JSONField(default=dict, help_text="ESAS: {item: 0–10}; a score: {item: points}")
    comment = models.TextField(blank=True)
    struck_at = models.DateTimeField(null=True, blank=True)
    struck_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    struck_reason = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["patient", "-event_at"])]
        constraints = [
            models.CheckConstraint(condition=Q(value__isnull=True) | Q(value__gte=0), name="observation_not_negative"),
            models.CheckConstraint(condition=Q(value__isnull=False) | ~Q(code="") | Q(kind="esas"), name="observation_says_something"),
        ]


class ActionLevels(models.Model):
    """How soon a unit wants the next NEWS2 set after each level, in minutes, and what is done: one row a version, the newest counts.

    Holds no patient. A score names the version it was given by, so a version is never changed.
    """

    STEPS = ("zero", "low", "low_medium", "medium", "high", "incomplete")
    ACTED_ON = ("low_medium", "medium", "high")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    number = models.IntegerField()
    zero = models.IntegerField()
    low = models.IntegerField()
    low_medium = models.IntegerField()
    medium = models.IntegerField()
    high = models.IntegerField()
    incomplete = models.IntegerField()
    actions = models.JSONField(default=dict, help_text="{level: what is done, in words}")
    reason = models.TextField()
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "number"], name="actionlevels_version_once"),
            models.CheckConstraint(
                condition=Q(
                    zero__gte=models.F("low"), low__gte=models.F("low_medium"), low_medium__gte=models.F("medium"), medium__gte=models.F("high")
                )
                & Q(high__gte=5, incomplete__gte=5, zero__lte=1440, incomplete__lte=1440),
                name="actionlevels_severe_is_sooner",
            ),
        ]
