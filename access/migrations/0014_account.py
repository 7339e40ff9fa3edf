"""People made in the register, start passwords, and the person's own account."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from access.policies import load


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0013_right_index"),
    ]

    operations = [
        migrations.AddField(
            model_name="credential",
            name="factor_removed_by",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="credential",
            name="must_change",
            field=models.BooleanField(db_default=False),
        ),
        migrations.AddField(
            model_name="credential",
            name="password_set_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="credential",
            name="start_expires_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="credential",
            name="start_given_by",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="session",
            name="must_change",
            field=models.BooleanField(db_default=False, help_text="Opened with a start password: opens nothing until one is chosen"),
        ),
        migrations.AddConstraint(
            model_name="credential",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("factor_removed_by__isnull", True), models.Q(("factor_removed_by", models.F("start_given_by")), _negated=True), _connector="OR"
                ),
                name="credential_two_to_take_over",
            ),
        ),
        *(migrations.RunSQL(load(name), migrations.RunSQL.noop) for name in ("account", "hiring")),
    ]
