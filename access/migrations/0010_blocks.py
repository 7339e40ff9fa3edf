"""Blocks as people register them: the wish and its ground, assessment, letter, preview, and opening entry by entry."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import lms_epj.core.ids
from access.policies import load


def load_grounds(apps, schema_editor):
    from access.reference import load_legal_grounds

    load_legal_grounds(lambda name: apps.get_model("access", name).objects.using(schema_editor.connection.alias))


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0009_register"),
    ]

    operations = [
        migrations.CreateModel(
            name="LegalGround",
            fields=[
                ("code", models.SlugField(max_length=40, primary_key=True, serialize=False)),
                ("name", models.TextField(help_text="What the law gives, in plain words")),
                ("reference", models.TextField(blank=True, help_text="Where it stands, as lawyers write it")),
                ("in_use", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.AddField(
            model_name="accessblock",
            name="lift_wish_of",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="blockopening",
            name="unit",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.orgunit"),
        ),
        migrations.CreateModel(
            name="BlockRegistration",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "wish_kind",
                    models.CharField(
                        choices=[("patient", "Pasienten selv"), ("representative", "En som svarer for pasienten")], default="patient", max_length=16
                    ),
                ),
                ("wish_of", models.TextField(help_text="The patient, or the representative by name and basis")),
                ("reason", models.TextField(blank=True)),
                ("registered_at", models.DateTimeField()),
                ("patient", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.patient")),
                (
                    "registered_by",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("registered_in", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.orgunit")),
                ("ground", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="access.legalground")),
            ],
        ),
        migrations.CreateModel(
            name="BlockAssessment",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("assessed_at", models.DateTimeField()),
                ("may_harm", models.BooleanField()),
                ("consequences", models.TextField()),
                ("patient_told", models.BooleanField(default=False)),
                ("assessed_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("unit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.orgunit")),
                (
                    "registration",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="assessments", to="access.blockregistration"),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="accessblock",
            name="registration",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="blocks", to="access.blockregistration"
            ),
        ),
        migrations.AddIndex(
            model_name="blockregistration",
            index=models.Index(fields=["patient", "registered_at"], name="access_bloc_patient_8db9b1_idx"),
        ),
        migrations.RunPython(load_grounds, migrations.RunPython.noop),
        migrations.RunSQL(load("blocks"), migrations.RunSQL.noop),
        migrations.RunSQL(load("block_effect"), migrations.RunSQL.noop),
    ]
