"""The one care plan (tiltaksplan) of a patient, which ward and municipality share: problem, goal, actions, evaluation (R6)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from access.models import OrgUnit, User
from lms_epj.core.choices import TextChoices

from .base import Entry


class PlanProblem(Entry):
    """A problem, or a need, and what is to be reached. What it said before a change stands among its evaluations."""

    class Outcome(TextChoices):
        REACHED = "reached", "Målet er nådd"
        PARTLY = "partly", "Delvis nådd"
        NOT_REACHED = "not_reached", "Ikke nådd"
        LAPSED = "lapsed", "Ikke lenger aktuelt"

    problem = models.TextField()
    goal = models.TextField()
    goal_by = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    lock_version = models.IntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["patient"])]
        constraints = [models.CheckConstraint(condition=Q(ended_at__isnull=True) | ~Q(outcome=""), name="problem_ends_with_an_outcome")]


class PlanAction(Entry):
    """What is done about a problem, by which service, and when: at clock times (Norway) of every so many days, or when it is needed.

    An action with times has one open task, for its next time. It is stopped, never rewritten: a new one takes its place. ``origin_id``: the problem.
    """

    text = models.TextField()
    for_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    times = ArrayField(models.TimeField(), default=list, blank=True)
    every_days = models.SmallIntegerField(default=1)
    ends_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    end_reason = models.TextField(blank=True)
    lock_version = models.IntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["patient"])]
        constraints = [
            models.CheckConstraint(condition=Q(every_days__gte=1), name="planaction_every_some_days"),
            models.CheckConstraint(condition=Q(origin_id__isnull=False), name="planaction_has_a_problem"),
        ]


class PlanEvaluation(Entry):
    """How it goes with a problem, or what its goal was before it was changed. Never changed. ``origin_id``: the problem."""

    class Kind(TextChoices):
        ON_TRACK = "on_track", "På vei"
        STANDS = "stands", "Uendret"
        WORSE = "worse", "Verre"
        CHANGED = "changed", "Endret"
        ENDED = "ended", "Avsluttet"
        REOPENED = "reopened", "Gjenåpnet"

    ASSESSED = (Kind.ON_TRACK, Kind.STANDS, Kind.WORSE)

    kind = models.CharField(max_length=12, choices=Kind)
    text = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["patient", "-event_at"])]
        constraints = [models.CheckConstraint(condition=Q(origin_id__isnull=False), name="planevaluation_has_a_problem")]
