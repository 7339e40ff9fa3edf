"""What the tables of this app have in common."""

from django.db import models
from django.db.models import F, Q

from lms_epj.core.ids import uuid7


class Identified(models.Model):
    """A row with an unguessable, time-ordered id: it may stand in a URL, a name or number may not."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta:
        abstract = True


class Dated(models.Model):
    """A row that holds in the half-open span [valid_from, valid_to); an open end is NULL.

    Dated rows are never overwritten, so that the register can answer for any past moment (R23).
    """

    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


def ends_after_start(name: str) -> models.CheckConstraint:
    """A span that ends before it begins would silently never hold."""
    return models.CheckConstraint(condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name=name)
