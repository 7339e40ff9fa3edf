from pathlib import Path

from django.db import migrations, models

SEALING_SQL = Path(__file__).parent.parent / "sql" / "sealing.sql"


class Migration(migrations.Migration):
    dependencies = [
        ("auditlog", "0001_log"),
    ]

    operations = [
        migrations.CreateModel(
            name="SealedBatch",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("epoch", models.IntegerField()),
                ("from_xid", models.BigIntegerField()),
                ("to_xid", models.BigIntegerField()),
                ("row_count", models.BigIntegerField()),
                ("root", models.CharField(max_length=64)),
                ("previous", models.CharField(max_length=64)),
                ("sealed_at", models.DateTimeField()),
                ("key_id", models.CharField(max_length=16)),
                ("voids_from", models.BigIntegerField(null=True)),
                ("reason", models.TextField(blank=True)),
                ("signature", models.CharField(max_length=128)),
            ],
            options={
                "db_table": "auditlog_batch",
            },
        ),
        migrations.RunSQL(SEALING_SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
