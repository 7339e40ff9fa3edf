"""Secrets and sessions: the owner's tables. The application role reaches them through definer functions only."""

from django.db import models

from .authorisation import AccessAuthorisation
from .base import Identified
from .identity import User


class Credential(models.Model):
    """Verifiers, never passwords. The database compares; so the web process cannot open a session without the secret.

    ``*_params`` is the public part of the hash (algorithm, cost, salt); ``*_verifier`` is sha256 of the hash.
    """

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="+")
    password_params = models.TextField(blank=True)
    password_verifier = models.BinaryField(null=True)
    totp_secret = models.TextField(blank=True, help_text="Sealed with the field key of the web process")
    pin_params = models.TextField(blank=True)
    pin_verifier = models.BinaryField(null=True)
    # A start password: good until its time runs out or the person has chosen one. Who gave it stays, and who took a second factor away:
    # the two must never be the same administrator, or one alone could log in as somebody else.
    must_change = models.BooleanField(db_default=False)
    start_expires_at = models.DateTimeField(null=True)
    start_given_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    factor_removed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    password_set_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(factor_removed_by__isnull=True) | ~models.Q(factor_removed_by=models.F("start_given_by")),
                name="credential_two_to_take_over",
            )
        ]


class Session(Identified):
    """A log-in on one device. The cookie holds a secret; here stands only its hash."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    secret_hash = models.BinaryField(unique=True)
    device_hash = models.BinaryField(db_index=True)
    device_name = models.TextField(blank=True)
    authorisation = models.ForeignKey(AccessAuthorisation, models.PROTECT, null=True, blank=True, related_name="+")
    purpose = models.TextField(blank=True, help_text="System clients only: what the token was given for")
    second_factor = models.BooleanField(default=False)
    must_change = models.BooleanField(db_default=False, help_text="Opened with a start password: opens nothing until one is chosen")
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    locked_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    pin_failures = models.SmallIntegerField(default=0)


class LoginAttempt(models.Model):
    """Failed attempts per name and per address, for the throttle."""

    key = models.TextField(db_index=True)
    at = models.DateTimeField(db_index=True)
