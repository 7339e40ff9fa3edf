"""The decision for one under observation, and what the unit's work lists are built from."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import lms_epj.core.ids
from journal.policies import LATER_TABLES, entry_policies, integrity, load


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0003_reference"),
        ("journal", "0002_policies"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StayDecision",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("origin_id", models.UUIDField(blank=True, null=True)),
                ("event_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(choices=[("stay", "Blir på LMS"), ("hospital", "Sendes til sykehus"), ("home", "Sendes hjem")], max_length=16),
                ),
                ("reason", models.TextField()),
                (
                    "author",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "category",
                    models.ForeignKey(
                        db_column="category",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.infocategory",
                    ),
                ),
                (
                    "document_type",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.documenttype",
                    ),
                ),
                (
                    "legal_entity",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.legalentity"),
                ),
                ("patient", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.patient")),
                (
                    "stay",
                    models.ForeignKey(
                        db_index=False, blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.stay"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.orgunit"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["patient", "-event_at"], name="journal_sta_patient_0611d2_idx")],
            },
        ),
        migrations.RunSQL(integrity(LATER_TABLES), migrations.RunSQL.noop),
        migrations.RunSQL(entry_policies(LATER_TABLES), migrations.RunSQL.noop),
        migrations.RunSQL(load("ward"), migrations.RunSQL.noop),
    ]
