"""Row security of bookings, the functions behind their lists, and the notes that are written of a session."""

from django.db import migrations

from journal.policies import outline_adds
from telemed.policies import ENTRY_TABLES, entry_policies, load
from telemed.reference import load_reference


def load_rows(apps, schema_editor):
    alias = schema_editor.connection.alias
    load_reference(lambda model: apps.get_model("access", model).objects.using(alias))


class Migration(migrations.Migration):
    dependencies = [("telemed", "0001_booking"), ("messaging", "0007_flow"), ("journal", "0007_exit"), ("access", "0017_message_watch")]
    operations = [
        migrations.RunPython(load_rows, migrations.RunPython.noop),
        migrations.RunSQL(entry_policies(), migrations.RunSQL.noop),
        migrations.RunSQL(load("booking"), migrations.RunSQL.noop),
        migrations.RunSQL(outline_adds(ENTRY_TABLES), migrations.RunSQL.noop),
    ]
