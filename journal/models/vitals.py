"""Vital signs and NEWS2 (domain 5.1)."""

from django.db import models

from access.models import User
from lms_epj.core.choices import TextChoices

from .base import Entry


class VitalSet(Entry):
    """One set of observations taken at ``event_at``. Missing values stay NULL: an incomplete set has no total.

    Units: respiration and pulse /min, SpO2 %, oxygen_flow L/min, pressures mmHg, temperature °C.
    The score is stored with the version of the rule that gave it. A set is never changed: one entered in
    error is struck out with a reason and stays readable.
    """

    class Consciousness(TextChoices):
        ALERT = "A", "Våken"
        CONFUSION = "C", "Nyoppstått forvirring"
        VOICE = "V", "Reagerer på tiltale"
        PAIN = "P", "Reagerer på smerte"
        UNRESPONSIVE = "U", "Reagerer ikke"

    respiration = models.SmallIntegerField(null=True, blank=True)
    spo2 = models.SmallIntegerField(null=True, blank=True)
    spo2_scale = models.SmallIntegerField(default=1)
    on_oxygen = models.BooleanField(null=True, blank=True)
    oxygen_flow = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    systolic = models.SmallIntegerField(null=True, blank=True)
    diastolic = models.SmallIntegerField(null=True, blank=True)
    pulse = models.SmallIntegerField(null=True, blank=True)
    consciousness = models.CharField(max_length=1, choices=Consciousness, blank=True)
    temperature = models.DecimalField(max_digits=3, decimal_places=1, null=True, blank=True)
    news2_total = models.SmallIntegerField(null=True, blank=True)
    news2_points = models.JSONField(default=dict)
    news2_level = models.CharField(max_length=16, blank=True)
    rule_version = models.CharField(max_length=24, blank=True)
    next_due_at = models.DateTimeField(null=True, blank=True)
    comment = models.TextField(blank=True)
    struck_at = models.DateTimeField(null=True, blank=True)
    struck_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    struck_reason = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["patient", "-event_at"])]


class OxygenScale(Entry):
    """A doctor's prescription of the SpO2 scale for NEWS2; the newest row counts, none means scale 1."""

    scale = models.SmallIntegerField()
    reason = models.TextField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(scale__in=[1, 2]), name="oxygenscale_is_1_or_2")]
        indexes = [models.Index(fields=["patient", "-event_at"])]
