"""Work lists of notes, and what somebody who left has left unsigned."""

from django.db import migrations, models

from journal.policies import load

UNSIGNED = models.Q(("state__in", ["SIGNED", "COSIGNED"]), _negated=True)


class Migration(migrations.Migration):
    dependencies = [("journal", "0008_curve"), ("access", "0018_duty_roles")]
    operations = [
        migrations.AddIndex(model_name="note", index=models.Index(condition=UNSIGNED, fields=["unit"], name="note_unsigned_of_unit")),
        migrations.AddIndex(
            model_name="note",
            index=models.Index(condition=models.Q(("needs_cosign", True), ("state", "SIGNED")), fields=["unit"], name="note_awaits_cosign"),
        ),
        migrations.RunSQL(load("note_work"), migrations.RunSQL.noop),
    ]
