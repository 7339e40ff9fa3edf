"""Procedures with checklists, what a checklist came to, links to knowledge, and tasks that ask for something."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import lms_epj.core.ids
from journal.policies import CHECKLIST_TABLES, entry_policies, integrity, load, outline_adds


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0021_language"),
        ("journal", "0012_plan"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="task",
            name="asks_note",
            field=models.ForeignKey(
                blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.documenttype"
            ),
        ),
        migrations.AddField(
            model_name="task",
            name="asks_series",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="ChecklistRun",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("origin_id", models.UUIDField(blank=True, null=True)),
                ("event_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("series", models.UUIDField()),
                ("number", models.IntegerField(help_text="Version of the procedure")),
                ("title", models.CharField(max_length=120)),
                ("points", models.JSONField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("struck_at", models.DateTimeField(blank=True, null=True)),
                ("struck_reason", models.TextField(blank=True)),
                ("lock_version", models.IntegerField(default=1)),
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
                    "finished_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
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
                (
                    "struck_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("unit", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.orgunit")),
            ],
            options={
                "indexes": [models.Index(fields=["patient", "-event_at"], name="journal_che_patient_bc1af7_idx")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("finished_at", None), ("struck_at", None)),
                        fields=("patient", "series", "unit"),
                        name="checklist_one_open_a_unit",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="KnowledgeLink",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("system", models.CharField(choices=[("icd10", "ICD-10"), ("icpc2", "ICPC-2"), ("atc", "ATC")], max_length=8)),
                ("prefix", models.CharField(blank=True, help_text="Empty: every code of the system", max_length=8)),
                ("title", models.CharField(max_length=120)),
                ("address", models.URLField(max_length=300)),
                ("added_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "added_by",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("community", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.recordcommunity")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)), fields=("community", "system", "prefix", "address"), name="knowledge_link_once"
                    ),
                    models.CheckConstraint(condition=models.Q(("address__startswith", "https://")), name="knowledge_link_is_safe"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Procedure",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("series", models.UUIDField(help_text="What all versions of one procedure share")),
                ("number", models.IntegerField()),
                ("title", models.CharField(max_length=120)),
                ("keywords", models.CharField(blank=True, max_length=200)),
                ("text", models.TextField(blank=True)),
                ("steps", models.JSONField(default=list)),
                ("codes", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), blank=True, default=list, size=None)),
                ("changed", models.CharField(help_text="What is new in this version, and why", max_length=300)),
                ("review_on", models.DateField(help_text="When it is to be gone through again")),
                ("written_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_reason", models.TextField(blank=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("community", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.recordcommunity")),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("series", "number"), name="procedure_version_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("approved_at", None), ("withdrawn_at", None)), fields=("series",), name="procedure_one_proposal"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("approved_by", None), models.Q(("approved_by", models.F("written_by")), _negated=True), _connector="OR"),
                        name="procedure_approved_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("text", ""), _negated=True), models.Q(("steps", []), _negated=True), _connector="OR"),
                        name="procedure_says_something",
                    ),
                ],
            },
        ),
        migrations.AlterField(
            model_name="observation",
            name="answers",
            field=models.JSONField(default=dict, help_text="ESAS: {item: 0–10}; a score: {item: points}"),
        ),
        migrations.AlterField(
            model_name="observation",
            name="kind",
            field=models.CharField(
                choices=[
                    ("pain", "Smerte"),
                    ("weight", "Vekt"),
                    ("glucose", "Blodsukker"),
                    ("stool", "Avføring"),
                    ("esas", "ESAS"),
                    ("fluid_in", "Væske inn"),
                    ("fluid_out", "Væske ut"),
                    ("score", "Skåring"),
                ],
                max_length=16,
            ),
        ),
        migrations.RunSQL(integrity(CHECKLIST_TABLES), migrations.RunSQL.noop),
        migrations.RunSQL(entry_policies(CHECKLIST_TABLES), migrations.RunSQL.noop),
        migrations.RunSQL(outline_adds(CHECKLIST_TABLES), migrations.RunSQL.noop),
        migrations.RunSQL(load("procedures"), migrations.RunSQL.noop),
    ]
