"""Row security of the messages, the functions of the engine and the tray, and what they need of the classification."""

from django.db import migrations

from journal.policies import outline_adds
from messaging.policies import TABLE, load, message_policies
from messaging.reference import load_reference


def load_rows(apps, schema_editor):
    alias = schema_editor.connection.alias
    load_reference(lambda model: apps.get_model("access", model).objects.using(alias))


class Migration(migrations.Migration):
    dependencies = [("messaging", "0001_engine"), ("access", "0017_message_watch"), ("journal", "0007_exit")]
    operations = [
        migrations.RunPython(load_rows, migrations.RunPython.noop),
        migrations.RunSQL(message_policies(), migrations.RunSQL.noop),
        *(migrations.RunSQL(load(name), migrations.RunSQL.noop) for name in ("ground", "inbox", "settle", "outbox", "tray")),
        migrations.RunSQL(outline_adds([TABLE]), migrations.RunSQL.noop),
    ]
