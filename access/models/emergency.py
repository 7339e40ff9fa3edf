"""Emergency access (nødrettstilgang): an explicit act with a case that someone reviews (3.4)."""

from django.db import models

from lms_epj.core.choices import TextChoices

from .base import Identified
from .identity import OrgUnit, User
from .patient import Patient


class EmergencyCase(Identified):
    """One opening of a record under emergency; the custodian reviews it before ``review_due``."""

    class ReasonCode(TextChoices):
        ACUTE = "acute", "Akutt syk, kan ikke vente på ordinær tilgang"
        ARRIVED = "arrived", "Pasienten er her, men ankomst kan ikke registreres"
        DANGER = "danger", "Fare for feil legemiddel eller allergi"
        OTHER = "other", "Annet, se begrunnelse"

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    reason_code = models.CharField(max_length=8, choices=ReasonCode)
    reason = models.TextField()
    opened_at = models.DateTimeField()
    review_due = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["review_due"])]
