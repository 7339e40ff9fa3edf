"""Municipal services and the visits they bring (R28)."""

from django.db import models

from access.models import OrgUnit, ServiceType, User
from lms_epj.core.choices import TextChoices

from .base import Entry


class ServiceDecision(Entry):
    """A decided municipal service (vedtak): opens the SERVICE measure of the unit that carries it out."""

    service_type = models.ForeignKey(ServiceType, models.PROTECT, related_name="+")
    executing_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    text = models.TextField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    primary_contact = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    lock_version = models.IntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["patient"])]


class Visit(Entry):
    """One planned visit on a unit's day list. The list sorts; it is the service that gives access."""

    class Status(TextChoices):
        PLANNED = "planned", "Planlagt"
        DONE = "done", "Utført"
        NOT_HOME = "not_home", "Ikke hjemme"
        CANCELLED = "cancelled", "Avlyst"

    visiting_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    assigned_to = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    planned_at = models.DateTimeField()
    minutes = models.SmallIntegerField()
    chores = models.JSONField(default=list, help_text="[{text, done}]")
    status = models.CharField(max_length=16, choices=Status, default=Status.PLANNED)
    started_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    remark = models.TextField(blank=True)
    lock_version = models.IntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["visiting_unit", "planned_at"]), models.Index(fields=["patient", "planned_at"])]
