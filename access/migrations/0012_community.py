"""The agreement of the record community as data, its changes, and the copy for one who leaves."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import lms_epj.core.ids
from access.policies import load


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0011_reviews"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="recordcommunity",
            options={"permissions": [("administer_community", "Kan forvalte avtalen om felles journal")]},
        ),
        migrations.RemoveField(
            model_name="recordcommunity",
            name="agreement",
        ),
        migrations.CreateModel(
            name="AgreementVersion",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("valid_from", models.DateTimeField()),
                ("valid_to", models.DateTimeField(blank=True, null=True)),
                ("number", models.IntegerField()),
                ("coverage", models.TextField(help_text="What the co-operation covers")),
                ("patient_rights", models.TextField(help_text="How patients' rights are looked after")),
                ("processing", models.TextField(help_text="How information is processed and secured, also at change and end")),
                ("controller", models.TextField(help_text="Who is data controller of what")),
                ("rights_contact", models.TextField(help_text="Where patients turn")),
                ("notice_months", models.SmallIntegerField(help_text="Notice of leaving")),
                (
                    "export_rule",
                    models.CharField(
                        choices=[
                            ("residents", "Hele journalen til kommunens innbyggere, og det kommunen selv har ført om andre"),
                            ("own", "Bare det kommunen selv har ført"),
                        ],
                        max_length=16,
                    ),
                ),
                ("exit_plan", models.TextField()),
                ("law", models.TextField(blank=True)),
                ("reason", models.TextField(help_text="Why this version was made")),
                ("registered_at", models.DateTimeField()),
                ("community", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="access.recordcommunity")),
                ("host", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.legalentity")),
                ("operator", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.legalentity")),
                (
                    "registered_by",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AgreementSignature",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("signer", models.TextField()),
                ("title", models.TextField()),
                ("signed_on", models.DateField()),
                ("registered_at", models.DateTimeField()),
                ("legal_entity", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.legalentity")),
                (
                    "registered_by",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("version", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="signatures", to="access.agreementversion")),
            ],
        ),
        migrations.CreateModel(
            name="CommunityChange",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("agreement", "Ny avtaleversjon"),
                            ("host", "Ny vert"),
                            ("join", "Ny deltaker"),
                            ("merge", "Sammenslåing"),
                            ("exit", "Utmelding"),
                        ],
                        max_length=16,
                    ),
                ),
                ("effective_at", models.DateTimeField()),
                ("closes_at", models.DateTimeField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("registered", "Registrert"), ("done", "Gjennomført"), ("cancelled", "Avlyst")], default="registered", max_length=16
                    ),
                ),
                ("details", models.JSONField(default=dict, help_text="What was dated, with the ends it had before; what the sweep handled")),
                ("reason", models.TextField()),
                ("registered_at", models.DateTimeField()),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                ("cancel_reason", models.TextField(blank=True)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "cancelled_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("community", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="access.recordcommunity")),
                (
                    "legal_entity",
                    models.ForeignKey(
                        help_text="Who joins, leaves, succeeds or hosts",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.legalentity",
                    ),
                ),
                (
                    "registered_by",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RecordExport",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("residents", "Hele journalen til kommunens innbyggere, og det kommunen selv har ført om andre"),
                            ("own", "Bare det kommunen selv har ført"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ordered", "Venter på frigivelse"),
                            ("released", "Frigitt, venter på start"),
                            ("running", "Skrives"),
                            ("done", "Ferdig"),
                            ("failed", "Stanset av en feil"),
                            ("received", "Mottatt"),
                        ],
                        default="ordered",
                        max_length=16,
                    ),
                ),
                ("released_at", models.DateTimeField(blank=True, null=True)),
                ("lease_until", models.DateTimeField(blank=True, help_text="A worker is at it until then", null=True)),
                ("entries_done", models.IntegerField(default=0)),
                ("withheld", models.IntegerField(default=0, help_text="Entries that a block against the leaver keeps out")),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("manifest_sha256", models.CharField(blank=True, max_length=64)),
                ("error", models.TextField(blank=True)),
                ("received_at", models.DateTimeField(blank=True, null=True)),
                ("receipt", models.TextField(blank=True, help_text="Who received it, and how that is known")),
                ("change", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="export", to="access.communitychange")),
                (
                    "received_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "released_as",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.accessauthorisation"
                    ),
                ),
                (
                    "released_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ExportRefusal",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("receiver", models.TextField(blank=True)),
                ("registered_at", models.DateTimeField()),
                ("patient", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.patient")),
                ("registered_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("export", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="refusals", to="access.recordexport")),
            ],
        ),
        migrations.CreateModel(
            name="ExportPatient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file", models.IntegerField(blank=True, null=True)),
                ("patient", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.patient")),
                (
                    "export",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="patients", to="access.recordexport"),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="agreementversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                name="agreement_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="agreementversion",
            constraint=models.UniqueConstraint(fields=("community", "number"), name="agreement_number_once"),
        ),
        migrations.AddConstraint(
            model_name="agreementversion",
            constraint=models.UniqueConstraint(condition=models.Q(("valid_to", None)), fields=("community",), name="agreement_one_without_end"),
        ),
        migrations.AddConstraint(
            model_name="agreementsignature",
            constraint=models.UniqueConstraint(fields=("version", "legal_entity"), name="signature_once"),
        ),
        migrations.AddConstraint(
            model_name="communitychange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "exit"), _negated=True),
                    models.Q(("closes_at__gte", models.F("effective_at")), ("legal_entity__isnull", False)),
                    _connector="OR",
                ),
                name="exit_closes_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="communitychange",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "exit"), ("state", "registered")), fields=("legal_entity",), name="exit_one_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="exportrefusal",
            constraint=models.UniqueConstraint(fields=("export", "patient"), name="refusal_once"),
        ),
        migrations.AddConstraint(
            model_name="exportpatient",
            constraint=models.UniqueConstraint(fields=("export", "patient"), name="exportpatient_once"),
        ),
        migrations.RunSQL(load("community"), migrations.RunSQL.noop),
        migrations.RunSQL(load("exit"), migrations.RunSQL.noop),
    ]
