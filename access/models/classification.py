"""What information is called and how it is grouped: data, changed without a developer (R13)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class InfoCategory(models.Model):
    """The unit of access control (informasjonskategori). The codes are stable; see access.domain.codes.

    30 is the last bit of a mask of codes in the database; those above the program's own are made on screen.
    """

    code = models.SmallIntegerField(primary_key=True)
    name = models.TextField()
    strict = models.BooleanField(default=False, help_text="Closed to 'notified'; opened by narrower measures")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(code__gte=1, code__lte=30), name="infocategory_code_fits_the_mask")]

    def __str__(self) -> str:
        return self.name


class DocumentType(models.Model):
    """A kind of document: its category, its template (sections), and who may write it (R9, R13).

    ``sections``: the template in use, see access.domain.sections; required and limits are asked for at signing only. ``version``: its number.
    """

    code = models.SlugField(primary_key=True, max_length=40)
    name = models.TextField()
    category = models.ForeignKey(InfoCategory, models.PROTECT)
    sections = models.JSONField(default=list)
    written_by = ArrayField(models.CharField(max_length=40), default=list, help_text="Role codes")
    order = models.SmallIntegerField(default=0)
    version = models.SmallIntegerField(db_default=1)

    class Meta:
        ordering = ["order", "code"]
        constraints = [models.UniqueConstraint(fields=["code", "category"], name="documenttype_code_category")]

    def __str__(self) -> str:
        return self.name


class DocumentTemplate(models.Model):
    """One version of a document type's template. Written by the database as the type is made or changed, and never changed itself."""

    id = models.BigAutoField(primary_key=True)
    document_type = models.ForeignKey(DocumentType, models.PROTECT, related_name="templates", db_index=False)
    number = models.SmallIntegerField()
    sections = models.JSONField(default=list)
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey("access.User", models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document_type", "number"], name="documenttemplate_number_once")]


class ServiceType(models.Model):
    """A municipal service (KPR, Volven 9151) and the measure template that its decision opens."""

    code = models.SmallIntegerField(primary_key=True)
    name = models.TextField()
    template = models.ForeignKey("access.MeasureTemplate", models.PROTECT, null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class LegalGround(models.Model):
    """What an act rests on in law, as it is written to people. Laws are renumbered: the reference is data that an administrator corrects (domain 3.10)."""

    code = models.SlugField(primary_key=True, max_length=40)
    name = models.TextField(help_text="What the law gives, in plain words")
    reference = models.TextField(blank=True, help_text="Where it stands, as lawyers write it")
    in_use = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.name} ({self.reference})" if self.reference else self.name
