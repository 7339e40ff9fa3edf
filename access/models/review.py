"""Control after the event (3.4, 3.8): cases that a human decides, and what the statistics of the log lift out for one to look at."""

from django.db import models
from django.db.models import Q

from lms_epj.core.choices import TextChoices

from .base import Dated, Identified, ends_after_start
from .identity import OrgUnit, User
from .patient import Patient


class ReviewCase(Identified):
    """One access that somebody answers for. The first three kinds land with the custodian by themselves; a log case is taken by a log reviewer.

    ``source_id`` names what it is about: the emergency case, the measure of the arrival, the opening, the finding.
    """

    class Kind(TextChoices):
        EMERGENCY = "emergency", "Nødrettstilgang"
        ARRIVAL = "arrival", "Ankomst uten at pasienten kom"
        OPENING = "opening", "Åpnet sperring"
        LOG = "log", "Uvanlig oppslag"

    class State(TextChoices):
        OPEN = "open", "Ikke vurdert"
        ASKED = "asked", "Venter på svar"
        ANSWERED = "answered", "Besvart"
        CLOSED = "closed", "Avsluttet"

    class Verdict(TextChoices):
        LAWFUL = "lawful", "Rettmessig"
        MISTAKE = "mistake", "Feil, i god tro"
        UNLAWFUL = "unlawful", "Urettmessig, meldt til leder"

    kind = models.CharField(max_length=9, choices=Kind)
    source_id = models.UUIDField()
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+", help_text="Whose access it was")
    unit = models.ForeignKey(OrgUnit, models.PROTECT, null=True, related_name="+")
    happened_at = models.DateTimeField()
    basis = models.TextField(blank=True, help_text="Code of the reason that was chosen, by kind")
    reason = models.TextField(blank=True, help_text="What the person wrote when access was opened")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answer_due = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    verdict = models.CharField(max_length=8, choices=Verdict, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "source_id"], name="reviewcase_once"),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False, closed_by__isnull=False) & ~Q(verdict="")
                | ~Q(state="closed") & Q(closed_at=None, closed_by=None, verdict=""),
                name="reviewcase_closed_with_a_verdict",
            ),
            models.CheckConstraint(condition=Q(closed_by=None) | ~Q(closed_by=models.F("user")), name="reviewcase_not_ones_own"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=~Q(state="closed"), name="reviewcase_live"),
            models.Index(fields=["user"], condition=Q(state="asked"), name="reviewcase_asked"),
            models.Index(fields=["-closed_at"], condition=Q(state="closed"), name="reviewcase_closed"),
        ]


class ReviewMessage(Identified):
    """What was asked, answered and decided in a case, in order. Never changed: the thread is the case's history."""

    class Kind(TextChoices):
        QUESTION = "question", "Spørsmål"
        ANSWER = "answer", "Svar"
        VERDICT = "verdict", "Vurdering"
        REOPENED = "reopened", "Gjenåpnet"

    case = models.ForeignKey(ReviewCase, models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=8, choices=Kind)
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()


class VerdictRead(Identified):
    """The leader of the person's unit has read how a case ended. A case judged anew is read anew."""

    case = models.ForeignKey(ReviewCase, models.PROTECT, related_name="reads")
    read_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    read_at = models.DateTimeField()


class LogRule(Identified, Dated):
    """How much a scenario weighs, and from where it counts. Data with history: a change ends the row and begins another."""

    scenario = models.CharField(max_length=24)
    weight = models.SmallIntegerField(help_text="Points, -1000 to 1000")
    threshold = models.IntegerField(null=True, blank=True, help_text="In the unit of the scenario; none where it has no limit")
    active = models.BooleanField(default=True)
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            ends_after_start("logrule_ends_after_start"),
            models.UniqueConstraint(fields=["scenario"], condition=Q(valid_to=None), name="logrule_one_open"),
            models.CheckConstraint(condition=Q(weight__gte=-1000, weight__lte=1000), name="logrule_weight"),
            models.CheckConstraint(condition=Q(threshold=None) | Q(threshold__gte=0), name="logrule_threshold"),
        ]


class LogFinding(Identified):
    """Look-ups of one person in one patient's record on one day that score above the limit. What scores below is not kept.

    ``reasons``: [{"scenario", "points", …facts}] – every point is accounted for.
    """

    class State(TextChoices):
        NEW = "new", "Ny"
        USUAL = "usual", "Vurdert som vanlig"
        CASE = "case", "Sak opprettet"

    day = models.DateField()
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    unit = models.ForeignKey(OrgUnit, models.PROTECT, null=True, related_name="+")
    role_name = models.TextField(blank=True)
    score = models.SmallIntegerField()
    reasons = models.JSONField()
    look_ups = models.IntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    state = models.CharField(max_length=5, choices=State, default=State.NEW)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    remark = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "user", "patient", "unit"], nulls_distinct=False, name="logfinding_once"),
            models.CheckConstraint(condition=Q(decided_by=None) | ~Q(decided_by=models.F("user")), name="logfinding_not_ones_own"),
        ]
        indexes = [models.Index(fields=["-score", "id"], condition=Q(state="new"), name="logfinding_new")]


class LogReviewRun(Identified):
    """One day that the statistics have gone through: how much was read and how little was lifted out."""

    day = models.DateField()
    finished_at = models.DateTimeField()
    look_ups = models.IntegerField()
    pairs = models.IntegerField(help_text="Persons × patients")
    findings = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["-day", "-finished_at"])]


class StaffIdentity(models.Model):
    """The identity number of one who works here, from the employer's list. Used for nothing but finding own, colleagues' and household's records."""

    user = models.OneToOneField(User, models.PROTECT, primary_key=True, related_name="+")
    number = models.CharField(max_length=11, unique=True)
    registered_at = models.DateTimeField()
