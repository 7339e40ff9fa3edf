"""The classification that an installation starts with."""

from django.db import migrations


def load(apps, schema_editor):
    from access.reference import load_reference

    load_reference(lambda name: apps.get_model("access", name).objects.using(schema_editor.connection.alias))


class Migration(migrations.Migration):
    dependencies = [("access", "0002_gate")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
