"""The care plan: problems, actions, evaluations; one open task an action."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import lms_epj.core.ids
from journal.policies import PLAN_TABLES, entry_policies, integrity, load, outline_adds


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0020_templates"),
        ("journal", "0011_phrases"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PlanAction",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("origin_id", models.UUIDField(blank=True, null=True)),
                ("event_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("text", models.TextField()),
                ("times", django.contrib.postgres.fields.ArrayField(base_field=models.TimeField(), blank=True, default=list, size=None)),
                ("every_days", models.SmallIntegerField(default=1)),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("end_reason", models.TextField(blank=True)),
                ("lock_version", models.IntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name="PlanEvaluation",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("origin_id", models.UUIDField(blank=True, null=True)),
                ("event_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("on_track", "På vei"),
                            ("stands", "Uendret"),
                            ("worse", "Verre"),
                            ("changed", "Endret"),
                            ("ended", "Avsluttet"),
                            ("reopened", "Gjenåpnet"),
                        ],
                        max_length=12,
                    ),
                ),
                ("text", models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name="PlanProblem",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("origin_id", models.UUIDField(blank=True, null=True)),
                ("event_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("problem", models.TextField()),
                ("goal", models.TextField()),
                ("goal_by", models.DateField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reached", "Målet er nådd"),
                            ("partly", "Delvis nådd"),
                            ("not_reached", "Ikke nådd"),
                            ("lapsed", "Ikke lenger aktuelt"),
                        ],
                        max_length=12,
                    ),
                ),
                ("lock_version", models.IntegerField(default=1)),
            ],
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cancelled_at", None), ("done_at", None), ("kind", "plan")),
                fields=("origin_id",),
                name="task_one_open_of_an_action",
            ),
        ),
        migrations.AddField(
            model_name="planaction",
            name="author",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="planaction",
            name="category",
            field=models.ForeignKey(
                db_column="category", db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.infocategory"
            ),
        ),
        migrations.AddField(
            model_name="planaction",
            name="document_type",
            field=models.ForeignKey(
                blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.documenttype"
            ),
        ),
        migrations.AddField(
            model_name="planaction",
            name="ended_by",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="planaction",
            name="for_unit",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.orgunit"),
        ),
        migrations.AddField(
            model_name="planaction",
            name="legal_entity",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.legalentity"),
        ),
        migrations.AddField(
            model_name="planaction",
            name="patient",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.patient"),
        ),
        migrations.AddField(
            model_name="planaction",
            name="stay",
            field=models.ForeignKey(
                blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.stay"
            ),
        ),
        migrations.AddField(
            model_name="planaction",
            name="unit",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.orgunit"),
        ),
        migrations.AddField(
            model_name="planevaluation",
            name="author",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="planevaluation",
            name="category",
            field=models.ForeignKey(
                db_column="category", db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.infocategory"
            ),
        ),
        migrations.AddField(
            model_name="planevaluation",
            name="document_type",
            field=models.ForeignKey(
                blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.documenttype"
            ),
        ),
        migrations.AddField(
            model_name="planevaluation",
            name="legal_entity",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.legalentity"),
        ),
        migrations.AddField(
            model_name="planevaluation",
            name="patient",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.patient"),
        ),
        migrations.AddField(
            model_name="planevaluation",
            name="stay",
            field=models.ForeignKey(
                blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.stay"
            ),
        ),
        migrations.AddField(
            model_name="planevaluation",
            name="unit",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.orgunit"),
        ),
        migrations.AddField(
            model_name="planproblem",
            name="author",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="planproblem",
            name="category",
            field=models.ForeignKey(
                db_column="category", db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.infocategory"
            ),
        ),
        migrations.AddField(
            model_name="planproblem",
            name="document_type",
            field=models.ForeignKey(
                blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.documenttype"
            ),
        ),
        migrations.AddField(
            model_name="planproblem",
            name="ended_by",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="planproblem",
            name="legal_entity",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.legalentity"),
        ),
        migrations.AddField(
            model_name="planproblem",
            name="patient",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.patient"),
        ),
        migrations.AddField(
            model_name="planproblem",
            name="stay",
            field=models.ForeignKey(
                blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.stay"
            ),
        ),
        migrations.AddField(
            model_name="planproblem",
            name="unit",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.orgunit"),
        ),
        migrations.AddIndex(
            model_name="planaction",
            index=models.Index(fields=["patient"], name="journal_pla_patient_2c6fd6_idx"),
        ),
        migrations.AddConstraint(
            model_name="planaction",
            constraint=models.CheckConstraint(condition=models.Q(("every_days__gte", 1)), name="planaction_every_some_days"),
        ),
        migrations.AddConstraint(
            model_name="planaction",
            constraint=models.CheckConstraint(condition=models.Q(("origin_id__isnull", False)), name="planaction_has_a_problem"),
        ),
        migrations.AddIndex(
            model_name="planevaluation",
            index=models.Index(fields=["patient", "-event_at"], name="journal_pla_patient_d3d4df_idx"),
        ),
        migrations.AddConstraint(
            model_name="planevaluation",
            constraint=models.CheckConstraint(condition=models.Q(("origin_id__isnull", False)), name="planevaluation_has_a_problem"),
        ),
        migrations.AddIndex(
            model_name="planproblem",
            index=models.Index(fields=["patient"], name="journal_pla_patient_e56933_idx"),
        ),
        migrations.AddConstraint(
            model_name="planproblem",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended_at__isnull", True), models.Q(("outcome", ""), _negated=True), _connector="OR"),
                name="problem_ends_with_an_outcome",
            ),
        ),
        migrations.RunSQL(integrity(PLAN_TABLES), migrations.RunSQL.noop),
        migrations.RunSQL(entry_policies(PLAN_TABLES), migrations.RunSQL.noop),
        migrations.RunSQL(outline_adds(PLAN_TABLES), migrations.RunSQL.noop),
        migrations.RunSQL(load("plan"), migrations.RunSQL.noop),
    ]
