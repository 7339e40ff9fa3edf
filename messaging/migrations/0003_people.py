"""Who has seen and answers for a message; what was set aside; messages in the copy of one who leaves."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import lms_epj.core.ids
from messaging.policies import load


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0014_message_watch"),
        ("journal", "0007_exit"),
        ("messaging", "0002_gate"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Reading",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("seen_at", models.DateTimeField()),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True)),
                ("remark", models.TextField(blank=True, help_text="What was done about it")),
            ],
        ),
        migrations.AlterField(
            model_name="inboxitem",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Venter"),
                    ("tray", "Manuell kobling"),
                    ("done", "Ferdig"),
                    ("quarantine", "Satt til side"),
                    ("closed", "Fulgt opp"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="superseded",
            field=models.CharField(
                blank=True,
                choices=[
                    ("changed", "Erstattet av en nyere utgave"),
                    ("cancelled", "Kansellert av avsenderen"),
                    ("resent", "Rettet og sendt på nytt"),
                ],
                max_length=9,
            ),
        ),
        migrations.AlterField(
            model_name="outboxitem",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Venter"),
                    ("unconfirmed", "Overlevert"),
                    ("acknowledged", "Kommet fram"),
                    ("rejected", "Avvist av nettet"),
                    ("held", "Holdt tilbake"),
                    ("dead", "Gitt opp"),
                    ("closed", "Fulgt opp"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(condition=models.Q(("patient__isnull", False)), fields=["unit", "-recorded_at"], name="message_of_unit"),
        ),
        migrations.AddField(
            model_name="reading",
            name="message",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="readings", to="messaging.message"),
        ),
        migrations.AddField(
            model_name="reading",
            name="unit",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.orgunit"),
        ),
        migrations.AddField(
            model_name="reading",
            name="user",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name="reading",
            index=models.Index(condition=models.Q(("acknowledged_at__isnull", False)), fields=["message", "unit"], name="reading_acknowledged"),
        ),
        migrations.AddConstraint(
            model_name="reading",
            constraint=models.UniqueConstraint(fields=("message", "user", "unit"), name="reading_once_per_person_and_unit"),
        ),
        *(migrations.RunSQL(load(name), migrations.RunSQL.noop) for name in ("people", "export")),
    ]
