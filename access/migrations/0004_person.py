"""The person's own things beside the session: roles with what they open, PIN, one-time codes."""

from django.db import migrations

from access.policies import load


class Migration(migrations.Migration):
    dependencies = [("access", "0003_reference")]
    operations = [migrations.RunSQL(load("person"), migrations.RunSQL.noop)]
