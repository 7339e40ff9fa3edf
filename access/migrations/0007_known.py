"""Whom the acting person may know of, at the pace of the unit and not of the register."""

from django.db import migrations

from access.policies import load


class Migration(migrations.Migration):
    dependencies = [("access", "0006_log_review")]
    operations = [migrations.RunSQL(load("known"), migrations.RunSQL.noop)]
