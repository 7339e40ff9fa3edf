"""Demands to correct or delete, who is told, and notes that are not to be given to the patient."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import lms_epj.core.ids
from journal.policies import CLAIM_TABLES, entry_policies, integrity, load, outline_adds


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0020_templates"),
        ("journal", "0009_note_work"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="note",
            name="template_version",
            field=models.SmallIntegerField(
                blank=True, help_text="Version of the template it was begun in; NULL means the type's present one", null=True
            ),
        ),
        migrations.AddField(
            model_name="note",
            name="withheld_at",
            field=models.DateTimeField(blank=True, help_text="Since when it is not to be given to the patient (pbrl § 5-1)", null=True),
        ),
        migrations.AddField(
            model_name="note",
            name="withheld_by",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="note",
            name="withheld_reason",
            field=models.TextField(blank=True, db_default=""),
        ),
        migrations.CreateModel(
            name="NoteNotice",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("note_id", models.UUIDField()),
                ("what", models.CharField(help_text="correction, deletion or wrong_patient", max_length=13)),
                ("read_at", models.DateTimeField(help_text="When this person last had the note on the screen; NULL for its author", null=True)),
                ("made_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
                ("patient", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.patient")),
                (
                    "user",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "indexes": [models.Index(condition=models.Q(("seen_at__isnull", True)), fields=["user", "-made_at"], name="notenotice_unseen")],
            },
        ),
        migrations.CreateModel(
            name="RecordClaim",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("origin_id", models.UUIDField(blank=True, null=True)),
                ("event_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("about_id", models.UUIDField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("correction", "Retting"), ("deletion", "Sletting"), ("wrong_patient", "Ført på feil pasient")], max_length=13
                    ),
                ),
                (
                    "wish_of",
                    models.CharField(
                        choices=[("patient", "Pasienten"), ("representative", "Den som svarer for pasienten"), ("own", "Virksomheten selv")],
                        max_length=14,
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("right_patient_id", models.UUIDField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Ikke avgjort"), ("granted", "Tatt til følge"), ("refused", "Avslått")], default="open", max_length=7
                    ),
                ),
                (
                    "ground",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("wrong", "Feil eller mangelfullt"),
                            ("improper", "Utilbørlig"),
                            ("burden", "Feil eller misvisende, og føles belastende"),
                            ("not_needed", "Åpenbart ikke nødvendig for helsehjelpen"),
                            ("wrong_patient", "Gjelder en annen pasient"),
                        ],
                        max_length=13,
                    ),
                ),
                ("heard", models.TextField(blank=True, help_text="What the author said, or why the author could not be asked")),
                ("decision", models.TextField(blank=True)),
                ("told", models.TextField(blank=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("erased_at", models.DateTimeField(blank=True, null=True)),
                ("moved_to", models.UUIDField(blank=True, null=True)),
                ("copies", models.JSONField(default=list)),
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
                    "decided_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
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
                    "responsible_unit",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.orgunit"),
                ),
                (
                    "stay",
                    models.ForeignKey(
                        blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.stay"
                    ),
                ),
                ("unit", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.orgunit")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["patient", "-event_at"], name="journal_rec_patient_af0d6c_idx"),
                    models.Index(fields=["about_id"], name="journal_rec_about_i_10008d_idx"),
                    models.Index(condition=models.Q(("state", "open")), fields=["recorded_at"], name="recordclaim_open"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("origin_id", models.F("about_id"))), name="recordclaim_is_hidden_with_its_note"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("state", "open")),
                            models.Q(models.Q(("state", "open"), _negated=True), ("decided_at__isnull", False), ("decided_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="recordclaim_decided_by_somebody",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")), fields=("about_id", "kind"), name="recordclaim_one_open_of_a_kind"
                    ),
                ],
            },
        ),
        migrations.RunSQL(integrity(CLAIM_TABLES), migrations.RunSQL.noop),
        migrations.RunSQL(entry_policies(CLAIM_TABLES), migrations.RunSQL.noop),
        migrations.RunSQL(outline_adds(CLAIM_TABLES), migrations.RunSQL.noop),
        migrations.RunSQL(load("claims"), migrations.RunSQL.noop),
    ]
