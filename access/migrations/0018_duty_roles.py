"""The choice of role knows where one has a shift now."""

from django.db import migrations

from access.policies import load


class Migration(migrations.Migration):
    dependencies = [("access", "0017_message_watch")]
    operations = [migrations.RunSQL(load("duty_roles"), migrations.RunSQL.noop)]
