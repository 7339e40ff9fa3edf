"""What can be booked, and when it is open."""

from django.db import models

from access.models import OrgUnit, User
from lms_epj.core.choices import TextChoices
from lms_epj.core.ids import uuid7


class Resource(models.Model):
    """A room, a piece of equipment or a person that one booking at a time can have. Holds no patient."""

    class Kind(TextChoices):
        ROOM = "room", "Rom"
        EQUIPMENT = "equipment", "Utstyr"
        PERSON = "person", "Person"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=16, choices=Kind)
    name = models.CharField(max_length=60)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    place = models.CharField(max_length=80, blank=True)
    user = models.OneToOneField(User, models.PROTECT, null=True, blank=True, related_name="+")
    # Bookable only when on duty; else the opening hours are enough.
    by_duty = models.BooleanField(default=False)
    position = models.SmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "name"]
        permissions = [("manage_resource", "Forvalter ressursen")]
        indexes = [models.Index(fields=["unit", "kind"])]

    def __str__(self) -> str:
        return self.name


class Opening(models.Model):
    """Opening hours of one weekday (0 is Monday), on the wall clock (telemed.domain.availability)."""

    resource = models.ForeignKey(Resource, models.PROTECT, related_name="openings")
    weekday = models.SmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)


class OpeningException(models.Model):
    """Days that are not as usual: closed where no hours are given. The latest counts."""

    resource = models.ForeignKey(Resource, models.PROTECT, related_name="exceptions")
    first = models.DateField()
    last = models.DateField()
    opens = models.TimeField(null=True, blank=True)
    closes = models.TimeField(null=True, blank=True)
    reason = models.CharField(max_length=120, blank=True)


class Duty(models.Model):
    """When a person is at work and can be booked."""

    resource = models.ForeignKey(Resource, models.PROTECT, related_name="duties")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["resource", "starts_at"])]
