"""Handles into a record, for what is written about it elsewhere."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from access.policies import load


class Migration(migrations.Migration):
    dependencies = [("access", "0018_duty_roles")]
    operations = [
        migrations.CreateModel(
            name="RecordLink",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("path", models.TextField(help_text="A page of that patient's")),
                ("made_at", models.DateTimeField()),
                ("made_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("patient", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.patient")),
            ],
        ),
        migrations.RunSQL(load("links"), migrations.RunSQL.noop),
    ]
