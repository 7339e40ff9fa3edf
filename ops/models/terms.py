"""What was agreed about a system, from a date on (R66). Never changed: new terms follow, and what has been is measured by those of its day."""

from django.db import models
from django.db.models import Q

from access.models import LegalEntity, User
from access.models.base import Identified
from lms_epj.core.choices import TextChoices

from .plan import System


class Terms(Identified):
    """In force are those with the latest date that is not ahead; of two with the same date the one made last."""

    class Operation(TextChoices):
        HOST = "host", "Vertskommune"
        EXTERNAL = "external", "Ekstern leverandør"
        IKS = "iks", "IKS"
        LOCAL = "local", "Lokal drift"

    system = models.ForeignKey(System, models.PROTECT, related_name="terms")
    valid_from = models.DateField()
    operation = models.CharField(max_length=12, choices=Operation)
    operator = models.ForeignKey(LegalEntity, models.PROTECT, null=True, blank=True, related_name="+")
    supplier = models.TextField(blank=True, help_text="A firm that is no legal entity here")
    reference = models.TextField(blank=True, help_text="Where the agreement lies: number in the archive")
    answer_minutes = models.SmallIntegerField(help_text="From alarm until somebody has it in hand")
    mend_minutes = models.IntegerField(help_text="From alarm until it works")
    up_percent = models.DecimalField(max_digits=5, decimal_places=2, default=99, help_text="Of a month without a critical incident open")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["system", "-valid_from", "-made_at"], name="terms_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer_minutes__gte=1, mend_minutes__gte=1, up_percent__gt=0, up_percent__lte=100), name="terms_sensible"
            )
        ]
