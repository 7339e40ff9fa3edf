"""Guests by link, and what they are shown: row security and functions; what of it leaves with a copy of the records."""

from django.db import migrations

from access.policies.entries import policies
from journal.policies import integrity
from telemed.policies import load


class Migration(migrations.Migration):
    dependencies = [("telemed", "0003_session")]
    operations = [
        migrations.RunSQL(policies("telemed_shareditem", insert=False), migrations.RunSQL.noop),
        migrations.RunSQL(integrity(["telemed_shareditem"]), migrations.RunSQL.noop),
        migrations.RunSQL(load("session"), migrations.RunSQL.noop),
        migrations.RunSQL(load("export"), migrations.RunSQL.noop),
    ]
