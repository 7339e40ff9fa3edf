"""Stays and beds of the observation ward (R5, R7)."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import Q

from access.models import OrgUnit, User
from lms_epj.core.choices import TextChoices
from lms_epj.core.ids import uuid7

from .base import Entry


class Bed(models.Model):
    """A bed of a ward. Holds no patient: the stay names its bed. ``remark``: why it is out of use; ward staff of any patient read it."""

    class Status(TextChoices):
        READY = "ready", "Klar"
        CLEANING = "cleaning", "Rengjøres"
        OUT_OF_SERVICE = "out_of_service", "Ute av drift"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="beds")
    number = models.SmallIntegerField()
    status = models.CharField(max_length=16, choices=Status, default=Status.READY)
    ready_at = models.DateTimeField(null=True, blank=True)
    room = models.CharField(max_length=20, blank=True, db_default="")
    remark = models.CharField(max_length=120, blank=True, db_default="")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["unit", "number"], name="bed_number_once_per_unit")]

    def __str__(self) -> str:
        return str(self.number)


class Stay(Entry):
    """A stay from expected to discharged. ``ward`` is where the patient lies; ``unit`` is who registered it."""

    class Status(TextChoices):
        EXPECTED = "expected", "Ventes inn"
        ADMITTED = "admitted", "Innlagt"
        DISCHARGE_READY = "discharge_ready", "Utskrivningsklar"
        DISCHARGED = "discharged", "Utskrevet"
        CANCELLED = "cancelled", "Kom ikke"

    PRESENT = (Status.ADMITTED, Status.DISCHARGE_READY)

    stay = None  # a stay belongs to no other stay; the policy reads its own id instead
    ward = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    bed = models.ForeignKey(Bed, models.PROTECT, null=True, blank=True, related_name="+")
    status = models.CharField(max_length=16, choices=Status)
    cause = models.TextField()
    referrer = models.TextField(blank=True)
    responsible_nurse = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    responsible_doctor = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    expected_at = models.DateTimeField(null=True, blank=True)
    admitted_at = models.DateTimeField(null=True, blank=True)
    discharge_ready_at = models.DateTimeField(null=True, blank=True)
    planned_discharge_at = models.DateTimeField(null=True, blank=True)
    discharged_at = models.DateTimeField(null=True, blank=True)
    destination = models.TextField(blank=True)
    owed = models.JSONField(default=list, help_text="Messages owed at discharge: [{kind, to, sent_at}]")
    lock_version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="stay_one_patient_per_bed",
                expressions=[("bed", "=")],
                condition=Q(status__in=["admitted", "discharge_ready"], bed__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["patient"],
                condition=Q(status__in=["expected", "admitted", "discharge_ready"]),
                name="stay_one_open_per_patient",
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "-event_at"]),
            models.Index(fields=["ward", "status"]),
        ]


class StayDecision(Entry):
    """What was decided for one under observation: stay here, go to hospital or go home (R5). Append-only; the newest counts.

    ``author`` decided, at ``event_at``.
    """

    class Outcome(TextChoices):
        STAY = "stay", "Blir på LMS"
        HOSPITAL = "hospital", "Sendes til sykehus"
        HOME = "home", "Sendes hjem"

    outcome = models.CharField(max_length=16, choices=Outcome)
    reason = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["patient", "-event_at"])]
