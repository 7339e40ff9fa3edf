"""What waits for a doctor, what a unit's leader is told, and who gains by a change of the agreement."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import lms_epj.core.ids
from access.policies import load


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0014_account"),
    ]

    operations = [
        migrations.CreateModel(
            name="VerdictRead",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("read_at", models.DateTimeField()),
                ("case", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="reads", to="access.reviewcase")),
                ("read_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={"abstract": False},
        ),
        *(migrations.RunSQL(load(name), migrations.RunSQL.noop) for name in ("assessing", "verdicts", "community_effect")),
    ]
