"""Bookings in a merge of two records."""

from django.db import migrations

from telemed.policies import load


class Migration(migrations.Migration):
    dependencies = [("telemed", "0009_specialist"), ("journal", "0017_import")]
    operations = [migrations.RunSQL(load("merging"), migrations.RunSQL.noop)]
