"""Procedures and checklists that the community owns (R33), what a checklist came to for a patient, and links to knowledge (R38)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from access.models import RecordCommunity, User
from lms_epj.core.choices import TextChoices
from lms_epj.core.ids import uuid7

from .base import Entry


class Procedure(models.Model):
    """One version of a procedure: written by one leader, approved by another. The newest approved one counts; withdrawn, none does.

    Holds no patient. ``steps``: [{text, required}], what is ticked off when it is carried out; without any it is read only.
    ``codes``: what it is about, as «icd10:L89», by prefix.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    series = models.UUIDField(help_text="What all versions of one procedure share")
    number = models.IntegerField()
    community = models.ForeignKey(RecordCommunity, models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    keywords = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    steps = models.JSONField(default=list)
    codes = ArrayField(models.CharField(max_length=16), default=list, blank=True)
    changed = models.CharField(max_length=300, help_text="What is new in this version, and why")
    review_on = models.DateField(help_text="When it is to be gone through again")
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    written_at = models.DateTimeField()
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    approved_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="procedure_version_once"),
            models.UniqueConstraint(fields=["series"], condition=Q(approved_at=None, withdrawn_at=None), name="procedure_one_proposal"),
            models.CheckConstraint(condition=Q(approved_by=None) | ~Q(approved_by=F("written_by")), name="procedure_approved_by_another"),
            models.CheckConstraint(condition=~Q(text="") | ~Q(steps=[]), name="procedure_says_something"),
        ]

    def __str__(self) -> str:
        return self.title


class ChecklistRun(Entry):
    """A checklist carried out for a patient. It holds its own points, so it reads the same whatever becomes of the procedure.

    ``points``: [{text, required, state, note, by, at}]; a point is answered in the own name, and a finished list is never changed.
    """

    class State(TextChoices):
        DONE = "done", "Gjort"
        NOT_RELEVANT = "not_relevant", "Ikke aktuelt"
        NOT_DONE = "not_done", "Ikke gjort"

    series = models.UUIDField()
    number = models.IntegerField(help_text="Version of the procedure")
    title = models.CharField(max_length=120)
    points = models.JSONField()
    finished_at = models.DateTimeField(null=True, blank=True)
    finished_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    struck_at = models.DateTimeField(null=True, blank=True)
    struck_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    struck_reason = models.TextField(blank=True)
    lock_version = models.IntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["patient", "-event_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "series", "unit"], condition=Q(finished_at=None, struck_at=None), name="checklist_one_open_a_unit"
            )
        ]


class KnowledgeLink(models.Model):
    """Where to read more about a diagnosis or a medicine, by the beginning of its code. ``{code}`` in the address gives way to the code itself."""

    class System(TextChoices):
        ICD10 = "icd10", "ICD-10"
        ICPC2 = "icpc2", "ICPC-2"
        ATC = "atc", "ATC"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(RecordCommunity, models.PROTECT, related_name="+")
    system = models.CharField(max_length=8, choices=System)
    prefix = models.CharField(max_length=8, blank=True, help_text="Empty: every code of the system")
    title = models.CharField(max_length=120)
    address = models.URLField(max_length=300)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "system", "prefix", "address"], condition=Q(ended_at=None), name="knowledge_link_once"),
            models.CheckConstraint(condition=Q(address__startswith="https://"), name="knowledge_link_is_safe"),
        ]
