"""The gate and row security, as SQL of the owner."""

from django.db import migrations

from access.policies import FILES, load


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial"), ("auditlog", "0001_log")]
    operations = [migrations.RunSQL(load(name), migrations.RunSQL.noop) for name in FILES]
