"""Clinical notes and their versions (3.6, 3.7)."""

from django.db import models
from django.db.models import Q

from access.models import User
from lms_epj.core.choices import TextChoices

from .base import Entry


class Note(Entry):
    """A note from draft to co-signed. ``content`` maps section keys of the document type to text.

    A draft is its author's alone. Once confirmed the text changes only together with a new NoteVersion;
    a trigger holds this. A correction is a draft of its own (``corrects``) until it is signed.
    """

    class State(TextChoices):
        DRAFT = "DRAFT", "Kladd"
        CONFIRMED = "CONFIRMED", "Bekreftet"
        SIGNED = "SIGNED", "Signert"
        COSIGNED = "COSIGNED", "Kontrasignert"

    title = models.TextField(blank=True)
    content = models.JSONField(default=dict)
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    mark = models.CharField(max_length=2, help_text="Profession mark of the author's role at the time")
    version = models.IntegerField(default=0, help_text="Number of the newest NoteVersion; 0 for a draft")
    lock_version = models.IntegerField(default=1)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    correction_reason = models.TextField(blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    corrected_at = models.DateTimeField(null=True, blank=True)
    needs_cosign = models.BooleanField(default=False)
    cosigned_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    cosigned_at = models.DateTimeField(null=True, blank=True)
    emergency = models.BooleanField(default=False, help_text="Written under emergency access")
    template_version = models.SmallIntegerField(
        null=True, blank=True, help_text="Version of the template it was begun in; NULL means the type's present one"
    )
    problem_id = models.UUIDField(null=True, blank=True, help_text="The problem of the care plan, or the diagnosis, that it is about")
    withheld_at = models.DateTimeField(null=True, blank=True, help_text="Since when it is not to be given to the patient (pbrl § 5-1)")
    withheld_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    withheld_reason = models.TextField(blank=True, db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["author", "patient", "document_type", "corrects"],
                condition=Q(state="DRAFT"),
                nulls_distinct=False,
                name="note_one_draft_per_author_patient_form",
            ),
            models.CheckConstraint(
                condition=Q(state="DRAFT", version=0) | (~Q(state="DRAFT") & Q(version__gte=1)),
                name="note_version_follows_state",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["SIGNED", "COSIGNED"]) | Q(signed_by__isnull=False, signed_at__isnull=False),
                name="note_signed_names_signer",
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "-event_at", "-id"]),
            models.Index(fields=["problem_id", "-event_at"], condition=Q(problem_id__isnull=False), name="note_of_problem"),
            models.Index(fields=["author", "state"], condition=~Q(state__in=["SIGNED", "COSIGNED"]), name="note_unsigned"),
            models.Index(fields=["unit"], condition=~Q(state__in=["SIGNED", "COSIGNED"]), name="note_unsigned_of_unit"),
            models.Index(fields=["unit"], condition=Q(needs_cosign=True, state="SIGNED"), name="note_awaits_cosign"),
        ]


class NoteVersion(Entry):
    """What a note said at one moment. Append-only: no role but the owner can change or delete it."""

    note = models.ForeignKey(Note, models.PROTECT, related_name="versions", db_index=False)
    number = models.IntegerField()
    title = models.TextField(blank=True)
    content = models.JSONField()
    state = models.CharField(max_length=9, choices=Note.State)
    reason = models.TextField(blank=True, help_text="Why it was corrected; empty for the first version")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["note", "number"], name="noteversion_once")]
        indexes = [models.Index(fields=["patient", "note"])]
