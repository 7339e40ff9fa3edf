"""What was sent of a note that is deleted."""

from django.db import migrations

from messaging.policies import load


class Migration(migrations.Migration):
    dependencies = [("messaging", "0008_alarms"), ("journal", "0010_claims")]
    operations = [migrations.RunSQL(load("erasure"), migrations.RunSQL.noop)]
