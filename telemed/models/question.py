"""A question to a specialist outside, answered when there is time: what is asked, what is shown with it, and the answer (R41)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from journal.models import Entry
from lms_epj.core.ids import uuid7


class SpecialistQuestion(Entry):
    """``origin_id`` is the wound it is about: what hides that hides this. ``shown``: entries put before the specialist, who sees those that
    ``author`` may still send in the role of ``authorisation_id`` at each look – no key to it: the copy for one who leaves has the question and not
    the role. Written by the gate's functions only; an answer is never changed.
    """

    question = models.TextField()
    name = models.CharField(max_length=80)
    organisation = models.CharField(max_length=80, blank=True)
    shown = ArrayField(models.UUIDField(), default=list)
    authorisation_id = models.UUIDField()
    valid_to = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=80, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["patient"]), models.Index(fields=["origin_id"])]


class QuestionLink(models.Model):
    """The way in to one question: the secret of a link, and a code told another way. Reached through the gate's functions only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    question = models.OneToOneField(SpecialistQuestion, models.PROTECT, related_name="+")
    secret_hash = models.BinaryField(unique=True)
    code_hash = models.BinaryField()
    tries = models.SmallIntegerField(default=0)
    proof_hash = models.BinaryField(null=True, blank=True)
    proof_until = models.DateTimeField(null=True, blank=True)
