"""What is wrong, whom it was told, and who has it in hand (R62, R63, R66). No patient, and no health data."""

from django.db import models
from django.db.models import Q

from access.models import OrgUnit, User
from access.models.base import Identified
from lms_epj.core.choices import TextChoices

from .plan import Party, System
from .swap import DutyMessage


class EventSource(Identified):
    """Something that may tell of events: a monitor, a building system. Its token is kept as a hash, its signing key by the database alone."""

    name = models.TextField()
    system = models.ForeignKey(System, models.PROTECT, related_name="+")
    unit = models.ForeignKey(OrgUnit, models.PROTECT, null=True, blank=True, related_name="+", help_text="Whose call bells they are")
    token_hash = models.BinaryField(unique=True)
    signing_key = models.BinaryField()
    active = models.BooleanField(default=True)


class SeenNonce(models.Model):
    """What a source has sent once is not taken again."""

    source = models.ForeignKey(EventSource, models.PROTECT, related_name="+")
    nonce = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "nonce"], name="nonce_once")]


class Incident(Identified):
    """Something that is wrong with a system. What tells of the same (`key`) while it is open is counted, not told anew."""

    class Severity(TextChoices):
        CRITICAL = "critical", "Kritisk"
        SERIOUS = "serious", "Alvorlig"
        NOTICE = "notice", "Til orientering"

    system = models.ForeignKey(System, models.PROTECT, related_name="incidents")
    key = models.CharField(max_length=120)
    severity = models.CharField(max_length=8, choices=Severity)
    title = models.TextField()
    detail = models.TextField(blank=True)
    origin = models.CharField(max_length=12, choices=[("person", "Meldt av ansatt"), ("building", "Bygg"), ("monitor", "Overvåking")])
    count = models.IntegerField(default=1)
    opened_at = models.DateTimeField()
    alarmed_at = models.DateTimeField(null=True, blank=True, help_text="When it became as serious as it is: from then an answer is owed")
    last_seen_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    review = models.TextField(blank=True, help_text="What happened, what helped, what is to be changed")

    class Meta:
        indexes = [models.Index(fields=["-opened_at"], name="incident_newest")]
        constraints = [models.UniqueConstraint(fields=["system", "key"], condition=Q(closed_at=None), name="incident_once_open")]


class Step(Identified):
    """One step of telling. Held by a worker for the time of its lease; a worker that dies leaves it to another, which marks it as repeated."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="steps")
    number = models.SmallIntegerField()
    level = models.SmallIntegerField()
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    claims = models.SmallIntegerField(default=0)
    state = models.CharField(
        max_length=8, choices=[("waiting", "Venter"), ("told", "Varslet"), ("nobody", "Ingen på vakt"), ("stopped", "Ikke nødvendig")]
    )
    party = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "number"], name="step_once")]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="waiting"), name="step_waiting")]


class Notice(Identified):
    """One message to one address, with what was said. `repeated`: it may have been sent before by a worker that died."""

    step = models.ForeignKey(Step, models.PROTECT, null=True, blank=True, related_name="notices")
    message = models.ForeignKey(DutyMessage, models.PROTECT, null=True, blank=True, related_name="notices")
    channel = models.CharField(max_length=8)
    address = models.TextField()
    text = models.TextField()
    repeated = models.BooleanField(default=False)
    at = models.DateTimeField()
    error = models.TextField(blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(step__isnull=True) ^ Q(message__isnull=True), name="notice_of_one_thing")]


class IncidentLine(models.Model):
    """The timeline of an incident. Only added to."""

    id = models.BigAutoField(primary_key=True)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="lines")
    at = models.DateTimeField()
    kind = models.CharField(max_length=16)
    text = models.TextField()
    by = models.TextField(blank=True)


class BuildingEvent(Identified):
    """What a building system told: a call bell, a technical alarm, a door. A bell rings until it is told that it has stopped."""

    source = models.ForeignKey(EventSource, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, choices=[("call", "Pasientsignal"), ("technical", "Teknisk alarm"), ("access", "Adgang")])
    place = models.CharField(max_length=40)
    text = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, blank=True, related_name="events")

    class Meta:
        indexes = [models.Index(fields=["-received_at"], name="buildingevent_newest")]
