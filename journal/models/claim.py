"""Demands to correct or delete what stands in the record, what was decided, and who is told (3.6)."""

from django.db import models
from django.db.models import F, Q

from access.models import OrgUnit, Patient, User
from lms_epj.core.choices import TextChoices

from .base import Entry


class RecordClaim(Entry):
    """A demand about one note (``origin_id``, as ``about_id``): correct it, delete it, or take it off the wrong patient.

    Written in the record as the law asks, granted or refused. When the note is deleted this row is the trace that is left: without a word of
    what stood there, so ``text`` is emptied. It is as visible as the note was: same category, stay and ``event_at``; ``recorded_at`` is when it was
    demanded, ``responsible_unit`` the note's own, whose custodian decides. ``told``: how the patient was told of the decision and of the right to complain.
    ``copies``: content-free list of what had left the record before ([{kind, to, at}]).
    """

    class Kind(TextChoices):
        CORRECTION = "correction", "Retting"
        DELETION = "deletion", "Sletting"
        WRONG_PATIENT = "wrong_patient", "Ført på feil pasient"

    class WishOf(TextChoices):
        PATIENT = "patient", "Pasienten"
        REPRESENTATIVE = "representative", "Den som svarer for pasienten"
        OWN = "own", "Virksomheten selv"

    class State(TextChoices):
        OPEN = "open", "Ikke avgjort"
        GRANTED = "granted", "Tatt til følge"
        REFUSED = "refused", "Avslått"

    class Ground(TextChoices):
        WRONG = "wrong", "Feil eller mangelfullt"
        IMPROPER = "improper", "Utilbørlig"
        BURDEN = "burden", "Feil eller misvisende, og føles belastende"
        NOT_NEEDED = "not_needed", "Åpenbart ikke nødvendig for helsehjelpen"
        WRONG_PATIENT = "wrong_patient", "Gjelder en annen pasient"

    about_id = models.UUIDField()
    responsible_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=13, choices=Kind)
    wish_of = models.CharField(max_length=14, choices=WishOf)
    text = models.TextField(blank=True)
    right_patient_id = models.UUIDField(null=True, blank=True)
    state = models.CharField(max_length=7, choices=State, default=State.OPEN)
    ground = models.CharField(max_length=13, choices=Ground, blank=True)
    heard = models.TextField(blank=True, help_text="What the author said, or why the author could not be asked")
    decision = models.TextField(blank=True)
    told = models.TextField(blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    moved_to = models.UUIDField(null=True, blank=True)
    copies = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(origin_id=F("about_id")), name="recordclaim_is_hidden_with_its_note"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True) | (~Q(state="open") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="recordclaim_decided_by_somebody",
            ),
            models.UniqueConstraint(fields=["about_id", "kind"], condition=Q(state="open"), name="recordclaim_one_open_of_a_kind"),
        ]
        indexes = [
            models.Index(fields=["patient", "-event_at"]),
            models.Index(fields=["about_id"]),
            models.Index(fields=["recorded_at"], condition=Q(state="open"), name="recordclaim_open"),
        ]


class NoteNotice(models.Model):
    """Tells one person that a note they have read was corrected, deleted or taken off the patient. No application reads it but by its functions."""

    id = models.UUIDField(primary_key=True)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+", db_index=False)
    note_id = models.UUIDField()
    what = models.CharField(max_length=13, help_text="correction, deletion or wrong_patient")
    read_at = models.DateTimeField(null=True, help_text="When this person last had the note on the screen; NULL for its author")
    made_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-made_at"], condition=Q(seen_at__isnull=True), name="notenotice_unseen")]
