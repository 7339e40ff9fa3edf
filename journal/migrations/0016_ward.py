"""The ward: isolation, where the patient has lain, what is done before leaving; which problem a note is about; when one last looked."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import lms_epj.core.ids
from journal.policies import WARD_TABLES, entry_policies, integrity, load, outline_adds


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0021_language"),
        ("journal", "0015_print"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DischargeCheck",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("origin_id", models.UUIDField(blank=True, null=True)),
                ("event_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("item", models.CharField(max_length=24)),
                (
                    "state",
                    models.CharField(
                        choices=[("done", "Gjort"), ("not_needed", "Ikke aktuelt"), ("undone", "Ikke gjort likevel"), ("missed", "Utskrevet uten")],
                        max_length=12,
                    ),
                ),
                ("remark", models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name="Isolation",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("origin_id", models.UUIDField(blank=True, null=True)),
                ("event_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("contact", "Kontaktsmitte"),
                            ("droplet", "Dråpesmitte"),
                            ("airborne", "Luftsmitte"),
                            ("protective", "Beskyttende isolering"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reason", models.TextField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("end_reason", models.TextField(blank=True)),
                ("lock_version", models.IntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name="Placement",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("origin_id", models.UUIDField(blank=True, null=True)),
                ("event_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("reason", models.TextField(blank=True)),
            ],
        ),
        migrations.AddField(
            model_name="bed",
            name="remark",
            field=models.CharField(blank=True, db_default="", max_length=120),
        ),
        migrations.AddField(
            model_name="bed",
            name="room",
            field=models.CharField(blank=True, db_default="", max_length=20),
        ),
        migrations.AddField(
            model_name="note",
            name="problem_id",
            field=models.UUIDField(blank=True, help_text="The problem of the care plan, or the diagnosis, that it is about", null=True),
        ),
        migrations.AddIndex(
            model_name="note",
            index=models.Index(condition=models.Q(("problem_id__isnull", False)), fields=["problem_id", "-event_at"], name="note_of_problem"),
        ),
        migrations.AddField(
            model_name="dischargecheck",
            name="author",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="dischargecheck",
            name="category",
            field=models.ForeignKey(
                db_column="category", db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.infocategory"
            ),
        ),
        migrations.AddField(
            model_name="dischargecheck",
            name="document_type",
            field=models.ForeignKey(
                blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.documenttype"
            ),
        ),
        migrations.AddField(
            model_name="dischargecheck",
            name="legal_entity",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.legalentity"),
        ),
        migrations.AddField(
            model_name="dischargecheck",
            name="patient",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.patient"),
        ),
        migrations.AddField(
            model_name="dischargecheck",
            name="stay",
            field=models.ForeignKey(
                blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.stay"
            ),
        ),
        migrations.AddField(
            model_name="dischargecheck",
            name="unit",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.orgunit"),
        ),
        migrations.AddField(
            model_name="isolation",
            name="author",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="isolation",
            name="category",
            field=models.ForeignKey(
                db_column="category", db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.infocategory"
            ),
        ),
        migrations.AddField(
            model_name="isolation",
            name="document_type",
            field=models.ForeignKey(
                blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.documenttype"
            ),
        ),
        migrations.AddField(
            model_name="isolation",
            name="ended_by",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="isolation",
            name="legal_entity",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.legalentity"),
        ),
        migrations.AddField(
            model_name="isolation",
            name="ordered_by",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="isolation",
            name="patient",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.patient"),
        ),
        migrations.AddField(
            model_name="isolation",
            name="stay",
            field=models.ForeignKey(
                blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.stay"
            ),
        ),
        migrations.AddField(
            model_name="isolation",
            name="unit",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.orgunit"),
        ),
        migrations.AddField(
            model_name="placement",
            name="author",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="placement",
            name="bed",
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.bed"),
        ),
        migrations.AddField(
            model_name="placement",
            name="category",
            field=models.ForeignKey(
                db_column="category", db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.infocategory"
            ),
        ),
        migrations.AddField(
            model_name="placement",
            name="document_type",
            field=models.ForeignKey(
                blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.documenttype"
            ),
        ),
        migrations.AddField(
            model_name="placement",
            name="legal_entity",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.legalentity"),
        ),
        migrations.AddField(
            model_name="placement",
            name="patient",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.patient"),
        ),
        migrations.AddField(
            model_name="placement",
            name="stay",
            field=models.ForeignKey(
                blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.stay"
            ),
        ),
        migrations.AddField(
            model_name="placement",
            name="unit",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.orgunit"),
        ),
        migrations.AddField(
            model_name="placement",
            name="ward",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.orgunit"),
        ),
        migrations.AddIndex(
            model_name="dischargecheck",
            index=models.Index(fields=["patient", "-event_at"], name="journal_dis_patient_363950_idx"),
        ),
        migrations.AddIndex(
            model_name="dischargecheck",
            index=models.Index(fields=["stay", "item"], name="journal_dis_stay_id_d9aecc_idx"),
        ),
        migrations.AddIndex(
            model_name="isolation",
            index=models.Index(fields=["patient", "-event_at"], name="journal_iso_patient_7dbe76_idx"),
        ),
        migrations.AddConstraint(
            model_name="isolation",
            constraint=models.UniqueConstraint(condition=models.Q(("ended_at", None)), fields=("patient", "unit"), name="isolation_one_at_a_time"),
        ),
        migrations.AddIndex(
            model_name="placement",
            index=models.Index(fields=["patient", "-event_at"], name="journal_pla_patient_7e8a26_idx"),
        ),
        migrations.AddIndex(
            model_name="placement",
            index=models.Index(fields=["stay", "event_at"], name="journal_pla_stay_id_794a90_idx"),
        ),
        migrations.AddIndex(
            model_name="placement",
            index=models.Index(fields=["ward", "event_at"], name="journal_pla_ward_id_730b4e_idx"),
        ),
        migrations.RunSQL(integrity(WARD_TABLES), migrations.RunSQL.noop),
        migrations.RunSQL(entry_policies(WARD_TABLES), migrations.RunSQL.noop),
        migrations.RunSQL(outline_adds(WARD_TABLES), migrations.RunSQL.noop),
        *(migrations.RunSQL(load(name), migrations.RunSQL.noop) for name in ("board", "reading")),
    ]
