"""The index behind «one copy counts» by number first, so that a parent is found by its number alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0006_results")]

    operations = [
        migrations.RemoveConstraint(model_name="message", name="message_counts_once"),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(
                condition=models.Q(("direction", "in"), ("state__in", ["filed", "tray", "refused", "taken"]))
                & models.Q(("msg_id", ""), _negated=True),
                fields=("msg_id", "sender_her"),
                name="message_counts_once",
            ),
        ),
    ]
