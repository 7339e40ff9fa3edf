"""Answers the control's question of what was charted after an access."""

from django.db import migrations

from journal.policies import load


class Migration(migrations.Migration):
    dependencies = [("journal", "0005_blocks"), ("access", "0011_reviews")]
    operations = [migrations.RunSQL(load("charted"), migrations.RunSQL.noop)]
