"""A role may answer for messages that do not get through."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0013_right_index"),
    ]

    operations = [
        migrations.AddField(
            model_name="roletemplate",
            name="watches_messages",
            field=models.BooleanField(default=False, help_text="Answers for messages that do not get through (meldingsansvarlig)"),
        ),
    ]
