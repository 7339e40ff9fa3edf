"""Orders, doses, reconciliation and what else stands on the curve; a unit's action levels."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import lms_epj.core.ids
from journal.policies import CURVE_TABLES, entry_policies, integrity, load, outline_adds


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0017_message_watch"),
        ("journal", "0007_exit"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MedOrder",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("origin_id", models.UUIDField(blank=True, null=True)),
                ("event_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("regular", "Fast"), ("as_needed", "Ved behov"), ("infusion", "Infusjon"), ("once", "Engangsdose")], max_length=12
                    ),
                ),
                ("generic", models.TextField()),
                ("brand", models.TextField(blank=True)),
                ("atc", models.CharField(blank=True, max_length=7)),
                ("fest_id", models.CharField(blank=True, max_length=40)),
                ("form", models.TextField(blank=True)),
                ("strength", models.TextField(blank=True)),
                ("dose", models.DecimalField(decimal_places=3, max_digits=10)),
                ("unit_text", models.CharField(max_length=40)),
                ("route", models.TextField(blank=True)),
                ("times", django.contrib.postgres.fields.ArrayField(base_field=models.TimeField(), blank=True, default=list, size=None)),
                ("every_days", models.SmallIntegerField(default=1)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(blank=True, null=True)),
                ("min_interval", models.IntegerField(blank=True, help_text="As needed: minutes between two doses", null=True)),
                ("max_per_day", models.SmallIntegerField(blank=True, help_text="As needed: doses in any 24 hours", null=True)),
                ("volume_ml", models.IntegerField(blank=True, null=True)),
                ("rate", models.CharField(blank=True, max_length=60)),
                ("indication", models.TextField(blank=True)),
                ("instruction", models.TextField(blank=True)),
                ("double_control", models.BooleanField(default=False)),
                ("cave_reason", models.TextField(blank=True, help_text="Why it is ordered though the patient has reacted to such")),
                ("medication_id", models.UUIDField(blank=True, help_text="The medicine in use that it carries on", null=True)),
                ("signed_at", models.DateTimeField(blank=True, null=True)),
                ("stopped_at", models.DateTimeField(blank=True, null=True)),
                ("stop_reason", models.TextField(blank=True)),
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
                    "legal_entity",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.legalentity"),
                ),
                ("patient", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.patient")),
                (
                    "signed_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "stay",
                    models.ForeignKey(
                        blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.stay"
                    ),
                ),
                (
                    "stopped_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("unit", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.orgunit")),
            ],
        ),
        migrations.CreateModel(
            name="MedDose",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("origin_id", models.UUIDField(blank=True, null=True)),
                ("event_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("slot_on", models.DateField(blank=True, null=True)),
                ("slot_at", models.TimeField(blank=True, null=True)),
                ("previous_id", models.UUIDField(blank=True, null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[("given", "Gitt"), ("partly", "Delvis gitt"), ("not_given", "Ikke gitt"), ("refused", "Ville ikke ha")],
                        max_length=12,
                    ),
                ),
                (
                    "dose",
                    models.DecimalField(
                        blank=True, decimal_places=3, help_text="How much, where it is not what was ordered", max_digits=10, null=True
                    ),
                ),
                (
                    "reason_code",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("nausea", "Kvalm"),
                            ("fasting", "Faster"),
                            ("asleep", "Sover"),
                            ("absent", "Ikke til stede"),
                            ("cannot_swallow", "Kan ikke svelge"),
                            ("not_in_stock", "Ikke på lager"),
                            ("measurement", "På grunn av en måling"),
                            ("doctor", "Etter avtale med lege"),
                            ("does_not_want", "Ønsker ikke"),
                            ("other", "Annet"),
                        ],
                        max_length=16,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("struck_at", models.DateTimeField(blank=True, null=True)),
                ("struck_reason", models.TextField(blank=True)),
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
                (
                    "struck_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("unit", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.orgunit")),
                (
                    "order",
                    models.ForeignKey(
                        db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="journal.medorder"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DoseControl",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("origin_id", models.UUIDField(blank=True, null=True)),
                ("event_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("slot_on", models.DateField(blank=True, null=True)),
                ("slot_at", models.TimeField(blank=True, null=True)),
                ("previous_id", models.UUIDField(blank=True, null=True)),
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
                (
                    "order",
                    models.ForeignKey(
                        db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="journal.medorder"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MedReconciliation",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("origin_id", models.UUIDField(blank=True, null=True)),
                ("event_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "occasion",
                    models.CharField(
                        choices=[("admission", "Ved innleggelse"), ("underway", "Under oppholdet"), ("discharge", "Ved utskriving")], max_length=12
                    ),
                ),
                ("sources", models.JSONField(default=list, help_text="[patient, kin, gp, home_care, prescriptions, multidose, letter]")),
                ("decisions", models.JSONField(default=dict)),
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
            name="Observation",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("origin_id", models.UUIDField(blank=True, null=True)),
                ("event_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("pain", "Smerte"),
                            ("weight", "Vekt"),
                            ("glucose", "Blodsukker"),
                            ("stool", "Avføring"),
                            ("esas", "ESAS"),
                            ("fluid_in", "Væske inn"),
                            ("fluid_out", "Væske ut"),
                        ],
                        max_length=16,
                    ),
                ),
                ("value", models.DecimalField(blank=True, decimal_places=1, max_digits=7, null=True)),
                ("code", models.CharField(blank=True, max_length=16)),
                ("answers", models.JSONField(default=dict, help_text="ESAS: {item: 0–10}")),
                ("comment", models.TextField(blank=True)),
                ("struck_at", models.DateTimeField(blank=True, null=True)),
                ("struck_reason", models.TextField(blank=True)),
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
                (
                    "struck_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("unit", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.orgunit")),
            ],
        ),
        migrations.CreateModel(
            name="ActionLevels",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("number", models.IntegerField()),
                ("zero", models.IntegerField()),
                ("low", models.IntegerField()),
                ("low_medium", models.IntegerField()),
                ("medium", models.IntegerField()),
                ("high", models.IntegerField()),
                ("incomplete", models.IntegerField()),
                ("actions", models.JSONField(default=dict, help_text="{level: what is done, in words}")),
                ("reason", models.TextField()),
                ("decided_at", models.DateTimeField()),
                ("decided_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("unit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.orgunit")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("unit", "number"), name="actionlevels_version_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("low__gte", models.F("low_medium")),
                            ("low_medium__gte", models.F("medium")),
                            ("medium__gte", models.F("high")),
                            ("zero__gte", models.F("low")),
                            ("high__gte", 5),
                            ("incomplete__gte", 5),
                            ("incomplete__lte", 1440),
                            ("zero__lte", 1440),
                        ),
                        name="actionlevels_severe_is_sooner",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="medorder",
            index=models.Index(fields=["patient", "-event_at"], name="journal_med_patient_0d4933_idx"),
        ),
        migrations.AddConstraint(
            model_name="medorder",
            constraint=models.CheckConstraint(condition=models.Q(("dose__gt", 0), ("every_days__gte", 1)), name="medorder_amount"),
        ),
        migrations.AddConstraint(
            model_name="medorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "as_needed"), ("times", [])),
                    models.Q(models.Q(("kind", "as_needed"), _negated=True), models.Q(("times", []), _negated=True)),
                    _connector="OR",
                ),
                name="medorder_has_times_or_need",
            ),
        ),
        migrations.AddConstraint(
            model_name="medorder",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__isnull", True), ("ends_at__gt", models.F("starts_at")), _connector="OR"),
                name="medorder_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="medorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("signed_at__isnull", True), ("signed_by__isnull", True)),
                    models.Q(("signed_at__isnull", False), ("signed_by__isnull", False)),
                    _connector="OR",
                ),
                name="medorder_signed_names_signer",
            ),
        ),
        migrations.AddIndex(
            model_name="meddose",
            index=models.Index(fields=["patient", "-event_at"], name="journal_med_patient_e8add2_idx"),
        ),
        migrations.AddConstraint(
            model_name="meddose",
            constraint=models.UniqueConstraint(
                condition=models.Q(("slot_at__isnull", False), ("struck_at__isnull", True)),
                fields=("order", "slot_on", "slot_at"),
                name="dose_once_per_slot",
            ),
        ),
        migrations.AddConstraint(
            model_name="meddose",
            constraint=models.UniqueConstraint(
                condition=models.Q(("slot_at__isnull", True), ("struck_at__isnull", True)),
                fields=("order", "previous_id"),
                name="dose_follows_last",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="meddose",
            constraint=models.CheckConstraint(condition=models.Q(("origin_id", models.F("order_id"))), name="dose_is_hidden_with_its_order"),
        ),
        migrations.AddConstraint(
            model_name="meddose",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("slot_at__isnull", True), ("slot_on__isnull", True)),
                    models.Q(("previous_id__isnull", True), ("slot_at__isnull", False), ("slot_on__isnull", False)),
                    _connector="OR",
                ),
                name="dose_has_one_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="meddose",
            constraint=models.CheckConstraint(
                condition=models.Q(("status", "given"), models.Q(("reason_code", ""), _negated=True), _connector="OR"), name="dose_says_why"
            ),
        ),
        migrations.AddConstraint(
            model_name="meddose",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("status", "partly"), _negated=True), ("dose__isnull", False), _connector="OR"),
                name="dose_partly_says_how_much",
            ),
        ),
        migrations.AddIndex(
            model_name="dosecontrol",
            index=models.Index(fields=["patient", "-event_at"], name="journal_dos_patient_8d0e6b_idx"),
        ),
        migrations.AddConstraint(
            model_name="dosecontrol",
            constraint=models.UniqueConstraint(
                fields=("order", "slot_on", "slot_at", "previous_id", "author"), name="dosecontrol_once_by_each", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="dosecontrol",
            constraint=models.CheckConstraint(condition=models.Q(("origin_id", models.F("order_id"))), name="dosecontrol_is_hidden_with_its_order"),
        ),
        migrations.AddIndex(
            model_name="medreconciliation",
            index=models.Index(fields=["patient", "-event_at"], name="journal_med_patient_570750_idx"),
        ),
        migrations.AddIndex(
            model_name="observation",
            index=models.Index(fields=["patient", "-event_at"], name="journal_obs_patient_2d2410_idx"),
        ),
        migrations.AddConstraint(
            model_name="observation",
            constraint=models.CheckConstraint(
                condition=models.Q(("value__isnull", True), ("value__gte", 0), _connector="OR"), name="observation_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="observation",
            constraint=models.CheckConstraint(
                condition=models.Q(("value__isnull", False), models.Q(("code", ""), _negated=True), ("kind", "esas"), _connector="OR"),
                name="observation_says_something",
            ),
        ),
        migrations.RunSQL(integrity(CURVE_TABLES), migrations.RunSQL.noop),
        migrations.RunSQL(entry_policies(CURVE_TABLES), migrations.RunSQL.noop),
        migrations.RunSQL(outline_adds(CURVE_TABLES), migrations.RunSQL.noop),
        migrations.RunSQL(load("curve"), migrations.RunSQL.noop),
    ]
