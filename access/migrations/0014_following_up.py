"""What waits for a doctor, and what a unit's leader is told."""

from django.db import migrations

from access.policies import load


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0013_account"),
    ]

    operations = [migrations.RunSQL(load("assessing"), migrations.RunSQL.noop)]
