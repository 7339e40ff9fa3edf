"""What somebody who leaves has under way, as counts."""

from django.db import migrations

from journal.policies import load


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_ward"), ("access", "0009_register")]
    operations = [migrations.RunSQL(load("work"), migrations.RunSQL.noop)]
