from pathlib import Path

import django.contrib.postgres.fields
from django.db import migrations, models

LOG_SQL = Path(__file__).parent.parent / "sql" / "log.sql"


class Migration(migrations.Migration):
    initial = True
    dependencies: list = []
    operations = [migrations.RunSQL(LOG_SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop)]
