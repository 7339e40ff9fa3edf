"""What must never break, row security, the functions that change, and the answers to the ports that access declares."""

from django.db import migrations

from ops.policies import load


class Migration(migrations.Migration):
    dependencies = [("ops", "0001_rosters"), ("access", "0018_duty_roles")]
    operations = [migrations.RunSQL(load(name), migrations.RunSQL.noop) for name in ("ground", "duty", "swaps", "paging", "reading")]
