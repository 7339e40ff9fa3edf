"""Wounds (R41): where each is and of which kind, and what was seen of it from time to time."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from access.models import User
from lms_epj.core.choices import TextChoices

from .base import Entry


class Wound(Entry):
    """One wound. ``event_at`` is when it was first charted, ``since`` when it arose as far as anybody knows.

    It says where and of which kind it is and is never rewritten: one entered in error is struck out, and another takes its place. How it goes
    stands in its assessments. ``site``: a region of journal.domain.body.
    """

    class Kind(TextChoices):
        PRESSURE = "pressure", "Trykksår"
        VENOUS = "venous", "Venøst leggsår"
        ARTERIAL = "arterial", "Arterielt sår"
        DIABETIC_FOOT = "diabetic_foot", "Diabetisk fotsår"
        SURGICAL = "surgical", "Kirurgisk sår"
        TRAUMATIC = "traumatic", "Traumatisk sår"
        OTHER = "other", "Annet sår"

    class Category(TextChoices):
        """Of pressure ulcers (EPUAP/NPIAP)."""

        I = "1", "Kategori I"  # noqa: E741 - the category's own name
        II = "2", "Kategori II"
        III = "3", "Kategori III"
        IV = "4", "Kategori IV"
        UNSTAGEABLE = "unstageable", "Ikke klassifiserbart"
        DEEP = "deep", "Mistenkt dyp vevsskade"

    site = models.CharField(max_length=32)
    kind = models.CharField(max_length=16, choices=Kind)
    pressure_category = models.CharField(max_length=12, choices=Category, blank=True)
    since = models.DateField(null=True, blank=True)
    description = models.TextField(blank=True)
    healed_on = models.DateField(null=True, blank=True)
    healed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    struck_at = models.DateTimeField(null=True, blank=True)
    struck_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    struck_reason = models.TextField(blank=True)
    lock_version = models.IntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["patient"])]
        constraints = [models.CheckConstraint(condition=Q(kind="pressure") | Q(pressure_category=""), name="wound_category_of_pressure_ulcers")]


class WoundAssessment(Entry):
    """What was seen and done at ``event_at``. ``origin_id``: the wound. Never changed; one entered in error is struck out with its images.

    Lengths in millimetres, the bed in per cent that make 100, pain NRS 0–10; NULL is not measured. ``task_id``: the next change of dressing.
    """

    class Exudate(TextChoices):
        NONE = "none", "Ingen"
        LITTLE = "little", "Lite"
        MODERATE = "moderate", "Moderat"
        MUCH = "much", "Rikelig"

    class ExudateKind(TextChoices):
        SEROUS = "serous", "Serøst (klart)"
        SEROSANGUINEOUS = "serosanguineous", "Blodtilblandet"
        SANGUINEOUS = "sanguineous", "Blodig"
        PURULENT = "purulent", "Pussholdig"

    class Edges(TextChoices):
        VITAL = "vital", "Vitale, i plan"
        MACERATED = "macerated", "Masererte"
        UNDERMINED = "undermined", "Underminerte"
        ROLLED = "rolled", "Rullede, fortykkede"
        DRY = "dry", "Tørre"

    class Skin(TextChoices):
        HEALTHY = "healthy", "Uten anmerkning"
        DRY = "dry", "Tørr, skjellende"
        MACERATED = "macerated", "Maserert"
        RED = "red", "Rød, irritert"
        ECZEMA = "eczema", "Eksem"
        OEDEMA = "oedema", "Ødem"

    class Smell(TextChoices):
        NONE = "none", "Ingen"
        SLIGHT = "slight", "Svak"
        STRONG = "strong", "Kraftig"

    class Sign(TextChoices):
        """Of infection, by journal.domain.wounds.SIGNS."""

        REDNESS = "redness", "Rødme utover sårkanten"
        WARMTH = "warmth", "Varme"
        SWELLING = "swelling", "Hevelse"
        PAIN = "pain", "Økende smerte"
        PUS = "pus", "Puss"
        SMELL = "smell", "Ny eller økende lukt"
        DELAYED = "delayed", "Stopp i tilhelingen"
        FEVER = "fever", "Feber eller påvirket allmenntilstand"

    pressure_category = models.CharField(max_length=12, choices=Wound.Category, blank=True)
    length_mm = models.SmallIntegerField(null=True, blank=True)
    width_mm = models.SmallIntegerField(null=True, blank=True)
    depth_mm = models.SmallIntegerField(null=True, blank=True)
    granulation = models.SmallIntegerField(null=True, blank=True)
    fibrin = models.SmallIntegerField(null=True, blank=True)
    necrosis = models.SmallIntegerField(null=True, blank=True)
    exudate = models.CharField(max_length=12, choices=Exudate, blank=True)
    exudate_kind = models.CharField(max_length=16, choices=ExudateKind, blank=True)
    edges = models.CharField(max_length=12, choices=Edges, blank=True)
    skin = models.CharField(max_length=12, choices=Skin, blank=True)
    smell = models.CharField(max_length=8, choices=Smell, blank=True)
    pain = models.SmallIntegerField(null=True, blank=True)
    signs = ArrayField(models.CharField(max_length=12, choices=Sign), default=list, blank=True)
    dressing = models.TextField(blank=True)
    comment = models.TextField(blank=True)
    next_change_at = models.DateTimeField(null=True, blank=True)
    task_id = models.UUIDField(null=True, blank=True)
    stored_once = models.UUIDField(default=uuid.uuid4)
    struck_at = models.DateTimeField(null=True, blank=True)
    struck_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    struck_reason = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["patient", "-event_at"]), models.Index(fields=["origin_id"])]
        constraints = [
            models.UniqueConstraint(fields=["stored_once"], name="assessment_stored_once"),
            models.CheckConstraint(condition=Q(origin_id__isnull=False), name="assessment_has_a_wound"),
            models.CheckConstraint(
                condition=Q(granulation__isnull=True, fibrin__isnull=True, necrosis__isnull=True)
                | Q(granulation__gte=0, fibrin__gte=0, necrosis__gte=0, granulation=100 - F("fibrin") - F("necrosis")),
                name="assessment_bed_makes_100",
            ),
            models.CheckConstraint(
                condition=Q(length_mm__isnull=True, width_mm__isnull=True) | Q(length_mm__gte=1, width_mm__gte=1), name="assessment_area_is_whole"
            ),
        ]
