"""Sentences that a person writes often (R9). They hold nothing of any patient."""

from django.db import models

from access.models import OrgUnit, User
from lms_epj.core.ids import uuid7


class Phrase(models.Model):
    """Its author's own, or shared with the unit it was made in."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    author = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=60)
    text = models.TextField()
    shared = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["author", "unit", "name"], name="phrase_name_once")]
        indexes = [models.Index(fields=["unit"])]
        ordering = ["name"]
