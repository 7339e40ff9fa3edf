"""Roles, what a role may see under a measure, and the register of who holds which role where (R11, R12, R23)."""

from datetime import UTC, datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from .base import Dated, Identified, ends_after_start
from .identity import Licence, OrgUnit, User


class RoleTemplate(Identified):
    """A role made without a developer. By itself it opens no record: that takes a decided measure."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.TextField()
    mark = models.CharField(max_length=2, blank=True, help_text="Profession mark on screen: S L F E P H")
    may_chart = models.BooleanField(default=False)
    needs_cosign = models.BooleanField(default=False)
    required_profession = models.CharField(max_length=24, choices=Licence.Profession, blank=True)
    reviews_log = models.BooleanField(default=False)
    administers_access = models.BooleanField(default=False)
    is_custodian = models.BooleanField(default=False)
    leads_unit = models.BooleanField(default=False, help_text="Answers for who holds a role in the unit")
    watches_messages = models.BooleanField(default=False, help_text="Answers for messages that do not get through (meldingsansvarlig)")
    required_courses = models.ManyToManyField("access.Course", through="access.RequiredCourse", related_name="+")
    decides = ArrayField(models.CharField(max_length=40), default=list, help_text="Codes of the measure templates this role may decide")

    def __str__(self) -> str:
        return self.name


# The rights that an installation starts with hold for all of its past, also what was brought along from before it.
FROM_THE_START = datetime(2000, 1, 1, tzinfo=UTC)


class RoleRight(Identified, Dated):
    """What a role may do in one information category under one measure template, for a time.

    ``actions`` is a bit mask (access.domain.codes.Action): a mask compares fast and is leakproof in a policy. A right is changed by
    ending its row and beginning another (RightsChange); a trigger refuses everything else, so the matrix answers for any past moment.
    """

    # The rule asks for them together, so one index serves all three.
    role = models.ForeignKey(RoleTemplate, models.CASCADE, related_name="rights", db_index=False)
    template = models.ForeignKey("access.MeasureTemplate", models.CASCADE, related_name="rights", db_index=False)
    category = models.ForeignKey("access.InfoCategory", models.PROTECT, db_index=False)
    actions = models.SmallIntegerField()
    valid_from = models.DateTimeField(default=FROM_THE_START)
    change = models.ForeignKey("access.RightsChange", models.PROTECT, null=True, blank=True, related_name="rights")

    class Meta:
        indexes = [models.Index(fields=["role", "template", "category"], name="roleright_by_role")]
        constraints = [
            models.UniqueConstraint(fields=["role", "template", "category"], condition=Q(valid_to=None), name="roleright_one_open"),
            ends_after_start("roleright_ends_after_start"),
            models.CheckConstraint(
                # Who writes must be able to read back what was written; READ is 2, WRITE is 4.
                condition=Q(actions__gt=0, actions__lt=128),
                name="roleright_known_actions",
            ),
        ]


class AccessAuthorisation(Identified, Dated):
    """One person in one role in one unit for a time: who gave it, why, and who ended it (R23).

    Only the end may be written later; a trigger refuses every other change, so the past stays answerable.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="authorisations")
    role = models.ForeignKey(RoleTemplate, models.PROTECT)
    unit = models.ForeignKey(OrgUnit, models.PROTECT)
    given_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reason = models.TextField()
    registered_at = models.DateTimeField(auto_now_add=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_reason = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    imported_in = models.ForeignKey("access.AuthorisationImport", models.PROTECT, null=True, blank=True, related_name="authorisations")

    class Meta:
        constraints = [
            ends_after_start("authorisation_ends_after_start"),
            models.CheckConstraint(condition=Q(given_by__isnull=True) | ~Q(given_by=F("user")), name="authorisation_not_to_oneself"),
        ]
        indexes = [models.Index(fields=["user", "valid_from"])]
