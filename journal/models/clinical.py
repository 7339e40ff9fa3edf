"""What the banner and the summary read: CAVE, diagnoses, medication, next of kin (R19)."""

from django.db import models

from lms_epj.core.choices import TextChoices

from .base import Entry


class CriticalInfo(Entry):
    """One item of critical information (CAVE and the like)."""

    class Kind(TextChoices):
        ALLERGY = "allergy", "Allergi"
        INTOLERANCE = "intolerance", "Intoleranse"
        ANTICOAGULATION = "anticoagulation", "Blodfortynnende"
        INFECTION = "infection", "Smitte"
        IMPLANT = "implant", "Implantat"
        RESUSCITATION = "resuscitation", "HLR-avklaring"
        CONDITION = "condition", "Kritisk tilstand"

    kind = models.CharField(max_length=16, choices=Kind)
    substance = models.TextField()
    reaction = models.TextField(blank=True)
    year = models.SmallIntegerField(null=True, blank=True)
    certainty = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    lock_version = models.IntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["patient"])]


class CriticalInfoStatus(Entry):
    """An explicit 'none known', which differs from 'not asked'. The newest row counts."""

    none_known = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=["patient", "-event_at"])]


class Diagnosis(Entry):
    icpc2 = models.CharField(max_length=5, blank=True)
    icd10 = models.CharField(max_length=8, blank=True)
    text = models.TextField()
    active = models.BooleanField(default=True)
    main = models.BooleanField(default=False)
    lock_version = models.IntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["patient"])]


class Medication(Entry):
    """A medicine in use (LIB): as the patient takes it, with its source."""

    generic = models.TextField()
    brand = models.TextField(blank=True)
    atc = models.CharField(max_length=7, blank=True)
    form = models.TextField(blank=True)
    strength = models.TextField(blank=True)
    dose = models.TextField()
    route = models.TextField(blank=True)
    frequency = models.TextField(blank=True)
    as_needed = models.BooleanField(default=False)
    indication = models.TextField(blank=True)
    source = models.TextField(blank=True)
    warning = models.TextField(blank=True)
    started_on = models.DateField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    lock_version = models.IntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["patient"])]


class NextOfKin(Entry):
    name = models.TextField()
    relation = models.TextField()
    phone = models.CharField(max_length=20, blank=True)
    nearest = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    lock_version = models.IntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["patient"])]
