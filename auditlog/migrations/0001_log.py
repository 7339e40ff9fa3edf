from pathlib import Path

import django.contrib.postgres.fields
from django.db import migrations, models

LOG_SQL = Path(__file__).parent.parent / "sql" / "log.sql"


class Migration(migrations.Migration):
    initial = True
    dependencies: list = []
    operations = [
        migrations.RunSQL(LOG_SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
        migrations.CreateModel(
            name="AccessLogEntry",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("request_id", models.UUIDField()),
                ("session_id", models.UUIDField(null=True)),
                ("user_id", models.UUIDField(null=True)),
                ("user_name", models.TextField()),
                ("hpr_number", models.TextField()),
                ("profession", models.TextField()),
                ("role_code", models.TextField()),
                ("role_name", models.TextField()),
                ("unit_id", models.UUIDField(null=True)),
                ("unit_name", models.TextField()),
                ("legal_entity_id", models.UUIDField(null=True)),
                ("legal_entity_name", models.TextField()),
                ("patient_id", models.UUIDField(null=True)),
                ("patient_name", models.TextField()),
                ("action", models.TextField()),
                ("route", models.TextField()),
                ("outcome", models.TextField(choices=[("allow", "Tillatt"), ("deny", "Avvist"), ("error", "Feilet"), ("shown", "Vist")])),
                ("reason_code", models.TextField()),
                ("measure_id", models.UUIDField(null=True)),
                ("template_code", models.TextField()),
                ("template_name", models.TextField()),
                ("purpose", models.TextField()),
                ("user_selected", models.BooleanField()),
                ("reason", models.TextField()),
                ("opening_id", models.UUIDField(null=True)),
                ("objects_shown", models.JSONField(null=True)),
                ("categories", django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), null=True, size=None)),
                ("device", models.TextField()),
                ("xid", models.BigIntegerField()),
                ("epoch", models.IntegerField()),
                ("salt", models.UUIDField()),
            ],
            options={
                "db_table": "auditlog_entry",
                "managed": False,
            },
        ),
    ]
