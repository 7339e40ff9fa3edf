"""Files in the record: images and PDF, in the database with all else, so that what holds for a row holds for the file."""

import uuid

from django.db import models
from django.db.models import Q

from access.models import User
from lms_epj.core.choices import TextChoices

from .base import Entry


class AttachmentManager(models.Manager["Attachment"]):
    """The bytes are fetched when they are asked for, never with a list."""

    def get_queryset(self) -> models.QuerySet["Attachment"]:
        return super().get_queryset().defer("content", "thumbnail")


class Attachment(Entry):
    """One file. ``event_at`` is when the image was taken or the document written, ``origin_id`` what it belongs to (an assessment of a wound).

    Images are JPEG without anything beside the pixels (journal.domain.files), ``thumbnail`` the same small. Never changed: one that is wrong is
    struck out with a reason and shown nowhere but there. ``stored_once`` is the form's own key, so that what is sent twice is stored once.
    """

    class MediaType(TextChoices):
        JPEG = "image/jpeg", "Bilde"
        PDF = "application/pdf", "PDF"

    title = models.CharField(max_length=120)
    note = models.TextField(blank=True)
    media_type = models.CharField(max_length=20, choices=MediaType)
    content = models.BinaryField()
    thumbnail = models.BinaryField(null=True, blank=True)
    size = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    width = models.SmallIntegerField(null=True, blank=True)
    height = models.SmallIntegerField(null=True, blank=True)
    pages = models.SmallIntegerField(null=True, blank=True)
    stored_once = models.UUIDField(default=uuid.uuid4)
    struck_at = models.DateTimeField(null=True, blank=True)
    struck_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    struck_reason = models.TextField(blank=True)

    objects = AttachmentManager()

    class Meta:
        indexes = [models.Index(fields=["patient", "-event_at"]), models.Index(fields=["origin_id"])]
        constraints = [
            models.UniqueConstraint(fields=["stored_once"], name="attachment_stored_once"),
            models.CheckConstraint(condition=Q(media_type__in=("image/jpeg", "application/pdf")), name="attachment_of_known_type"),
            models.CheckConstraint(condition=Q(size__gte=1, size__lte=20 * 1024 * 1024), name="attachment_of_bounded_size"),
        ]

    @property
    def is_image(self) -> bool:
        return self.media_type == self.MediaType.JPEG
