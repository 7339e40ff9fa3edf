"""Dated rights: what a role may do is ended and followed by another row, and a change of it is a matter of its own."""

import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import lms_epj.core.ids
from access.policies import load


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0007_known"),
    ]

    operations = [
        migrations.CreateModel(
            name="RightsChange",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("proposed_at", models.DateTimeField()),
                ("reason", models.TextField()),
                ("content", models.JSONField()),
                ("widens", models.BooleanField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Venter på godkjenning"),
                            ("in_force", "Trådt i kraft"),
                            ("rejected", "Avslått"),
                            ("withdrawn", "Trukket"),
                        ],
                        max_length=12,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decision_reason", models.TextField(blank=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="roleright",
            name="roleright_once",
        ),
        migrations.AddField(
            model_name="roleright",
            name="valid_from",
            field=models.DateTimeField(default=datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.UTC)),
        ),
        migrations.AddField(
            model_name="roleright",
            name="valid_to",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="infocategory",
            constraint=models.CheckConstraint(condition=models.Q(("code__gte", 1), ("code__lte", 30)), name="infocategory_code_fits_the_mask"),
        ),
        migrations.AddField(
            model_name="rightschange",
            name="decided_by",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="rightschange",
            name="proposed_by",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="roleright",
            name="change",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="rights", to="access.rightschange"
            ),
        ),
        migrations.AddConstraint(
            model_name="roleright",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to", None)), fields=("role", "template", "category"), name="roleright_one_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="roleright",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                name="roleright_ends_after_start",
            ),
        ),
        migrations.AddIndex(
            model_name="rightschange",
            index=models.Index(fields=["state", "proposed_at"], name="access_righ_state_55e6ec_idx"),
        ),
        migrations.AddConstraint(
            model_name="rightschange",
            constraint=models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="rightschange_has_a_reason"),
        ),
        migrations.AddConstraint(
            model_name="rightschange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("decided_by", None), ("state", "proposed")),
                    models.Q(models.Q(("state", "proposed"), _negated=True), ("decided_at__isnull", False)),
                    _connector="OR",
                ),
                name="rightschange_decided_when_not_proposed",
            ),
        ),
        migrations.AddConstraint(
            model_name="rightschange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "in_force"), ("widens", True), _negated=True),
                    models.Q(("decided_by__isnull", False), models.Q(("decided_by", models.F("proposed_by")), _negated=True)),
                    _connector="OR",
                ),
                name="rightschange_widening_by_two",
            ),
        ),
        *(
            migrations.RunSQL(load(name), migrations.RunSQL.noop)
            for name in ("rights", "rights_read", "rights_effect", "rights_change", "classification")
        ),
    ]
