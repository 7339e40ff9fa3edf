"""Messages in a merge of two records."""

from django.db import migrations

from messaging.policies import load


class Migration(migrations.Migration):
    dependencies = [("messaging", "0009_erasure"), ("journal", "0017_import")]
    operations = [migrations.RunSQL(load("merging"), migrations.RunSQL.noop)]
