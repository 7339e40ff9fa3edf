"""The record community (pjl § 9): the agreement as data, who takes part, and how it changes (R20, R21).

The rule reads `RecordCommunity` and `Participation`; a participation comes into being only with a signature on the agreement.
"""

from django.db import models
from django.db.models import Q

from lms_epj.core.choices import TextChoices

from .authorisation import AccessAuthorisation
from .base import Dated, Identified, ends_after_start
from .identity import LegalEntity, User
from .patient import Patient


class RecordCommunity(Identified, Dated):
    name = models.TextField()

    class Meta:
        constraints = [ends_after_start("community_ends_after_start")]
        permissions = [("administer_community", "Kan forvalte avtalen om felles journal")]

    def __str__(self) -> str:
        return self.name


class Participation(Identified, Dated):
    """A legal entity takes part with one service for a time; leaving is an end date, nothing is deleted."""

    class Mode(TextChoices):
        MEMBER = "member", "Deltar i felles journal"
        MESSAGE_ONLY = "message_only", "Bare meldinger"

    community = models.ForeignKey(RecordCommunity, models.PROTECT, related_name="participations")
    legal_entity = models.ForeignKey(LegalEntity, models.PROTECT, related_name="participations")
    service_code = models.SmallIntegerField()
    mode = models.CharField(max_length=16, choices=Mode)

    class Meta:
        constraints = [ends_after_start("participation_ends_after_start")]
        indexes = [models.Index(fields=["legal_entity", "service_code"])]


class ExportRule(TextChoices):
    """What one who leaves takes along (the agreement says which)."""

    RESIDENTS = "residents", "Hele journalen til kommunens innbyggere, og det kommunen selv har ført om andre"
    OWN = "own", "Bare det kommunen selv har ført"


class AgreementVersion(Identified, Dated):
    """What the parties have agreed, from a date on. Never changed: a new version follows it (pjl § 9 a–d, koml § 20-4).

    ``law`` holds the paragraph references, which change with the law and so stand in no code.
    """

    community = models.ForeignKey(RecordCommunity, models.PROTECT, related_name="versions")
    number = models.IntegerField()
    coverage = models.TextField(help_text="What the co-operation covers")
    patient_rights = models.TextField(help_text="How patients' rights are looked after")
    processing = models.TextField(help_text="How information is processed and secured, also at change and end")
    controller = models.TextField(help_text="Who is data controller of what")
    rights_contact = models.TextField(help_text="Where patients turn")
    host = models.ForeignKey(LegalEntity, models.PROTECT, related_name="+")
    operator = models.ForeignKey(LegalEntity, models.PROTECT, related_name="+")
    notice_months = models.SmallIntegerField(help_text="Notice of leaving")
    export_rule = models.CharField(max_length=16, choices=ExportRule)
    exit_plan = models.TextField()
    law = models.TextField(blank=True)
    reason = models.TextField(help_text="Why this version was made")
    registered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    registered_at = models.DateTimeField()

    class Meta:
        constraints = [
            ends_after_start("agreement_ends_after_start"),
            models.UniqueConstraint(fields=["community", "number"], name="agreement_number_once"),
            models.UniqueConstraint(fields=["community"], condition=Q(valid_to=None), name="agreement_one_without_end"),
        ]


class AgreementSignature(Identified):
    """Who signed a version for a party, and when. The paper lies in the party's archive."""

    version = models.ForeignKey(AgreementVersion, models.PROTECT, related_name="signatures")
    legal_entity = models.ForeignKey(LegalEntity, models.PROTECT, related_name="+")
    signer = models.TextField()
    title = models.TextField()
    signed_on = models.DateField()
    registered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    registered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "legal_entity"], name="signature_once")]


class CommunityChange(Identified):
    """One change of who is in the community and on what terms, from a moment on.

    What the rule reads is dated when the change is registered, so no process has to run at midnight. An exit has a second moment:
    at ``closes_at`` the leaver's units close, and a sweep then ends what hangs on them.
    """

    class Kind(TextChoices):
        AGREEMENT = "agreement", "Ny avtaleversjon"
        HOST = "host", "Ny vert"
        JOIN = "join", "Ny deltaker"
        MERGE = "merge", "Sammenslåing"
        EXIT = "exit", "Utmelding"

    class State(TextChoices):
        REGISTERED = "registered", "Registrert"
        DONE = "done", "Gjennomført"
        CANCELLED = "cancelled", "Avlyst"

    community = models.ForeignKey(RecordCommunity, models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=16, choices=Kind)
    legal_entity = models.ForeignKey(LegalEntity, models.PROTECT, null=True, related_name="+", help_text="Who joins, leaves, succeeds or hosts")
    effective_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=16, choices=State, default=State.REGISTERED)
    details = models.JSONField(default=dict, help_text="What was dated, with the ends it had before; what the sweep handled")
    reason = models.TextField()
    registered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    registered_at = models.DateTimeField()
    cancelled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="exit") | Q(closes_at__gte=models.F("effective_at"), legal_entity__isnull=False), name="exit_closes_after_it_begins"
            ),
            models.UniqueConstraint(fields=["legal_entity"], condition=Q(kind="exit", state="registered"), name="exit_one_at_a_time"),
        ]


class RecordExport(Identified):
    """The leaver's copy of the records: ordered with the exit, released by the custodian, written by the worker in slices."""

    class State(TextChoices):
        ORDERED = "ordered", "Venter på frigivelse"
        RELEASED = "released", "Frigitt, venter på start"
        RUNNING = "running", "Skrives"
        DONE = "done", "Ferdig"
        FAILED = "failed", "Stanset av en feil"
        RECEIVED = "received", "Mottatt"

    change = models.OneToOneField(CommunityChange, models.PROTECT, related_name="export")
    rule = models.CharField(max_length=16, choices=ExportRule)
    state = models.CharField(max_length=16, choices=State, default=State.ORDERED)
    certificate = models.TextField(blank=True, db_default="", help_text="The receiver's (PEM): the files are encrypted for it")
    released_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    released_as = models.ForeignKey(AccessAuthorisation, models.PROTECT, null=True, blank=True, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True, help_text="A worker is at it until then")
    entries_done = models.IntegerField(default=0)
    withheld = models.IntegerField(default=0, help_text="Entries that a block against the leaver keeps out")
    finished_at = models.DateTimeField(null=True, blank=True)
    manifest_sha256 = models.CharField(max_length=64, blank=True)
    error = models.TextField(blank=True)
    received_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    received_at = models.DateTimeField(null=True, blank=True)
    receipt = models.TextField(blank=True, help_text="Who received it, and how that is known")


class ExportPatient(models.Model):
    """One patient of an export, and the file that holds the copy; without a file it is still to be written."""

    export = models.ForeignKey(RecordExport, models.PROTECT, related_name="patients", db_index=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+", db_index=False)
    file = models.IntegerField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["export", "patient"], name="exportpatient_once")]


class ExportRefusal(Identified):
    """A patient who does not want the record handed over (pjl § 24): left out, with the receiver named instead, if any."""

    export = models.ForeignKey(RecordExport, models.PROTECT, related_name="refusals")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    receiver = models.TextField(blank=True)
    registered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["export", "patient"], name="refusal_once")]
