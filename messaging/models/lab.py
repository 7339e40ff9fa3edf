"""Results that came in a svarrapport, as rows of the record that can be compared over time."""

from django.db import models

from journal.models.base import Entry

from .message import Message


class LabResult(Entry):
    """One answer of one report: ``event_at`` is when the sample was taken, ``origin_id`` the message, whose category and blocks are its own.

    A row never changes: it counts as long as its message stands (`Message.superseded`) and the laboratory has not taken it back (``withdrawn``).
    ``value`` is as written; ``number`` is set where it can be drawn, with ``comparator`` where the answer is only a bound («<», «>»).
    """

    message = models.ForeignKey(Message, models.PROTECT, related_name="results")
    place = models.SmallIntegerField(help_text="Order in the report")
    analyte = models.CharField(max_length=120, help_text="What is the same through a patient's reports: the code, or the name where there is none")
    code = models.CharField(max_length=40, blank=True)
    system = models.CharField(max_length=60, blank=True)
    name = models.TextField(blank=True)
    comparator = models.CharField(max_length=2, blank=True)
    value = models.TextField(blank=True)
    number = models.DecimalField(max_digits=20, decimal_places=8, null=True, blank=True)
    measured_in = models.CharField(max_length=40, blank=True)
    reference = models.TextField(blank=True)
    deviation = models.CharField(max_length=10, blank=True, help_text="Volven 8244")
    preliminary = models.BooleanField(default=False)
    withdrawn = models.BooleanField(default=False)
    day_only = models.BooleanField(default=False, help_text="The hour the sample was taken is not known")
    sampled = models.BooleanField(default=True, help_text="False where the report does not say when; then event_at is when it was written")
    material = models.TextField(blank=True)
    comment = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "place"], name="labresult_once")]
        indexes = [models.Index(fields=["patient", "-event_at"])]
