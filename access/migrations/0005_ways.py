"""Ways to a patient, blocks on the patient's wish, and the register of authorisations."""

from django.db import migrations

from access.policies import load


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0004_person"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("guardian", "0003_remove_groupobjectpermission_guardian_gr_content_ae6aec_idx_and_more"),
    ]
    operations = [migrations.RunSQL(load(name), migrations.RunSQL.noop) for name in ("ways", "register")]
