"""Tasks with a due time and someone to do them."""

from django.db import models

from access.models import DocumentType, OrgUnit, User

from .base import Entry


class Task(Entry):
    """Something to be done for a patient by a unit or a named person; closed with who, when and what came of it.

    ``kind`` PLAN: the next time of an action of the care plan, which is its origin. There is never more than one open.
    One that asks for a signed note of a type, or for a finished checklist (``asks_series``), is closed only when there is one, newer than the task.
    """

    PLAN = "plan"

    title = models.TextField()
    due_at = models.DateTimeField()
    kind = models.CharField(max_length=24, blank=True)
    for_unit = models.ForeignKey(OrgUnit, models.PROTECT, null=True, blank=True, related_name="+")
    for_user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.TextField(blank=True)
    asks_note = models.ForeignKey(DocumentType, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    asks_series = models.UUIDField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    lock_version = models.IntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["patient", "due_at"]),
            models.Index(fields=["for_unit", "due_at"]),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(for_unit__isnull=False) | models.Q(for_user__isnull=False), name="task_is_someones"),
            models.UniqueConstraint(
                fields=["origin_id"], condition=models.Q(kind="plan", done_at=None, cancelled_at=None), name="task_one_open_of_an_action"
            ),
        ]
