"""Who a copy of records is encrypted for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0015_following_up"),
    ]

    operations = [
        migrations.AddField(
            model_name="recordexport",
            name="certificate",
            field=models.TextField(blank=True, db_default="", help_text="The receiver's (PEM): the files are encrypted for it"),
        ),
    ]
