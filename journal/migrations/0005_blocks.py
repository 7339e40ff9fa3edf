"""What of the record can be blocked, and blocks that follow a medicine as it is changed."""

from django.db import migrations

from journal.policies import load, outline


class Migration(migrations.Migration):
    dependencies = [("journal", "0004_open_work"), ("access", "0010_blocks")]
    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (outline(), load("blocks"))]
