"""The gate's functions as they now stand, for databases that were built before: the same rule, sooner found."""

from django.db import migrations

from access.policies import load


def functions(name: str) -> str:
    """The functions of a file, put in the place of those that stand."""
    return load(name).replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


class Migration(migrations.Migration):
    dependencies = [("access", "0007_known")]
    operations = [
        migrations.RunSQL([functions("rule"), functions("enter"), "DROP FUNCTION IF EXISTS gate.shown(jsonb, jsonb)"], migrations.RunSQL.noop),
    ]
