"""The record community (pjl § 9): the agreement as data that the rule reads (R20, R21)."""

from django.db import models

from .base import Dated, Identified, ends_after_start
from .identity import LegalEntity


class RecordCommunity(Identified, Dated):
    name = models.TextField()
    agreement = models.JSONField(default=dict, help_text="controller, operator, host, rights contact, exit plan")

    class Meta:
        constraints = [ends_after_start("community_ends_after_start")]

    def __str__(self) -> str:
        return self.name


class Participation(Identified, Dated):
    """A legal entity takes part with one service for a time; leaving is an end date, nothing is deleted."""

    class Mode(models.TextChoices):
        MEMBER = "member", "Deltar i felles journal"
        MESSAGE_ONLY = "message_only", "Bare meldinger"

    community = models.ForeignKey(RecordCommunity, models.PROTECT, related_name="participations")
    legal_entity = models.ForeignKey(LegalEntity, models.PROTECT, related_name="participations")
    service_code = models.SmallIntegerField()
    mode = models.CharField(max_length=16, choices=Mode)

    class Meta:
        constraints = [ends_after_start("participation_ends_after_start")]
        indexes = [models.Index(fields=["legal_entity", "service_code"])]
