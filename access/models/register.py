"""What the register of authorisations holds beside the authorisations: courses, imports, re-approval, and those who have left (R23)."""

from django.db import models
from django.db.models import F, Q

from .authorisation import AccessAuthorisation, RoleTemplate
from .base import Dated, Identified, ends_after_start
from .identity import OrgUnit, User


class Course(Identified):
    """A course that a role may demand. ``valid_months``: how long one completion counts; NULL means for good."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.TextField()
    valid_months = models.SmallIntegerField(null=True, blank=True)
    registered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(valid_months__isnull=True) | Q(valid_months__gt=0), name="course_valid_some_months")]

    def __str__(self) -> str:
        return self.name


class RequiredCourse(Identified, Dated):
    """A role demands a course for a time: without a live completion the role opens nothing.

    Taking a demand away widens access, so one administrator proposes it and another carries it out.
    """

    role = models.ForeignKey(RoleTemplate, models.PROTECT, related_name="course_demands")
    course = models.ForeignKey(Course, models.PROTECT, related_name="demands")
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    end_proposed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    end_proposed_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            ends_after_start("requiredcourse_ends_after_start"),
            models.UniqueConstraint(fields=["role", "course"], condition=Q(valid_to__isnull=True), name="requiredcourse_open_once"),
            models.CheckConstraint(
                condition=Q(ended_by__isnull=True) | (Q(end_proposed_by__isnull=False) & ~Q(ended_by=F("end_proposed_by"))),
                name="requiredcourse_ended_by_a_second_person",
            ),
        ]


class CourseCompletion(Identified, Dated):
    """A person has taken a course. It counts from when it was registered, never before, so that the past stays as it was."""

    user = models.ForeignKey(User, models.PROTECT, related_name="course_completions")
    course = models.ForeignKey(Course, models.PROTECT, related_name="completions")
    completed_on = models.DateField()
    registered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    struck_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    struck_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            ends_after_start("coursecompletion_ends_after_start"),
            models.CheckConstraint(condition=Q(registered_by__isnull=True) | ~Q(registered_by=F("user")), name="coursecompletion_not_by_oneself"),
        ]
        indexes = [models.Index(fields=["user", "course"])]


class AuthorisationImport(Identified):
    """One file of authorisations, registered whole or not at all; undone by ending all of it."""

    file_name = models.TextField()
    row_count = models.IntegerField()
    imported_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    imported_at = models.DateTimeField()
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)


class ReapprovalCycle(Identified):
    """A unit's leader goes through who holds a role there, before a date. One that is overdue is told, never a reason to stop the ward."""

    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="reapproval_cycles")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit"], condition=Q(closed_at__isnull=True), name="reapproval_one_open_per_unit")]


class ReapprovalDecision(Identified):
    """The leader's answer about one authorisation in one cycle. Nobody answers for their own."""

    cycle = models.ForeignKey(ReapprovalCycle, models.PROTECT, related_name="decisions")
    authorisation = models.ForeignKey(AccessAuthorisation, models.PROTECT, related_name="reapprovals")
    approved = models.BooleanField()
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cycle", "authorisation"], name="reapproval_answered_once")]


class Departure(Identified, Dated):
    """A person who has left all of it: inactive from ``valid_from``, until taken in again. What was open then is kept as counts."""

    user = models.ForeignKey(User, models.PROTECT, related_name="departures")
    reason = models.TextField()
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    open_work = models.JSONField(default=dict)
    returned_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            ends_after_start("departure_ends_after_start"),
            models.UniqueConstraint(fields=["user"], condition=Q(valid_to__isnull=True), name="departure_open_once"),
        ]
