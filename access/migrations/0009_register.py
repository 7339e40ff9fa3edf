"""The register: courses that a role demands, imports, re-approval, those who have left, and who might see whom at any moment."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import lms_epj.core.ids
from access.policies import load


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0008_rights"),
    ]

    operations = [
        migrations.AddField(
            model_name="roletemplate",
            name="leads_unit",
            field=models.BooleanField(default=False, help_text="Answers for who holds a role in the unit"),
        ),
        migrations.CreateModel(
            name="AuthorisationImport",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("file_name", models.TextField()),
                ("row_count", models.IntegerField()),
                ("imported_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                ("imported_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="accessauthorisation",
            name="imported_in",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="authorisations", to="access.authorisationimport"
            ),
        ),
        migrations.CreateModel(
            name="Course",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("code", models.SlugField(max_length=40, unique=True)),
                ("name", models.TextField()),
                ("valid_months", models.SmallIntegerField(blank=True, null=True)),
                ("registered_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid_months__isnull", True), ("valid_months__gt", 0), _connector="OR"), name="course_valid_some_months"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReapprovalCycle",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("opened_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "opened_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("unit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="reapproval_cycles", to="access.orgunit")),
            ],
        ),
        migrations.CreateModel(
            name="ReapprovalDecision",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("approved", models.BooleanField()),
                ("decided_at", models.DateTimeField()),
                ("reason", models.TextField(blank=True)),
                (
                    "authorisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="reapprovals", to="access.accessauthorisation"),
                ),
                ("cycle", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="access.reapprovalcycle")),
                ("decided_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name="RequiredCourse",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("valid_from", models.DateTimeField()),
                ("valid_to", models.DateTimeField(blank=True, null=True)),
                ("added_at", models.DateTimeField(auto_now_add=True)),
                ("end_proposed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "added_by",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("course", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="demands", to="access.course")),
                (
                    "end_proposed_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("role", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="course_demands", to="access.roletemplate")),
            ],
        ),
        migrations.AddField(
            model_name="roletemplate",
            name="required_courses",
            field=models.ManyToManyField(related_name="+", through="access.RequiredCourse", to="access.course"),
        ),
        migrations.CreateModel(
            name="CourseCompletion",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("valid_from", models.DateTimeField()),
                ("valid_to", models.DateTimeField(blank=True, null=True)),
                ("completed_on", models.DateField()),
                ("struck_reason", models.TextField(blank=True)),
                ("course", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="completions", to="access.course")),
                (
                    "registered_by",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "struck_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="course_completions", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["user", "course"], name="access_cour_user_id_8292d0_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                        name="coursecompletion_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("registered_by__isnull", True), models.Q(("registered_by", models.F("user")), _negated=True), _connector="OR"
                        ),
                        name="coursecompletion_not_by_oneself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Departure",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("valid_from", models.DateTimeField()),
                ("valid_to", models.DateTimeField(blank=True, null=True)),
                ("reason", models.TextField()),
                ("open_work", models.JSONField(default=dict)),
                (
                    "closed_by",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "returned_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="departures", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                        name="departure_ends_after_start",
                    ),
                    models.UniqueConstraint(condition=models.Q(("valid_to__isnull", True)), fields=("user",), name="departure_open_once"),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="reapprovalcycle",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True)), fields=("unit",), name="reapproval_one_open_per_unit"
            ),
        ),
        migrations.AddConstraint(
            model_name="reapprovaldecision",
            constraint=models.UniqueConstraint(fields=("cycle", "authorisation"), name="reapproval_answered_once"),
        ),
        migrations.AddConstraint(
            model_name="requiredcourse",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                name="requiredcourse_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="requiredcourse",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to__isnull", True)), fields=("role", "course"), name="requiredcourse_open_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="requiredcourse",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_by__isnull", True),
                    models.Q(("end_proposed_by__isnull", False), models.Q(("ended_by", models.F("end_proposed_by")), _negated=True)),
                    _connector="OR",
                ),
                name="requiredcourse_ended_by_a_second_person",
            ),
        ),
        *(migrations.RunSQL(load(name), migrations.RunSQL.noop) for name in ("courses", "staff", "leaving", "question")),
    ]
