"""Deviations (R58): reported, handled, closed. No health data and no patient: what it is about in a record is reached by an opaque link alone."""

from django.db import models
from django.db.models import Q

from access.models import OrgUnit, User
from access.models.base import Identified
from lms_epj.core.choices import TextChoices

from .incident import Incident
from .plan import System


class Deviation(Identified):
    """``link``: a handle of the record's (journal.RecordLink); says nothing by itself, and leads only those in who may open that record."""

    class Kind(TextChoices):
        CARE = "care", "Pasientsikkerhet"
        PRIVACY = "privacy", "Personvern og informasjonssikkerhet"
        COOPERATION = "cooperation", "Samhandling og meldinger"
        OPERATION = "operation", "Drift, bygg og utstyr"
        WORK = "work", "Arbeidsmiljø"

    class Consequence(TextChoices):
        NEAR = "near", "Nestenhendelse"
        NONE = "none", "Ingen skade"
        MINOR = "minor", "Mindre alvorlig"
        SERIOUS = "serious", "Alvorlig"

    class State(TextChoices):
        REPORTED = "reported", "Meldt"
        HANDLED = "handled", "Under behandling"
        CLOSED = "closed", "Lukket"

    number = models.IntegerField(unique=True, help_text="Runs through; what people say to each other")
    kind = models.CharField(max_length=12, choices=Kind)
    consequence = models.CharField(max_length=12, choices=Consequence)
    title = models.CharField(max_length=120)
    what = models.TextField()
    done_now = models.TextField(blank=True, help_text="What was done at once")
    happened_at = models.DateTimeField()
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", help_text="Where; its leader handles it")
    system = models.ForeignKey(System, models.PROTECT, null=True, blank=True, related_name="+", help_text="Those who run it handle it too")
    incident = models.OneToOneField(Incident, models.PROTECT, null=True, blank=True, related_name="deviation")
    link = models.UUIDField(null=True, blank=True)
    reported_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State, default=State.REPORTED)
    handler = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    cause = models.TextField(blank=True)
    measures = models.TextField(blank=True, help_text="What is changed so that it does not happen again")
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["unit", "-reported_at"], name="deviation_of_unit")]
        constraints = [
            models.CheckConstraint(condition=~Q(state="closed") | Q(closed_at__isnull=False) & ~Q(measures=""), name="deviation_closed_with_measures")
        ]


class DeviationLine(models.Model):
    """What was done with it. Only added to."""

    id = models.BigAutoField(primary_key=True)
    deviation = models.ForeignKey(Deviation, models.PROTECT, related_name="lines")
    at = models.DateTimeField()
    text = models.TextField()
    by = models.TextField()
