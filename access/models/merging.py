"""Who somebody turned out to be: people admitted without a number, and records found to be one person's (R2)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from lms_epj.core.choices import TextChoices

from .base import Identified
from .identity import OrgUnit, User
from .patient import Patient


class UnknownIdentity(models.Model):
    """What is seen of one whose number nobody has: it helps to tell two unknown people apart, and to find out who it is.

    ``number``: the temporary number, made by ``gate.temporary_number`` (access.domain.temporary). ``before``: the patient's own columns as they
    stood before a name was put on, so that a wrong name can be taken off again.
    """

    patient = models.OneToOneField(Patient, models.PROTECT, primary_key=True, related_name="+")
    number = models.CharField(max_length=9, unique=True)
    age_from = models.SmallIntegerField(null=True, blank=True, help_text="Estimated, years")
    age_to = models.SmallIntegerField(null=True, blank=True)
    marks = models.TextField(blank=True, help_text="Distinguishing marks: height, hair, scars, clothes, belongings")
    found = models.TextField(blank=True, help_text="Where and how found")
    registered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()
    identified_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    identified_at = models.DateTimeField(null=True, blank=True)
    basis = models.TextField(blank=True, help_text="How one knows who it is")
    before = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(age_from=None, age_to=None) | Q(age_from__gte=0, age_to__gte=F("age_from"), age_to__lte=120), name="unknownidentity_age"
            ),
        ]


class RecordMerge(Identified):
    """Two records that are said to be one person's: proposed, refused, merged or taken apart again.

    ``survivor`` goes on, ``gone`` is led to it; until it is decided the order means nothing. ``unit``: where it was proposed, whose custodian decides.
    ``kept``: what else than whose the rows are was changed, so that taking apart gives it back: {identities: [{id, valid_to}], blocks: [{id, valid_to,
    stands: [id …]}]}. State ``moving`` is never committed: triggers look for it.
    """

    class State(TextChoices):
        PROPOSED = "proposed", "Foreslått"
        REFUSED = "refused", "Avslått"
        MOVING = "moving", "Flyttes"
        DONE = "done", "Slått sammen"
        UNDONE = "undone", "Opphevet"

    survivor = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    gone = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    proposal = models.TextField(help_text="Why somebody thinks that they are one")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)
    kept = models.JSONField(default=dict)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undo_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(survivor=F("gone")), name="recordmerge_of_two"),
            models.UniqueConstraint(fields=["gone"], condition=Q(state__in=["moving", "done"]), name="recordmerge_gone_once"),
        ]
        indexes = [models.Index(fields=["survivor"]), models.Index(fields=["proposed_at"], condition=Q(state="proposed"), name="recordmerge_open")]


class MergedRows(Identified):
    """Which rows of one table followed a merge: what taking apart puts back."""

    merge = models.ForeignKey(RecordMerge, models.PROTECT, related_name="rows")
    table_name = models.TextField()
    column_name = models.TextField()
    ids = ArrayField(models.UUIDField())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["merge", "table_name", "column_name"], name="mergedrows_once")]
