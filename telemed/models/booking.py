"""Bookings. What is taken, and when, holds no patient; whose booking it is stands in a row of the record."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from access.models import LegalEntity, OrgUnit, User
from journal.models import Entry, Note, StayDecision
from lms_epj.core.choices import TextChoices
from lms_epj.core.ids import uuid7
from telemed.models.resource import Resource


class Kind(TextChoices):
    """What a session is for (R39–R47)."""

    WOUND = "wound", "Sårkonsultasjon"
    CLARIFY = "clarify", "Avklaring: sendes videre eller blir"
    SUPERVISION = "supervision", "Veiledning"
    MORNING = "morning", "Morgenmøte"
    TEACH_PATIENT = "teach_patient", "Opplæring av pasient"
    TEACH_GROUP = "teach_group", "Opplæring i gruppe"
    COMPETENCE = "competence", "Kompetanseoverføring"
    MEETING = "meeting", "Annet møte"
    HOME = "home", "Pasient hjemme"


ABOUT_ONE = (Kind.WOUND, Kind.CLARIFY, Kind.SUPERVISION, Kind.TEACH_PATIENT, Kind.TEACH_GROUP, Kind.HOME)
MEETINGS = (Kind.MORNING, Kind.COMPETENCE, Kind.MEETING, Kind.TEACH_GROUP)


class Series(models.Model):
    """A meeting that comes again (telemed.domain.series). Its bookings are made when it is."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=16, choices=Kind)
    title = models.CharField(max_length=80)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    weekdays = ArrayField(models.SmallIntegerField())
    interval = models.SmallIntegerField(default=1)
    at = models.TimeField()
    minutes = models.SmallIntegerField()
    first = models.DateField()
    until = models.DateField()
    recorded_at = models.DateTimeField()


class Booking(models.Model):
    """A time with its purpose. ``about_patient``: row security shows it only to those who may see a patient of it; others see taken slots."""

    class Status(TextChoices):
        BOOKED = "booked", "Bestilt"
        CONFIRMED = "confirmed", "Bekreftet"
        RUNNING = "running", "Pågår"
        HELD = "held", "Gjennomført"
        CANCELLED = "cancelled", "Avlyst"

    class CancelReason(TextChoices):
        PATIENT = "patient", "Pasienten kan ikke"
        SPECIALIST = "specialist", "Den andre parten kan ikke"
        STAFF = "staff", "Vi mangler folk"
        EQUIPMENT = "equipment", "Utstyret virker ikke"
        NOT_NEEDED = "not_needed", "Ikke lenger nødvendig"
        OTHER = "other", "Annet"

    OPEN = (Status.BOOKED, Status.CONFIRMED, Status.RUNNING)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=16, choices=Kind)
    title = models.CharField(max_length=80, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    status = models.CharField(max_length=16, choices=Status, default=Status.BOOKED)
    about_patient = models.BooleanField(default=False)
    ward_list = models.BooleanField(default=False, help_text="Shows the unit's patients, to each participant those that the rule opens (R47)")
    series = models.ForeignKey(Series, models.PROTECT, null=True, blank=True, related_name="bookings")
    series_day = models.DateField(null=True, blank=True)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    legal_entity = models.ForeignKey(LegalEntity, models.PROTECT, related_name="+")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    room = models.CharField(max_length=40, unique=True, help_text="The name of the video room; it means nothing")
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(max_length=16, choices=CancelReason, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    lock_version = models.IntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["starts_at"]), models.Index(fields=["series", "series_day"])]
        constraints = [models.CheckConstraint(condition=Q(starts_at__lt=models.F("ends_at")), name="booking_has_length")]


class Slot(models.Model):
    """One resource taken for a time. Nothing here tells for whom; what overlaps cannot be stored."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    booking = models.ForeignKey(Booking, models.PROTECT, related_name="slots")
    resource = models.ForeignKey(Resource, models.PROTECT, related_name="+", db_index=False)
    during = DateTimeRangeField()
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="slot_one_at_a_time",
                expressions=[("resource", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(active=True),
            )
        ]


class Participant(models.Model):
    """Who is to take part. An external specialist and a patient at home come by a link, not by log-in."""

    class Kind(TextChoices):
        STAFF = "staff", "Ansatt"
        EXTERNAL = "external", "Ekstern spesialist"
        PATIENT = "patient", "Pasient"

    class Response(TextChoices):
        WAITING = "waiting", "Ikke svart"
        COMING = "coming", "Kommer"
        DECLINED = "declined", "Kommer ikke"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    booking = models.ForeignKey(Booking, models.PROTECT, related_name="participants")
    kind = models.CharField(max_length=16, choices=Kind)
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=80)
    organisation = models.CharField(max_length=80, blank=True)
    part = models.ForeignKey(
        "BookingPatient", models.PROTECT, null=True, blank=True, related_name="+", help_text="Whose name it is: seen by those who see that row"
    )
    response = models.CharField(max_length=16, choices=Response, default=Response.WAITING)
    joined_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)


class ChecklistItem(models.Model):
    """One thing to have ready before the time."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    booking = models.ForeignKey(Booking, models.PROTECT, related_name="checklist")
    text = models.CharField(max_length=120)
    position = models.SmallIntegerField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["position"]


class BookingPatient(Entry):
    """Whose booking it is, why, and what came of it: a row of the record under its rule."""

    booking = models.ForeignKey(Booking, models.PROTECT, related_name="patients")
    aim = models.TextField()
    at_home = models.BooleanField(default=False)
    sheet_sent_at = models.DateTimeField(null=True, blank=True)
    informed_at = models.DateTimeField(null=True, blank=True)
    informed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.ForeignKey(Note, models.PROTECT, null=True, blank=True, related_name="+")
    decision = models.ForeignKey(StayDecision, models.PROTECT, null=True, blank=True, related_name="+")
    saved_km = models.SmallIntegerField(null=True, blank=True)
    saved_escort_hours = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    attended = models.BooleanField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True, help_text="Taken off a group that goes on without")
    cancel_remark = models.TextField(blank=True)
    lock_version = models.IntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["patient", "-event_at"])]
        constraints = [models.UniqueConstraint(fields=["booking", "patient"], name="booking_patient_once")]


class WaitingEntry(Entry):
    """A patient who waits for a time to become free."""

    kind = models.CharField(max_length=16, choices=Kind)
    aim = models.TextField()
    minutes = models.SmallIntegerField()
    not_before = models.DateField()
    urgent = models.BooleanField(default=False)
    for_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    booking = models.ForeignKey(Booking, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_reason = models.CharField(max_length=120, blank=True)
    lock_version = models.IntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["patient"]), models.Index(fields=["for_unit", "ended_at"])]
