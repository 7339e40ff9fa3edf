"""Signs of life, and what the one who watches sees."""

from django.db import migrations, models

from messaging.policies import load


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0003_people"),
    ]

    operations = [
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("name", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=8)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.RunSQL(load("watch"), migrations.RunSQL.noop),
    ]
