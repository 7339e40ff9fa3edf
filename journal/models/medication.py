"""Orders, the doses given from them, the second person's control, and what was reconciled.

A dose that is planned is not stored: it follows from the order's schedule. What was done about it is one row, and the database holds that
there is never more than one for the same place in the schedule.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from access.models import User
from lms_epj.core.choices import TextChoices

from .base import Entry


class MedOrder(Entry):
    """What a doctor orders. What is ordered never changes: a change is a stop and a new order that names the old one (``origin_id``).

    Until it is signed it may not be given. ``times`` are clock times in Norway; none for what is given as needed. ``dose`` in ``unit_text``;
    ``volume_ml`` is what an infusion holds, and counts in the fluid balance.
    """

    class Kind(TextChoices):
        REGULAR = "regular", "Fast"
        AS_NEEDED = "as_needed", "Ved behov"
        INFUSION = "infusion", "Infusjon"
        ONCE = "once", "Engangsdose"

    kind = models.CharField(max_length=12, choices=Kind)
    generic = models.TextField()
    brand = models.TextField(blank=True)
    atc = models.CharField(max_length=7, blank=True)
    fest_id = models.CharField(max_length=40, blank=True)
    form = models.TextField(blank=True)
    strength = models.TextField(blank=True)
    dose = models.DecimalField(max_digits=10, decimal_places=3)
    unit_text = models.CharField(max_length=40)
    route = models.TextField(blank=True)
    times = ArrayField(models.TimeField(), default=list, blank=True)
    every_days = models.SmallIntegerField(default=1)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    min_interval = models.IntegerField(null=True, blank=True, help_text="As needed: minutes between two doses")
    max_per_day = models.SmallIntegerField(null=True, blank=True, help_text="As needed: doses in any 24 hours")
    volume_ml = models.IntegerField(null=True, blank=True)
    rate = models.CharField(max_length=60, blank=True)
    indication = models.TextField(blank=True)
    instruction = models.TextField(blank=True)
    double_control = models.BooleanField(default=False)
    cave_reason = models.TextField(blank=True, help_text="Why it is ordered though the patient has reacted to such")
    medication_id = models.UUIDField(null=True, blank=True, help_text="The medicine in use that it carries on")
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    stopped_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    stopped_at = models.DateTimeField(null=True, blank=True)
    stop_reason = models.TextField(blank=True)
    lock_version = models.IntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["patient", "-event_at"])]
        constraints = [
            models.CheckConstraint(condition=Q(dose__gt=0, every_days__gte=1), name="medorder_amount"),
            models.CheckConstraint(
                condition=Q(kind="as_needed", times=[]) | (~Q(kind="as_needed") & ~Q(times=[])), name="medorder_has_times_or_need"
            ),
            models.CheckConstraint(condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")), name="medorder_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, signed_by__isnull=True) | Q(signed_at__isnull=False, signed_by__isnull=False),
                name="medorder_signed_names_signer",
            ),
        ]


class DosePlace(Entry):
    """Which dose of an order: its place in the schedule, or, as needed, the dose it comes after.

    No foreign key in the database: a copy of one member's own entries may hold a dose whose order stays behind.
    """

    order = models.ForeignKey(MedOrder, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    slot_on = models.DateField(null=True, blank=True)
    slot_at = models.TimeField(null=True, blank=True)
    previous_id = models.UUIDField(null=True, blank=True)

    class Meta:
        abstract = True


class MedDose(DosePlace):
    """What was done about one dose, at ``event_at`` by ``author``. Entered in error, it is struck out with a reason, and the place is open again."""

    class Status(TextChoices):
        GIVEN = "given", "Gitt"
        PARTLY = "partly", "Delvis gitt"
        NOT_GIVEN = "not_given", "Ikke gitt"
        REFUSED = "refused", "Ville ikke ha"

    class ReasonCode(TextChoices):
        NAUSEA = "nausea", "Kvalm"
        FASTING = "fasting", "Faster"
        ASLEEP = "asleep", "Sover"
        ABSENT = "absent", "Ikke til stede"
        CANNOT_SWALLOW = "cannot_swallow", "Kan ikke svelge"
        NOT_IN_STOCK = "not_in_stock", "Ikke på lager"
        MEASUREMENT = "measurement", "På grunn av en måling"
        DOCTOR = "doctor", "Etter avtale med lege"
        DOES_NOT_WANT = "does_not_want", "Ønsker ikke"
        OTHER = "other", "Annet"

    status = models.CharField(max_length=12, choices=Status)
    dose = models.DecimalField(max_digits=10, decimal_places=3, null=True, blank=True, help_text="How much, where it is not what was ordered")
    reason_code = models.CharField(max_length=16, choices=ReasonCode, blank=True)
    reason = models.TextField(blank=True)
    struck_at = models.DateTimeField(null=True, blank=True)
    struck_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    struck_reason = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["patient", "-event_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "slot_on", "slot_at"], condition=Q(struck_at__isnull=True, slot_at__isnull=False), name="dose_once_per_slot"
            ),
            models.UniqueConstraint(
                fields=["order", "previous_id"], condition=Q(struck_at__isnull=True, slot_at__isnull=True), nulls_distinct=False,
                name="dose_follows_last",
            ),
            models.CheckConstraint(condition=Q(origin_id=F("order_id")), name="dose_is_hidden_with_its_order"),
            models.CheckConstraint(
                condition=Q(slot_on__isnull=True, slot_at__isnull=True) | Q(slot_on__isnull=False, slot_at__isnull=False, previous_id__isnull=True),
                name="dose_has_one_place",
            ),
            models.CheckConstraint(condition=Q(status="given") | ~Q(reason_code=""), name="dose_says_why"),
            models.CheckConstraint(condition=~Q(status="partly") | Q(dose__isnull=False), name="dose_partly_says_how_much"),
        ]  # fmt: skip


class DoseControl(DosePlace):
    """Another person has checked this dose before it is given. Append-only; one who controls does not give."""

    class Meta:
        indexes = [models.Index(fields=["patient", "-event_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "slot_on", "slot_at", "previous_id", "author"], nulls_distinct=False, name="dosecontrol_once_by_each"
            ),
            models.CheckConstraint(condition=Q(origin_id=F("order_id")), name="dosecontrol_is_hidden_with_its_order"),
        ]


class MedReconciliation(Entry):
    """That the list of medicines was gone through, when, by whom, against which sources, and what was decided of each. Append-only.

    ``decisions`` holds ids alone, {medicine: decision}: what is blocked is not told of here.
    """

    class Occasion(TextChoices):
        ADMISSION = "admission", "Ved innleggelse"
        UNDERWAY = "underway", "Under oppholdet"
        DISCHARGE = "discharge", "Ved utskriving"

    occasion = models.CharField(max_length=12, choices=Occasion)
    sources = models.JSONField(default=list, help_text="[patient, kin, gp, home_care, prescriptions, multidose, letter]")
    decisions = models.JSONField(default=dict)
    comment = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["patient", "-event_at"])]
