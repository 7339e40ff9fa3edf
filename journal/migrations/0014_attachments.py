"""Files in the record, and wounds with their assessments."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import lms_epj.core.ids
from journal.policies import FILE_TABLES, WOUND_TABLES, entry_policies, integrity, load, outline_adds


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0021_language"),
        ("journal", "0013_procedures"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("origin_id", models.UUIDField(blank=True, null=True)),
                ("event_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("title", models.CharField(max_length=120)),
                ("note", models.TextField(blank=True)),
                ("media_type", models.CharField(choices=[("image/jpeg", "Bilde"), ("application/pdf", "PDF")], max_length=20)),
                ("content", models.BinaryField()),
                ("thumbnail", models.BinaryField(blank=True, null=True)),
                ("size", models.IntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("width", models.SmallIntegerField(blank=True, null=True)),
                ("height", models.SmallIntegerField(blank=True, null=True)),
                ("pages", models.SmallIntegerField(blank=True, null=True)),
                ("stored_once", models.UUIDField(default=uuid.uuid4)),
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
            options={
                "indexes": [
                    models.Index(fields=["patient", "-event_at"], name="journal_att_patient_cbe155_idx"),
                    models.Index(fields=["origin_id"], name="journal_att_origin__ed68db_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("stored_once",), name="attachment_stored_once"),
                    models.CheckConstraint(
                        condition=models.Q(("media_type__in", ("image/jpeg", "application/pdf"))), name="attachment_of_known_type"
                    ),
                    models.CheckConstraint(condition=models.Q(("size__gte", 1), ("size__lte", 20971520)), name="attachment_of_bounded_size"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Wound",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("origin_id", models.UUIDField(blank=True, null=True)),
                ("event_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("site", models.CharField(max_length=32)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("pressure", "Trykksår"),
                            ("venous", "Venøst leggsår"),
                            ("arterial", "Arterielt sår"),
                            ("diabetic_foot", "Diabetisk fotsår"),
                            ("surgical", "Kirurgisk sår"),
                            ("traumatic", "Traumatisk sår"),
                            ("other", "Annet sår"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "pressure_category",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("1", "Kategori I"),
                            ("2", "Kategori II"),
                            ("3", "Kategori III"),
                            ("4", "Kategori IV"),
                            ("unstageable", "Ikke klassifiserbart"),
                            ("deep", "Mistenkt dyp vevsskade"),
                        ],
                        max_length=12,
                    ),
                ),
                ("since", models.DateField(blank=True, null=True)),
                ("description", models.TextField(blank=True)),
                ("healed_on", models.DateField(blank=True, null=True)),
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
                    "healed_by",
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
                "indexes": [models.Index(fields=["patient"], name="journal_wou_patient_e7a974_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind", "pressure"), ("pressure_category", ""), _connector="OR"), name="wound_category_of_pressure_ulcers"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WoundAssessment",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("origin_id", models.UUIDField(blank=True, null=True)),
                ("event_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "pressure_category",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("1", "Kategori I"),
                            ("2", "Kategori II"),
                            ("3", "Kategori III"),
                            ("4", "Kategori IV"),
                            ("unstageable", "Ikke klassifiserbart"),
                            ("deep", "Mistenkt dyp vevsskade"),
                        ],
                        max_length=12,
                    ),
                ),
                ("length_mm", models.SmallIntegerField(blank=True, null=True)),
                ("width_mm", models.SmallIntegerField(blank=True, null=True)),
                ("depth_mm", models.SmallIntegerField(blank=True, null=True)),
                ("granulation", models.SmallIntegerField(blank=True, null=True)),
                ("fibrin", models.SmallIntegerField(blank=True, null=True)),
                ("necrosis", models.SmallIntegerField(blank=True, null=True)),
                (
                    "exudate",
                    models.CharField(
                        blank=True, choices=[("none", "Ingen"), ("little", "Lite"), ("moderate", "Moderat"), ("much", "Rikelig")], max_length=12
                    ),
                ),
                (
                    "exudate_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("serous", "Serøst (klart)"),
                            ("serosanguineous", "Blodtilblandet"),
                            ("sanguineous", "Blodig"),
                            ("purulent", "Pussholdig"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "edges",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("vital", "Vitale, i plan"),
                            ("macerated", "Masererte"),
                            ("undermined", "Underminerte"),
                            ("rolled", "Rullede, fortykkede"),
                            ("dry", "Tørre"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "skin",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("healthy", "Uten anmerkning"),
                            ("dry", "Tørr, skjellende"),
                            ("macerated", "Maserert"),
                            ("red", "Rød, irritert"),
                            ("eczema", "Eksem"),
                            ("oedema", "Ødem"),
                        ],
                        max_length=12,
                    ),
                ),
                ("smell", models.CharField(blank=True, choices=[("none", "Ingen"), ("slight", "Svak"), ("strong", "Kraftig")], max_length=8)),
                ("pain", models.SmallIntegerField(blank=True, null=True)),
                (
                    "signs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("redness", "Rødme utover sårkanten"),
                                ("warmth", "Varme"),
                                ("swelling", "Hevelse"),
                                ("pain", "Økende smerte"),
                                ("pus", "Puss"),
                                ("smell", "Ny eller økende lukt"),
                                ("delayed", "Stopp i tilhelingen"),
                                ("fever", "Feber eller påvirket allmenntilstand"),
                            ],
                            max_length=12,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("dressing", models.TextField(blank=True)),
                ("comment", models.TextField(blank=True)),
                ("next_change_at", models.DateTimeField(blank=True, null=True)),
                ("task_id", models.UUIDField(blank=True, null=True)),
                ("stored_once", models.UUIDField(default=uuid.uuid4)),
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
            options={
                "indexes": [
                    models.Index(fields=["patient", "-event_at"], name="journal_wou_patient_a39dc4_idx"),
                    models.Index(fields=["origin_id"], name="journal_wou_origin__18e4b9_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("stored_once",), name="assessment_stored_once"),
                    models.CheckConstraint(condition=models.Q(("origin_id__isnull", False)), name="assessment_has_a_wound"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("fibrin__isnull", True), ("granulation__isnull", True), ("necrosis__isnull", True)),
                            models.Q(
                                ("fibrin__gte", 0),
                                (
                                    "granulation",
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(models.Value(100), "-", models.F("fibrin")),
                                        "-",
                                        models.F("necrosis"),
                                    ),
                                ),
                                ("granulation__gte", 0),
                                ("necrosis__gte", 0),
                            ),
                            _connector="OR",
                        ),
                        name="assessment_bed_makes_100",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("length_mm__isnull", True), ("width_mm__isnull", True)),
                            models.Q(("length_mm__gte", 1), ("width_mm__gte", 1)),
                            _connector="OR",
                        ),
                        name="assessment_area_is_whole",
                    ),
                ],
            },
        ),
        migrations.RunSQL(integrity(FILE_TABLES | WOUND_TABLES), migrations.RunSQL.noop),
        migrations.RunSQL(entry_policies(FILE_TABLES | WOUND_TABLES), migrations.RunSQL.noop),
        migrations.RunSQL(outline_adds(FILE_TABLES | WOUND_TABLES), migrations.RunSQL.noop),
        migrations.RunSQL(load("files"), migrations.RunSQL.noop),
    ]
