"""The roll-out: what is switched on where and when, what those who tried it say, and what they share (R51)."""

from django.db import models

from access.models import Course, LegalEntity, User
from lms_epj.core.choices import TextChoices
from lms_epj.core.ids import uuid7
from telemed.models.booking import Booking, Kind


class RollOutPlan(models.Model):
    """One legal entity's way into telemedicine. Whoever holds it (an object permission) switches functions on and off there."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    legal_entity = models.OneToOneField(LegalEntity, models.PROTECT, related_name="+")
    contact = models.CharField(max_length=80, blank=True)

    class Meta:
        permissions = [("manage_rollout", "Styrer utrulling i virksomheten")]


class FeaturePeriod(models.Model):
    """One kind of session in one legal entity, from a day on. Without a live one that is at least a pilot, it cannot be booked there."""

    class Stage(TextChoices):
        PLANNED = "planned", "Planlagt"
        PILOT = "pilot", "Pilot"
        IN_USE = "in_use", "I bruk"

    LIVE = (Stage.PILOT, Stage.IN_USE)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    plan = models.ForeignKey(RollOutPlan, models.PROTECT, related_name="periods")
    kind = models.CharField(max_length=16, choices=Kind)
    stage = models.CharField(max_length=16, choices=Stage)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    remark = models.CharField(max_length=200, blank=True)
    course = models.ForeignKey(
        Course, models.PROTECT, null=True, blank=True, related_name="+", help_text="Somebody who takes part has it, or it is not booked (R52)"
    )
    set_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["plan", "kind"])]


class Evaluation(models.Model):
    """How one who took part found a held session. Grades from 1 to 5; says nothing of the patient."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    booking = models.ForeignKey(Booking, models.PROTECT, related_name="+")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    useful = models.SmallIntegerField()
    technical = models.SmallIntegerField()
    prepared = models.SmallIntegerField()
    again = models.BooleanField()
    patient = models.SmallIntegerField(null=True, blank=True, help_text="What the patient answered when asked; empty: not asked")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["booking", "author"], name="evaluation_once"),
            models.CheckConstraint(
                condition=models.Q(useful__range=(1, 5), technical__range=(1, 5), prepared__range=(1, 5)), name="evaluation_grades"
            ),
            models.CheckConstraint(condition=models.Q(patient=None) | models.Q(patient__range=(1, 5)), name="evaluation_patient_grade"),
        ]


class Experience(models.Model):
    """What one place has learnt, for all the others."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    legal_entity = models.ForeignKey(LegalEntity, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=Kind)
    text = models.TextField()
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
