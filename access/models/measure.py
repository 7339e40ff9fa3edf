"""Decided measures: the only thing that opens a record (R12, R24)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from .base import Identified
from .identity import OrgUnit, User
from .patient import Patient


class MeasureTemplate(Identified):
    """A kind of measure (tiltaksmal): its purpose, how long it lasts, and its tail."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.TextField()
    analogue = models.CharField(max_length=16, help_text="Code in the national list of decision templates")
    purpose = models.CharField(max_length=8, help_text="TREAT, ETREAT, COC or BTG")
    max_hours = models.IntegerField(null=True, blank=True)
    tail_hours = models.IntegerField(default=0)
    user_selected = models.BooleanField(default=False, help_text="Explicit: the person chose it and gave a reason")
    own_unit_only = models.BooleanField(default=False)
    reviewed = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class DecidedMeasure(Identified):
    """A decision to give this patient something: gives one unit, or one person, access for a time.

    Opened only by one database function per template. ``ends_at`` is set at opening where the template
    has a limit, so that the row alone tells when it closes.
    """

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    template = models.ForeignKey(MeasureTemplate, models.PROTECT)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, null=True, blank=True)
    performer = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    service_code = models.SmallIntegerField(null=True, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_in_unit = models.ForeignKey(OrgUnit, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField()
    reason = models.TextField(blank=True)
    caller = models.TextField(blank=True, help_text="Who told of the arrival, for one registered by hand")
    user_selected = models.BooleanField(default=False)
    source_kind = models.CharField(max_length=24, blank=True)
    source_id = models.UUIDField(null=True, blank=True)
    scope_categories = ArrayField(models.SmallIntegerField(), null=True, blank=True)
    scope_since = models.DateTimeField(null=True, blank=True)
    case = models.ForeignKey("access.EmergencyCase", models.PROTECT, null=True, blank=True, related_name="measures")
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    end_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(unit__isnull=True, performer__isnull=False) | Q(unit__isnull=False, performer__isnull=True),
                name="measure_for_a_unit_or_a_person",
            ),
            models.CheckConstraint(condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")), name="measure_ends_after_start"),
            models.CheckConstraint(condition=Q(user_selected=False) | ~Q(reason=""), name="measure_chosen_by_a_person_has_a_reason"),
        ]
        indexes = [
            models.Index(fields=["patient", "unit"]),
            models.Index(fields=["unit", "ends_at", "patient"]),
            models.Index(fields=["performer", "ends_at", "patient"], condition=Q(performer__isnull=False), name="measure_performer"),
            models.Index(fields=["source_id"], condition=Q(source_id__isnull=False), name="measure_source"),
        ]
