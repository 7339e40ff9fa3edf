"""Row security of the record, immutability of what was signed, and the measures that follow from acts."""

from django.db import migrations

from journal.policies import entry_policies, integrity, record_sql


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial"), ("access", "0002_gate")]
    operations = [
        migrations.RunSQL(integrity(), migrations.RunSQL.noop),
        migrations.RunSQL(entry_policies(), migrations.RunSQL.noop),
        migrations.RunSQL(record_sql(), migrations.RunSQL.noop),
    ]
