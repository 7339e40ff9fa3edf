"""Legal entities, their units, and the people who log in."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models

from lms_epj.core.choices import TextChoices

from .base import Dated, Identified, ends_after_start


class LegalEntity(Identified, Dated):
    """A virksomhet: responsible for what its people chart. Merges are dated successions (R21)."""

    class Kind(TextChoices):
        MUNICIPALITY = "municipality", "Kommune"
        LMS = "lms", "Lokalmedisinsk senter"
        OPERATOR = "operator", "Driftsenhet"

    name = models.TextField()
    org_number = models.CharField(max_length=9, unique=True)
    kind = models.CharField(max_length=16, choices=Kind)
    municipality_number = models.CharField(max_length=4, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors")

    class Meta:
        constraints = [ends_after_start("legalentity_ends_after_start")]

    def __str__(self) -> str:
        return self.name


class OrgUnit(Identified, Dated):
    """The unit whose service gives access: a ward, a home-nursing zone, an allocation office."""

    class Kind(TextChoices):
        OBSERVATION_WARD = "observation_ward", "Observasjonspost"
        HOME_NURSING = "home_nursing", "Hjemmesykepleie"
        NURSING_HOME = "nursing_home", "Sykehjem"
        THERAPY = "therapy", "Fysio- og ergoterapi"
        MENTAL_HEALTH = "mental_health", "Psykisk helse"
        ALLOCATION_OFFICE = "allocation_office", "Tjenestekontor"
        ADMINISTRATION = "administration", "Administrasjon"

    legal_entity = models.ForeignKey(LegalEntity, models.PROTECT, related_name="units")
    name = models.TextField()
    kind = models.CharField(max_length=24, choices=Kind)
    service_code = models.SmallIntegerField(null=True, blank=True, help_text="KPR (Volven 9151)")
    phone = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [ends_after_start("orgunit_ends_after_start")]
        permissions = [("administer_register", "Kan forvalte autorisasjoner for enheten")]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager):
    def get_by_natural_key(self, username: str) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser, PermissionsMixin, Identified):
    """A person who logs in. Holds no secret (see Credential) and is never above the gate."""

    password = None
    last_login = None
    is_superuser = None

    username = models.CharField(max_length=80, unique=True)
    given_name = models.TextField()
    family_name = models.TextField()
    initials = models.CharField(max_length=4)
    is_active = models.BooleanField(default=True)
    is_system = models.BooleanField(default=False, help_text="System client: no person logs in with it")
    language = models.CharField(max_length=5, blank=True, default="", db_default="", help_text="Of the pages; empty is the installation's own")

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: list[str] = []
    objects = UserManager()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(language__in=["", "nb", "en"]), name="user_language_known")]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


class Licence(Identified, Dated):
    """A professional licence (HPR). Not an authorisation for access: that is AccessAuthorisation."""

    class Profession(TextChoices):
        DOCTOR = "doctor", "Lege"
        NURSE = "nurse", "Sykepleier"
        PHYSIOTHERAPIST = "physiotherapist", "Fysioterapeut"
        OCCUPATIONAL_THERAPIST = "occupational_therapist", "Ergoterapeut"
        PSYCHOLOGIST = "psychologist", "Psykolog"
        HEALTH_WORKER = "health_worker", "Helsefagarbeider"

    user = models.ForeignKey(User, models.PROTECT, related_name="licences")
    profession = models.CharField(max_length=24, choices=Profession)
    hpr_number = models.CharField(max_length=9)
    specialities = ArrayField(models.TextField(), default=list, blank=True)

    class Meta:
        constraints = [ends_after_start("licence_ends_after_start")]
        indexes = [models.Index(fields=["user", "profession"])]
