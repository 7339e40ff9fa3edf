"""What every row of the record carries, so that one rule can decide over all of them."""

from django.db import models

from access.models import DocumentType, InfoCategory, LegalEntity, OrgUnit, Patient, User
from access.shown import note_shown
from lms_epj.core.ids import uuid7
from lms_epj.core.shape import built


class Entry(models.Model):
    """A row of one patient's record: whose, of which kind, charted by whom, in which unit and legal entity, and when.

    ``event_at`` is when it happened, ``recorded_at`` when it was written: both are kept (3.7).
    ``origin_id`` names the entry this one was derived from; a block on the origin hides the derived row too.
    Rows loaded through the ORM report themselves to the gate, which logs what was shown (R26).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # Every table has an index that begins with the patient, so the foreign key needs none of its own.
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+", db_index=False)
    category = models.ForeignKey(InfoCategory, models.PROTECT, related_name="+", db_column="category", db_index=False)
    document_type = models.ForeignKey(DocumentType, models.PROTECT, related_name="+", null=True, blank=True, db_index=False)
    stay = models.ForeignKey("journal.Stay", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", db_index=False)
    legal_entity = models.ForeignKey(LegalEntity, models.PROTECT, related_name="+", db_index=False)
    author = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    origin_id = models.UUIDField(null=True, blank=True)
    event_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db, field_names, values):
        row = built(cls, db, field_names, values)
        note_shown(row)
        return row
