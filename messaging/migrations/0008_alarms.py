"""What somebody must be told of, whom it was told, each day's figures, and the address register from a file."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import lms_epj.core.ids
from messaging.policies import load


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0007_flow"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DailyReport",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("made_at", models.DateTimeField()),
                ("rows", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=24)),
                ("about", models.TextField(blank=True)),
                ("label", models.TextField(blank=True)),
                ("count", models.IntegerField()),
                ("since", models.DateTimeField(blank=True, null=True)),
                ("opened_at", models.DateTimeField()),
                ("last_seen_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True)),
                ("remark", models.TextField(blank=True)),
                (
                    "acknowledged_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("step", models.SmallIntegerField()),
                ("channel", models.CharField(max_length=8)),
                ("address", models.TextField()),
                ("state", models.CharField(choices=[("waiting", "Venter"), ("sent", "Sendt"), ("dead", "Gitt opp")], max_length=8)),
                ("due_at", models.DateTimeField()),
                ("failures", models.IntegerField(default=0)),
                ("last_error", models.TextField(blank=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("incident", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="messaging.incident")),
            ],
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(fields=["opened_at"], name="messaging_i_opened__2a8a41_idx"),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.UniqueConstraint(condition=models.Q(("closed_at", None)), fields=("kind", "about"), name="incident_one_open"),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(condition=models.Q(("state", "waiting")), fields=["due_at"], name="notice_waiting"),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(fields=("incident", "step", "channel", "address"), name="notice_once"),
        ),
        *(migrations.RunSQL(load(name), migrations.RunSQL.noop) for name in ("alarms", "addresses")),
    ]
