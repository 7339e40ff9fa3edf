"""What the record has come to hold can be blocked and told of as the rest."""

from django.db import migrations

from journal.policies import CURVE_TABLES, ENTRY_TABLES, LATER_TABLES, outline
from messaging.policies import outline_with_messages


class Migration(migrations.Migration):
    dependencies = [("messaging", "0008_alarms"), ("journal", "0008_curve")]
    operations = [migrations.RunSQL(outline_with_messages(outline((*ENTRY_TABLES, *LATER_TABLES, *CURVE_TABLES))), migrations.RunSQL.noop)]
