"""Equipment: whose it is, where it stands, that it works, and what is done when it does not (R48–R50)."""

from django.db import models

from access.models import LegalEntity, OrgUnit, User
from lms_epj.core.choices import TextChoices
from lms_epj.core.ids import uuid7
from telemed.models.resource import Resource


class Equipment(models.Model):
    """The register's line for a bookable resource."""

    class Type(TextChoices):
        CART = "cart", "Videovogn"
        SCREEN = "screen", "Videoskjerm"
        CAMERA = "camera", "Kamera"
        STETHOSCOPE = "stethoscope", "Stetoskop"
        KIT = "kit", "Koffert"
        OTHER = "other", "Annet"

    resource = models.OneToOneField(Resource, models.PROTECT, primary_key=True, related_name="equipment")
    type = models.CharField(max_length=16, choices=Type)
    owner = models.ForeignKey(LegalEntity, models.PROTECT, related_name="+")
    mobile = models.BooleanField(default=True)
    serial = models.CharField(max_length=40, blank=True)
    support_name = models.CharField(max_length=60, blank=True)
    support_phone = models.CharField(max_length=20, blank=True)
    check_days = models.SmallIntegerField(default=1)


class EquipmentMove(models.Model):
    """From now on it stands there. The newest counts."""

    equipment = models.ForeignKey(Equipment, models.PROTECT, related_name="moves")
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    place = models.CharField(max_length=80)
    moved_at = models.DateTimeField()
    moved_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    remark = models.CharField(max_length=120, blank=True)


class FunctionCheck(models.Model):
    """It was tried, and worked or not. The newest counts."""

    equipment = models.ForeignKey(Equipment, models.PROTECT, related_name="checks")
    checked_at = models.DateTimeField()
    checked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    passed = models.BooleanField()
    battery = models.SmallIntegerField(null=True, blank=True)
    remark = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [models.Index(fields=["equipment", "-checked_at"])]


class Fault(models.Model):
    """Out of order until it is closed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    equipment = models.ForeignKey(Equipment, models.PROTECT, related_name="faults")
    text = models.CharField(max_length=200)
    case_number = models.CharField(max_length=30, blank=True)
    reported_at = models.DateTimeField()
    reported_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    expected_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["equipment"], condition=models.Q(closed_at=None), name="fault_one_open")]
