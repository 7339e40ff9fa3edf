"""Questions to a specialist outside, and images and wounds among what one from outside can be shown."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import lms_epj.core.ids
from journal.policies import outline_adds
from telemed.policies import load, question_policies


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0021_language"),
        ("journal", "0014_attachments"),
        ("telemed", "0008_group_and_course"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SpecialistQuestion",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("origin_id", models.UUIDField(blank=True, null=True)),
                ("event_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("question", models.TextField()),
                ("name", models.CharField(max_length=80)),
                ("organisation", models.CharField(blank=True, max_length=80)),
                ("shown", django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None)),
                ("authorisation_id", models.UUIDField()),
                ("valid_to", models.DateTimeField()),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                ("answer", models.TextField(blank=True)),
                ("answered_by", models.CharField(blank=True, max_length=80)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
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
                ("patient", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.patient")),
                (
                    "stay",
                    models.ForeignKey(
                        blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.stay"
                    ),
                ),
                ("unit", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.orgunit")),
            ],
        ),
        migrations.CreateModel(
            name="QuestionLink",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("secret_hash", models.BinaryField(unique=True)),
                ("code_hash", models.BinaryField()),
                ("tries", models.SmallIntegerField(default=0)),
                ("proof_hash", models.BinaryField(blank=True, null=True)),
                ("proof_until", models.DateTimeField(blank=True, null=True)),
                ("question", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="telemed.specialistquestion")),
            ],
        ),
        migrations.AddIndex(
            model_name="specialistquestion",
            index=models.Index(fields=["patient"], name="telemed_spe_patient_25c5e3_idx"),
        ),
        migrations.AddIndex(
            model_name="specialistquestion",
            index=models.Index(fields=["origin_id"], name="telemed_spe_origin__4612f5_idx"),
        ),
        migrations.RunSQL(question_policies(), migrations.RunSQL.noop),
        migrations.RunSQL(outline_adds(["telemed_specialistquestion"]), migrations.RunSQL.noop),
        migrations.RunSQL(load("material"), migrations.RunSQL.noop),
        migrations.RunSQL(load("specialist"), migrations.RunSQL.noop),
    ]
