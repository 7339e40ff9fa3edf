"""Blocking on the patient's wish (sperring; R25). Kept apart from every other reason to hide something."""

from django.db import models
from django.db.models import Q

from lms_epj.core.choices import TextChoices

from .base import Dated, Identified, ends_after_start
from .classification import LegalGround
from .identity import OrgUnit, User
from .patient import Patient


class BlockRegistration(Identified):
    """One wish as it was received: by whom, on which ground, and who wrote it down. It holds one block per thing and reader.

    ``reason`` is the patient's own, for the patient and those who register; never for the readers it is aimed at.
    """

    class WishOf(TextChoices):
        PATIENT = "patient", "Pasienten selv"
        REPRESENTATIVE = "representative", "En som svarer for pasienten"

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    wish_kind = models.CharField(max_length=16, choices=WishOf, default=WishOf.PATIENT)
    wish_of = models.TextField(help_text="The patient, or the representative by name and basis")
    ground = models.ForeignKey(LegalGround, models.PROTECT, null=True, blank=True)
    reason = models.TextField(blank=True)
    registered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    registered_in = models.ForeignKey(OrgUnit, models.PROTECT, null=True, related_name="+")
    registered_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["patient", "registered_at"])]


class BlockAssessment(Identified):
    """What a doctor thinks that a block may lead to (medicines, CAVE): a warning to be weighed, never a decision."""

    registration = models.ForeignKey(BlockRegistration, models.PROTECT, related_name="assessments")
    assessed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    assessed_at = models.DateTimeField()
    may_harm = models.BooleanField()
    consequences = models.TextField()
    patient_told = models.BooleanField(default=False)


class AccessBlock(Identified, Dated):
    """What is blocked (scope), for whom (target), for which stretch of the course, and since when it holds."""

    class Scope(TextChoices):
        RECORD = "record", "Hele journalen"
        CATEGORY = "category", "Informasjonskategori"
        DOCUMENT_TYPE = "document_type", "Dokumenttype"
        STAY = "stay", "Opphold"
        ENTRY = "entry", "Enkelt innslag"

    class Target(TextChoices):
        EVERYONE = "everyone", "Alle unntatt"
        USER = "user", "Person"
        ROLE = "role", "Rolle"
        UNIT = "unit", "Enhet"
        LEGAL_ENTITY = "legal_entity", "Virksomhet"

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    registration = models.ForeignKey(BlockRegistration, models.PROTECT, null=True, blank=True, related_name="blocks")
    scope = models.CharField(max_length=16, choices=Scope)
    category = models.SmallIntegerField(null=True, blank=True)
    document_type = models.CharField(max_length=40, null=True, blank=True)
    stay_id = models.UUIDField(null=True, blank=True)
    entry_id = models.UUIDField(null=True, blank=True)
    entries_from = models.DateTimeField(null=True, blank=True)
    entries_to = models.DateTimeField(null=True, blank=True)
    target = models.CharField(max_length=16, choices=Target)
    target_id = models.UUIDField(null=True, blank=True, help_text="User, role, unit or legal entity, by target")
    wish_of = models.TextField(help_text="The patient, or the representative by name and basis")
    registered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    registered_at = models.DateTimeField()
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    lift_wish_of = models.TextField(blank=True)

    class Meta:
        constraints = [
            ends_after_start("block_ends_after_start"),
            models.CheckConstraint(
                condition=(
                    Q(scope="record", category=None, document_type=None, stay_id=None, entry_id=None)
                    | Q(scope="category", category__isnull=False, document_type=None, stay_id=None, entry_id=None)
                    | Q(scope="document_type", category=None, document_type__isnull=False, stay_id=None, entry_id=None)
                    | Q(scope="stay", category=None, document_type=None, stay_id__isnull=False, entry_id=None)
                    | Q(scope="entry", category=None, document_type=None, stay_id=None, entry_id__isnull=False)
                ),
                name="block_scope_names_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(target="everyone", target_id=None) | (~Q(target="everyone") & Q(target_id__isnull=False)),
                name="block_target_is_named",
            ),
        ]
        indexes = [models.Index(fields=["patient"])]


class BlockException(Identified):
    """Who still reads under 'everyone except': a person or a unit."""

    block = models.ForeignKey(AccessBlock, models.PROTECT, related_name="exceptions")
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, null=True, blank=True)


class BlockOpening(Identified):
    """One blocked entry opened by one person for a time, with consent now or for a weighty reason."""

    class Basis(TextChoices):
        CONSENT = "consent", "Pasienten samtykker nå"
        WEIGHTY = "weighty", "Tungtveiende grunn"

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    entry_id = models.UUIDField()
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    unit = models.ForeignKey(OrgUnit, models.PROTECT, null=True, related_name="+")
    basis = models.CharField(max_length=8, choices=Basis)
    reason = models.TextField()
    opened_at = models.DateTimeField()
    valid_to = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user", "entry_id"])]
