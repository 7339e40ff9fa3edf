"""Templates of document types as versions."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from access.policies import load


class Migration(migrations.Migration):
    dependencies = [("access", "0019_record_link")]
    operations = [
        migrations.AddField(model_name="documenttype", name="version", field=models.SmallIntegerField(db_default=1)),
        migrations.CreateModel(
            name="DocumentTemplate",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.SmallIntegerField()),
                ("sections", models.JSONField(default=list)),
                ("reason", models.TextField(blank=True)),
                ("decided_at", models.DateTimeField()),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "document_type",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="templates", to="access.documenttype"
                    ),
                ),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("document_type", "number"), name="documenttemplate_number_once")]},
        ),
        migrations.RunSQL(load("templates"), migrations.RunSQL.noop),
    ]
