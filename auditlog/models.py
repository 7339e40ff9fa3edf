"""The access log (hendelsesregister). Knows no other app: values are copied in, no foreign key leads out.

The table is partitioned by month and made in SQL (auditlog/sql/log.sql). Rows enter through the owner's
function ``auditlog.write`` alone; the application role can read what row security shows it, nothing else.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from lms_epj.core.choices import TextChoices


class AccessLogEntry(models.Model):
    """Who saw what, on which ground (R26; fields of domain 3.8). One row per request and patient.

    A row with outcome ``shown`` belongs to the ``allow`` row of the same request: it tells which entries left the house.
    """

    class Outcome(TextChoices):
        ALLOW = "allow", "Tillatt"
        DENY = "deny", "Avvist"
        ERROR = "error", "Feilet"
        SHOWN = "shown", "Vist"

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    request_id = models.UUIDField()
    session_id = models.UUIDField(null=True)
    user_id = models.UUIDField(null=True)
    user_name = models.TextField()
    hpr_number = models.TextField()
    profession = models.TextField()
    role_code = models.TextField()
    role_name = models.TextField()
    unit_id = models.UUIDField(null=True)
    unit_name = models.TextField()
    legal_entity_id = models.UUIDField(null=True)
    legal_entity_name = models.TextField()
    patient_id = models.UUIDField(null=True)
    patient_name = models.TextField()
    action = models.TextField()
    route = models.TextField()
    outcome = models.TextField(choices=Outcome)
    reason_code = models.TextField()
    measure_id = models.UUIDField(null=True)
    template_code = models.TextField()
    template_name = models.TextField()
    purpose = models.TextField()
    user_selected = models.BooleanField()
    reason = models.TextField()
    opening_id = models.UUIDField(null=True)
    objects_shown = models.JSONField(null=True)
    categories = ArrayField(models.SmallIntegerField(), null=True)
    device = models.TextField()
    xid = models.BigIntegerField()
    epoch = models.IntegerField()
    salt = models.UUIDField()

    class Meta:
        managed = False
        db_table = "auditlog_entry"


class SealedBatch(models.Model):
    """A signed batch of log rows (auditlog.domain.batch). Appended by the sealer, changed by nobody; a copy lies outside the database."""

    number = models.BigIntegerField(primary_key=True)
    epoch = models.IntegerField()
    from_xid = models.BigIntegerField()
    to_xid = models.BigIntegerField()
    row_count = models.BigIntegerField()
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()
    key_id = models.CharField(max_length=16)
    voids_from = models.BigIntegerField(null=True)
    reason = models.TextField(blank=True)
    signature = models.CharField(max_length=128)

    class Meta:
        db_table = "auditlog_batch"

    def __str__(self) -> str:
        return str(self.number)
