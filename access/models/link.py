"""A way into a record for those who write about it elsewhere (deviations, R58): a random handle that says nothing by itself."""

import uuid

from django.db import models

from .identity import User
from .patient import Patient


class RecordLink(models.Model):
    """The application role reads no row here; gate.record_link_follow answers for those in who may open the record anyway."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    path = models.TextField(help_text="A page of that patient's")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
