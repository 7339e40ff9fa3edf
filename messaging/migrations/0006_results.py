"""Results of reports as rows of the record."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import lms_epj.core.ids
from messaging.policies import load, result_policies


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0017_message_watch"),
        ("journal", "0007_exit"),
        ("messaging", "0005_exchange"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LabResult",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("origin_id", models.UUIDField(blank=True, null=True)),
                ("event_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("place", models.SmallIntegerField(help_text="Order in the report")),
                (
                    "analyte",
                    models.CharField(
                        help_text="What is the same through a patient's reports: the code, or the name where there is none", max_length=120
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=40)),
                ("system", models.CharField(blank=True, max_length=60)),
                ("name", models.TextField(blank=True)),
                ("comparator", models.CharField(blank=True, max_length=2)),
                ("value", models.TextField(blank=True)),
                ("number", models.DecimalField(blank=True, decimal_places=8, max_digits=20, null=True)),
                ("measured_in", models.CharField(blank=True, max_length=40)),
                ("reference", models.TextField(blank=True)),
                ("deviation", models.CharField(blank=True, help_text="Volven 8244", max_length=10)),
                ("preliminary", models.BooleanField(default=False)),
                ("withdrawn", models.BooleanField(default=False)),
                ("day_only", models.BooleanField(default=False, help_text="The hour the sample was taken is not known")),
                (
                    "sampled",
                    models.BooleanField(default=True, help_text="False where the report does not say when; then event_at is when it was written"),
                ),
                ("material", models.TextField(blank=True)),
                ("comment", models.TextField(blank=True)),
                (
                    "author",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "category",
                    models.ForeignKey(
                        db_column="category", db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.infocategory"
                    ),
                ),
                (
                    "document_type",
                    models.ForeignKey(
                        blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.documenttype"
                    ),
                ),
                (
                    "legal_entity",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.legalentity"),
                ),
                ("message", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="results", to="messaging.message")),
                ("patient", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.patient")),
                (
                    "stay",
                    models.ForeignKey(
                        blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.stay"
                    ),
                ),
                ("unit", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.orgunit")),
            ],
            options={
                "indexes": [models.Index(fields=["patient", "-event_at"], name="messaging_l_patient_f871d8_idx")],
                "constraints": [models.UniqueConstraint(fields=("message", "place"), name="labresult_once")],
            },
        ),
        migrations.RunSQL(result_policies(), migrations.RunSQL.noop),
        *(migrations.RunSQL(load(name), migrations.RunSQL.noop) for name in ("results", "unread")),
    ]
