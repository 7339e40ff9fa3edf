"""Who answers for what, when. `Shift` is the answer; rotations and acts are how it came about (R56, R64, R65)."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from access.models import LegalEntity, OrgUnit, User
from access.models.base import Identified
from lms_epj.core.choices import TextChoices


class System(Identified):
    """What somebody must answer for round the clock (R64). What was promised about it is `Terms`."""

    code = models.SlugField(max_length=24, unique=True)
    name = models.TextField()
    icon = models.CharField(max_length=24, default="Cog")
    phone = models.CharField(max_length=20, blank=True, help_text="The one number to call; where there is none, the number of who answers")
    runbook = models.TextField(blank=True, help_text="What to do first, line by line")
    place = models.SmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class Party(Identified):
    """One that can answer: a person, a municipality's own telephone, the host, a firm."""

    class Kind(TextChoices):
        PERSON = "person", "Person"
        MUNICIPALITY = "municipality", "Kommune"
        HOST = "host", "Vertskommune"
        EXTERNAL = "external", "Ekstern"

    kind = models.CharField(max_length=12, choices=Kind)
    name = models.TextField()
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    user = models.OneToOneField(User, models.PROTECT, null=True, blank=True, related_name="duty_party")
    legal_entity = models.ForeignKey(LegalEntity, models.PROTECT, null=True, blank=True, related_name="+", help_text="On whose account it is counted")
    active = models.BooleanField(default=True)

    class Meta:
        permissions = [("answer_for", "Kan ta imot og bytte vakter på vegne av parten")]
        constraints = [models.CheckConstraint(condition=~Q(phone="") | ~Q(email="") | Q(user__isnull=False), name="party_can_be_reached")]

    def __str__(self) -> str:
        return self.name


class Roster(Identified):
    """The roster of one system, or the shift plan of one unit. Its row is the lock that every change takes."""

    name = models.TextField()
    system = models.OneToOneField(System, models.PROTECT, null=True, blank=True, related_name="roster")
    unit = models.ForeignKey(OrgUnit, models.PROTECT, null=True, blank=True, related_name="+")
    parties = models.ManyToManyField(Party, related_name="rosters")
    eves = ArrayField(models.CharField(max_length=16), default=list, blank=True)
    version = models.IntegerField(default=1)
    published_to = models.DateTimeField(null=True, blank=True)

    class Meta:
        permissions = [("edit_roster", "Kan endre vaktplanen")]
        constraints = [models.CheckConstraint(condition=Q(system__isnull=True) ^ Q(unit__isnull=True), name="roster_of_one_thing")]

    def __str__(self) -> str:
        return self.name


class RosterLevel(Identified):
    """First line, second line …; in a shift plan a place that somebody fills."""

    roster = models.ForeignKey(Roster, models.PROTECT, related_name="levels")
    number = models.SmallIntegerField()
    name = models.TextField()
    promised = models.BooleanField(default=True, help_text="Somebody shall answer at any time")
    wait_minutes = models.SmallIntegerField(default=5, help_text="So long is waited for an answer before the next is told")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["roster", "number"], name="level_once"),
            models.CheckConstraint(condition=Q(number__gte=1, wait_minutes__gte=1), name="level_sensible"),
        ]


class Rotation(Identified):
    """One rule of a roster (ops.domain.rules.Rule). A changed one is retired and stays."""

    roster = models.ForeignKey(Roster, models.PROTECT, related_name="rotations")
    level = models.SmallIntegerField()
    rank = models.SmallIntegerField()
    name = models.TextField()
    members = ArrayField(models.UUIDField())
    anchor = models.DateField()
    turn_days = models.SmallIntegerField()
    starts = models.TimeField()
    ends = models.TimeField()
    weekdays = ArrayField(models.SmallIntegerField())
    holidays = models.CharField(max_length=12)
    fair = models.BooleanField(default=False)
    until = models.DateField(null=True, blank=True)
    away = models.JSONField(default=list, help_text="[{member, first, last}]")
    never = models.JSONField(default=list, help_text="[[member, weekday]]")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["roster"], condition=Q(retired_at=None), name="rotation_live")]


class Shift(Identified):
    """Who answers, from and including the one time until the other. Never two at once; what has been is not changed."""

    roster = models.ForeignKey(Roster, models.PROTECT, related_name="shifts")
    level = models.SmallIntegerField()
    span = DateTimeRangeField()
    party = models.ForeignKey(Party, models.PROTECT, related_name="shifts")

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="shift_one_answers",
                expressions=[(F("roster"), RangeOperators.EQUAL), (F("level"), RangeOperators.EQUAL), (F("span"), RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(condition=Q(span__isempty=False, span__lower_inf=False, span__upper_inf=False), name="shift_has_ends"),
        ]


class Act(models.Model):
    """A change of who answers, as it was made; `id` is the order. Only added to."""

    class Kind(TextChoices):
        OVERRIDE = "override", "Endret av vaktansvarlig"
        TAKE = "take", "Tok vakten"
        COVER = "cover", "Dekket på spørsmål til alle"
        SWAP = "swap", "Byttet"

    id = models.BigAutoField(primary_key=True)
    roster = models.ForeignKey(Roster, models.PROTECT, related_name="acts")
    level = models.SmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    span = DateTimeRangeField()
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    instead_of = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    swap = models.ForeignKey("ops.Swap", models.PROTECT, null=True, blank=True, related_name="acts")
    reason = models.TextField(blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["roster", "id"], name="act_in_order")]


class Release(Identified):
    """A time for which cover that was promised is given up, and why: without it the database refuses to lose cover."""

    roster = models.ForeignKey(Roster, models.PROTECT, related_name="releases")
    level = models.SmallIntegerField()
    span = DateTimeRangeField()
    reason = models.TextField()
    made_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()


class Handover(Identified):
    """What the next one on call should know."""

    roster = models.ForeignKey(Roster, models.PROTECT, related_name="handovers")
    text = models.TextField()
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    read_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", help_text="The one who came on, or will")
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["roster", "-written_at"], name="handover_newest")]


class Feed(Identified):
    """A calendar address that needs no log-in: whoever holds it reads one person's shifts, until it is revoked."""

    secret_hash = models.BinaryField(unique=True)
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
