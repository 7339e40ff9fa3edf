"""What was brought in from another system when a municipality joined (R30): from where, and what each row was there."""

from django.db import models
from django.db.models import Q

from access.models import LegalEntity, OrgUnit
from lms_epj.core.ids import uuid7


class ImportSource(models.Model):
    """The system a municipality charted in before. ``unit``: a closed unit of that name, in which all it brought stands, so that each list says so."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    legal_entity = models.ForeignKey(LegalEntity, models.PROTECT, related_name="+")
    system = models.TextField()
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["legal_entity", "system"], name="importsource_once")]


class ImportRun(models.Model):
    """One run of the command. ``counts``: {kind: rows written}; a run without an end was cut off, and the next goes on."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source = models.ForeignKey(ImportSource, models.PROTECT, related_name="runs")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    counts = models.JSONField(default=dict)
    patients = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["source"], condition=Q(finished_at__isnull=True), name="importrun_open")]


class ImportedEntry(models.Model):
    """One line of the file and the row it became. The journal of the import: what stands here is never brought in again.

    ``original``: {author, unit, type} in the words of the old system.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source = models.ForeignKey(ImportSource, models.PROTECT, related_name="+", db_index=False)
    run = models.ForeignKey(ImportRun, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=16)
    key = models.TextField(help_text="What the old system calls it")
    entry_id = models.UUIDField()
    original = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "kind", "key"], name="importedentry_once")]
        indexes = [models.Index(fields=["entry_id"])]
