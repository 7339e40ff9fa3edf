"""Phrases, and what the shift report begins from."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import lms_epj.core.ids
from journal.policies import load


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0020_templates"),
        ("journal", "0010_claims"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Phrase",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                ("text", models.TextField()),
                ("shared", models.BooleanField(default=False)),
                (
                    "author",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("unit", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.orgunit")),
            ],
            options={
                "ordering": ["name"],
                "indexes": [models.Index(fields=["unit"], name="journal_phr_unit_id_1f4ce2_idx")],
                "constraints": [models.UniqueConstraint(fields=("author", "unit", "name"), name="phrase_name_once")],
            },
        ),
        *(migrations.RunSQL(load(name), migrations.RunSQL.noop) for name in ("phrases", "report")),
    ]
