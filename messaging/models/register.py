"""The address register: legal entities, and the services and people of theirs that messages go to. Ours stand here too."""

from django.db import models
from django.db.models import Q

from access.models import OrgUnit
from access.models.base import Dated, Identified, ends_after_start
from lms_epj.core.choices import TextChoices


class CommunicationParty(Identified, Dated):
    """One HER-id (HIS 1153): level 1 a legal entity, level 2 a service or a person of it.

    ``unit`` is set for what is ours: the unit that gets what is sent there, and that sends under this address. For a legal entity of ours
    it is the unit that sorts what is addressed to none of its services. ``receives`` holds what the party takes: {type: [version …]}.
    """

    class Kind(TextChoices):
        ENTITY = "entity", "Virksomhet"
        SERVICE = "service", "Tjeneste"
        PERSON = "person", "Person"

    class Transport(TextChoices):
        FILES = "files", "Filer"
        REST = "rest", "Nasjonal meldingstjeneste"

    her_id = models.CharField(max_length=16, unique=True)
    kind = models.CharField(max_length=8, choices=Kind)
    name = models.TextField()
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    org_number = models.CharField(max_length=9, blank=True)
    service_type = models.CharField(max_length=8, blank=True, help_text="Volven 8663")
    unit = models.ForeignKey(OrgUnit, models.PROTECT, null=True, blank=True, related_name="+")
    transport = models.CharField(max_length=8, choices=Transport, blank=True)
    receives = models.JSONField(default=dict, blank=True)
    per_minute = models.IntegerField(null=True, blank=True, help_text="Most messages a minute; empty for no limit")
    checked_at = models.DateTimeField(null=True, blank=True, help_text="When it was last held against the national register")

    class Meta:
        constraints = [
            ends_after_start("communicationparty_ends_after_start"),
            models.CheckConstraint(condition=Q(kind="entity") | Q(parent__isnull=False), name="communicationparty_belongs_to_an_entity"),
            models.CheckConstraint(condition=Q(per_minute__isnull=True) | Q(per_minute__gt=0), name="communicationparty_rate_is_positive"),
        ]
        indexes = [models.Index(fields=["unit"], condition=Q(unit__isnull=False), name="communicationparty_ours")]

    def __str__(self) -> str:
        return self.name
