"""The patient as an identity, and the population register. No clinical field stands here."""

from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL

from lms_epj.core.choices import TextChoices
from lms_epj.core.folding import sort_key_sql

from .base import Identified


class Sex(TextChoices):
    FEMALE = "K", "Kvinne"
    MALE = "M", "Mann"
    UNKNOWN = "U", "Ukjent"


class Patient(Identified):
    """One row per human being (R2). Birth date and sex are stored, never derived from a number.

    A patient may lack a number (unconscious, foreign) and get one later. Rows enter only through
    ``gate.register_patient``: a unique key must not tell who has a record.
    """

    family_name = models.TextField()
    given_name = models.TextField()
    birth_date = models.DateField(null=True, blank=True)
    sex = models.CharField(max_length=1, choices=Sex, default=Sex.UNKNOWN)
    deceased_at = models.DateTimeField(null=True, blank=True)
    municipality_number = models.CharField(max_length=4, blank=True)
    address = models.TextField(blank=True)
    protected_address = models.BooleanField(default=False)
    phone = models.CharField(max_length=20, blank=True)
    general_practitioner = models.TextField(blank=True)
    registered_at = models.DateTimeField()
    name_fold = models.TextField(help_text="access.services.patients folds it; search compares with it only")
    sort_name = models.GeneratedField(
        expression=RawSQL(  # noqa: S611 - a constant expression
            sort_key_sql("(family_name || ' ' || given_name)"), ()
        ),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )

    class Meta:
        # Asked by whoever brings many patients in: is there somebody of this name and date of birth?
        indexes = [models.Index(fields=["birth_date", "name_fold"], name="patient_born_and_named")]
        constraints = [models.CheckConstraint(condition=Q(protected_address=False) | Q(address=""), name="patient_protected_address_not_stored")]

    def __str__(self) -> str:
        return f"{self.family_name}, {self.given_name}"


class PatientIdentity(Identified):
    """An identity number of any kind with its validity: D → fnr, FHN → fnr follow each other."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="identities")
    kind = models.CharField(max_length=8)
    value = models.CharField(max_length=32)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "value"], name="patientidentity_once")]


class RegisterPerson(models.Model):
    """The demo's population register: several times more people than patients, all synthetic.

    A full number is answered from here, alike for those with and without a record.
    """

    number = models.CharField(primary_key=True, max_length=11)
    kind = models.CharField(max_length=8)
    family_name = models.TextField()
    given_name = models.TextField()
    birth_date = models.DateField()
    sex = models.CharField(max_length=1, choices=Sex)
    municipality_number = models.CharField(max_length=4, blank=True)
    address = models.TextField(blank=True)
    protected_address = models.BooleanField(default=False)
    deceased_at = models.DateField(null=True, blank=True)
    name_fold = models.TextField()
