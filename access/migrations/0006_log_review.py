"""What the log reviewer may ask the database."""

from django.db import migrations

from access.policies import load


class Migration(migrations.Migration):
    dependencies = [("access", "0005_ways"), ("auditlog", "0002_sealing")]
    operations = [migrations.RunSQL(load("review"), migrations.RunSQL.noop)]
