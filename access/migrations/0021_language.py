"""The language of a person's pages."""

from django.db import migrations, models

from access.policies import load


class Migration(migrations.Migration):
    dependencies = [("access", "0020_templates")]
    operations = [
        migrations.AddField(
            model_name="user",
            name="language",
            field=models.CharField(blank=True, db_default="", default="", help_text="Of the pages; empty is the installation's own", max_length=5),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(condition=models.Q(("language__in", ["", "nb", "en"])), name="user_language_known"),
        ),
        migrations.RunSQL(load("language"), migrations.RunSQL.noop),
    ]
