"""Messages as they came and went, and the receipts between."""

from django.db import models
from django.db.models import Q

from access.models import DocumentType, InfoCategory, LegalEntity, OrgUnit, Patient, User
from access.models.base import Identified
from access.shown import note_shown
from journal.models import Stay
from lms_epj.core.choices import TextChoices
from lms_epj.core.shape import built


class Message(Identified):
    """One message, in or out. ``raw`` is kept as it came and never changes.

    Once filed it is an entry of the patient's record: the columns from ``patient`` on are those of every entry, and the same rule decides
    who reads it. Until then, and when refused, they are empty and no person reads it. ``thread`` is what stays the same through a
    document's versions: the first message of the conversation, or the document's own number (HISD 1154).
    """

    class Direction(TextChoices):
        IN = "in", "Inn"
        OUT = "out", "Ut"

    class State(TextChoices):
        ARRIVED = "arrived", "Mottatt"
        TRAY = "tray", "Venter på manuell kobling"
        FILED = "filed", "Journalført"
        REFUSED = "refused", "Avvist"
        DUPLICATE = "duplicate", "Duplikat"
        QUARANTINE = "quarantine", "Satt til side"
        TAKEN = "taken", "Kvittering tatt imot"
        QUEUED = "queued", "Skal sendes"
        SENT = "sent", "Sendt"
        HELD = "held", "Holdt tilbake"

    class Superseded(TextChoices):
        CHANGED = "changed", "Erstattet av en nyere utgave"
        CANCELLED = "cancelled", "Kansellert av avsenderen"
        RESENT = "resent", "Rettet og sendt på nytt"

    direction = models.CharField(max_length=3, choices=Direction)
    state = models.CharField(max_length=10, choices=State)
    type = models.CharField(max_length=40, blank=True, help_text="Volven 8279")
    standard = models.CharField(max_length=60, blank=True)
    version = models.CharField(max_length=8, blank=True)
    status = models.CharField(max_length=1, blank=True, help_text="Volven 7309: N, M, C, A")
    title = models.TextField(blank=True)
    msg_id = models.TextField(blank=True)
    parent_msg_id = models.TextField(blank=True)
    conversation = models.TextField(blank=True)
    thread = models.TextField(blank=True)
    sender_her = models.CharField(max_length=16, blank=True)
    sender_name = models.TextField(blank=True)
    receiver_her = models.CharField(max_length=16, blank=True)
    receiver_name = models.TextField(blank=True)
    generated_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    raw = models.BinaryField()
    sha256 = models.BinaryField()
    transport = models.CharField(max_length=8)
    transport_ref = models.TextField(blank=True)
    code = models.CharField(max_length=4, blank=True, help_text="Volven 8221, for what was refused")
    reason = models.TextField(blank=True)
    remarks = models.JSONField(default=list, help_text="What a person should know: [{code, text}]")
    duplicate_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    superseded_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    superseded = models.CharField(max_length=9, choices=Superseded, blank=True)

    patient = models.ForeignKey(Patient, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    category = models.ForeignKey(InfoCategory, models.PROTECT, null=True, related_name="+", db_column="category", db_index=False)
    document_type = models.ForeignKey(DocumentType, models.PROTECT, null=True, related_name="+", db_index=False)
    stay = models.ForeignKey(Stay, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, null=True, related_name="+", db_index=False)
    legal_entity = models.ForeignKey(LegalEntity, models.PROTECT, null=True, related_name="+", db_index=False)
    author = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    origin_id = models.UUIDField(null=True, blank=True)
    event_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(patient__isnull=True)
                | Q(category__isnull=False, document_type__isnull=False, unit__isnull=False, legal_entity__isnull=False,
                    author__isnull=False, event_at__isnull=False, recorded_at__isnull=False),
                name="message_of_a_patient_is_an_entry",
            ),
            models.CheckConstraint(condition=~Q(state="filed") | Q(patient__isnull=False), name="message_filed_has_a_patient"),
            # The one place where «once» is decided: whatever retries, the same file or transport message is one row.
            models.UniqueConstraint(fields=["transport", "transport_ref"], condition=Q(direction="in"), name="message_arrives_once"),
            # Of all copies of one message one counts; one set aside because its number was used again does not. Also the index by number alone.
            models.UniqueConstraint(
                fields=["msg_id", "sender_her"],
                condition=Q(direction="in", state__in=["filed", "tray", "refused", "taken"]) & ~Q(msg_id=""),
                name="message_counts_once",
            ),
            models.UniqueConstraint(fields=["msg_id"], condition=Q(direction="out"), name="message_sent_under_one_number"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["patient", "-event_at"], condition=Q(patient__isnull=False), name="message_of_patient"),
            models.Index(fields=["unit", "-recorded_at"], condition=Q(patient__isnull=False), name="message_of_unit"),
            models.Index(fields=["thread", "sender_her"]),
            models.Index(fields=["direction", "state", "received_at"]),
        ]

    @classmethod
    def from_db(cls, db, field_names, values):
        row = built(cls, db, field_names, values)
        note_shown(row)
        return row


class Receipt(Identified):
    """A receipt that one recipient owes for one message: theirs for what we sent, ours for what we took (HITS 1168).

    The first is final. ``late`` stays when it came after the deadline, though the alarm is cleared.
    """

    class State(TextChoices):
        AWAITED = "awaited", "Venter"
        MISSING = "missing", "Mangler"
        OK = "ok", "OK"
        REFUSED = "refused", "Avvist"
        PARTIAL = "partial", "OK, feil i delmelding"

    message = models.ForeignKey(Message, models.PROTECT, related_name="receipts")
    recipient_her = models.CharField(max_length=16)
    state = models.CharField(max_length=8, choices=State)
    due_at = models.DateTimeField(help_text="96 hours after the message was made")
    given_at = models.DateTimeField(null=True, blank=True)
    late = models.BooleanField(default=False)
    errors = models.JSONField(default=list, help_text="[{code, text, detail}] (Volven 8221)")
    carrier = models.ForeignKey(Message, models.PROTECT, null=True, blank=True, related_name="+", help_text="The receipt as a message")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "recipient_her"], name="receipt_once_per_recipient")]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="awaited"), name="receipt_awaited")]
