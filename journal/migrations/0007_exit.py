"""When a member leaves the record community: what is closed, and the copy of the records that goes along."""

from django.db import migrations

from journal.policies import load


class Migration(migrations.Migration):
    dependencies = [("journal", "0006_charted"), ("access", "0012_community")]
    operations = [migrations.RunSQL(load(name), migrations.RunSQL.noop) for name in ("exit", "export")]
