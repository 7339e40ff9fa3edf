"""Prints that the worker makes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import lms_epj.core.ids
from journal.policies import load


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0021_language"),
        ("journal", "0014_attachments"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PrintJob",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("title", models.TextField()),
                ("about", models.TextField(help_text="Receiver and purpose, as they stand on each sheet")),
                ("objects_read", models.JSONField(default=dict)),
                ("entries", models.IntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Venter"), ("running", "Lages"), ("done", "Ferdig"), ("failed", "Stanset"), ("cancelled", "Avbrutt")],
                        default="waiting",
                        max_length=9,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("attempts", models.SmallIntegerField(default=0)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "authorisation",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.accessauthorisation"),
                ),
                ("patient", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.patient")),
                (
                    "user",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PrintSheaf",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("number", models.SmallIntegerField()),
                ("entries", models.IntegerField()),
                ("spool", models.BinaryField(null=True)),
                ("file", models.BinaryField(null=True)),
                (
                    "job",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="sheaves", to="journal.printjob"),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="printjob",
            index=models.Index(fields=["patient", "user", "-asked_at"], name="journal_pri_patient_4cd6b0_idx"),
        ),
        migrations.AddIndex(
            model_name="printjob",
            index=models.Index(condition=models.Q(("state__in", ["waiting", "running"])), fields=["asked_at"], name="printjob_open"),
        ),
        migrations.AddIndex(
            model_name="printjob",
            index=models.Index(fields=["expires_at"], name="printjob_expires"),
        ),
        migrations.AddConstraint(
            model_name="printsheaf",
            constraint=models.UniqueConstraint(fields=("job", "number"), name="printsheaf_once"),
        ),
        migrations.RunSQL(load("print"), migrations.RunSQL.noop),
    ]
