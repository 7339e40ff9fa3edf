"""Control after the event: cases, the statistics of the log, and the rules they go by."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

import lms_epj.core.ids
from access.policies import load

SQL = ("ports", "cases", "case_work", "case_answers", "log_scores", "log_work")


def load_rules(apps, schema_editor):
    from access.log_reference import RULES

    rule = apps.get_model("access", "LogRule")
    rule.objects.using(schema_editor.connection.alias).bulk_create(
        rule(scenario=code, weight=weight, threshold=threshold, valid_from=timezone.now(), reason="Startverdi")
        for code, (weight, threshold) in RULES.items()
    )


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0010_blocks"),
    ]

    operations = [
        migrations.CreateModel(
            name="StaffIdentity",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name="+", serialize=False, to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("number", models.CharField(max_length=11, unique=True)),
                ("registered_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="LogReviewRun",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("day", models.DateField()),
                ("finished_at", models.DateTimeField()),
                ("look_ups", models.IntegerField()),
                ("pairs", models.IntegerField(help_text="Persons × patients")),
                ("findings", models.IntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["-day", "-finished_at"], name="access_logr_day_452964_idx")],
            },
        ),
        migrations.CreateModel(
            name="ReviewCase",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("emergency", "Nødrettstilgang"),
                            ("arrival", "Ankomst uten at pasienten kom"),
                            ("opening", "Åpnet sperring"),
                            ("log", "Uvanlig oppslag"),
                        ],
                        max_length=9,
                    ),
                ),
                ("source_id", models.UUIDField()),
                ("happened_at", models.DateTimeField()),
                ("basis", models.TextField(blank=True, help_text="Code of the reason that was chosen, by kind")),
                ("reason", models.TextField(blank=True, help_text="What the person wrote when access was opened")),
                ("opened_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("answer_due", models.DateTimeField(blank=True, null=True)),
                ("escalated_at", models.DateTimeField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Ikke vurdert"), ("asked", "Venter på svar"), ("answered", "Besvart"), ("closed", "Avsluttet")],
                        default="open",
                        max_length=8,
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("lawful", "Rettmessig"),
                            ("mistake", "Feil, i god tro"),
                            ("unlawful", "Urettmessig, meldt til leder"),
                        ],
                        max_length=8,
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("patient", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.patient")),
                ("unit", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.orgunit")),
                (
                    "user",
                    models.ForeignKey(
                        help_text="Whose access it was", on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReviewMessage",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("question", "Spørsmål"), ("answer", "Svar"), ("verdict", "Vurdering"), ("reopened", "Gjenåpnet")], max_length=8
                    ),
                ),
                ("text", models.TextField()),
                ("at", models.DateTimeField()),
                ("author", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("case", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="messages", to="access.reviewcase")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="LogFinding",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("day", models.DateField()),
                ("role_name", models.TextField(blank=True)),
                ("score", models.SmallIntegerField()),
                ("reasons", models.JSONField()),
                ("look_ups", models.IntegerField()),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("new", "Ny"), ("usual", "Vurdert som vanlig"), ("case", "Sak opprettet")], default="new", max_length=5
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("remark", models.TextField(blank=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("patient", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.patient")),
                ("unit", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.orgunit")),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "indexes": [models.Index(condition=models.Q(("state", "new")), fields=["-score", "id"], name="logfinding_new")],
                "constraints": [
                    models.UniqueConstraint(fields=("day", "user", "patient", "unit"), name="logfinding_once", nulls_distinct=False),
                    models.CheckConstraint(
                        condition=models.Q(("decided_by", None), models.Q(("decided_by", models.F("user")), _negated=True), _connector="OR"),
                        name="logfinding_not_ones_own",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LogRule",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("valid_from", models.DateTimeField()),
                ("valid_to", models.DateTimeField(blank=True, null=True)),
                ("scenario", models.CharField(max_length=24)),
                ("weight", models.SmallIntegerField(help_text="Points, -1000 to 1000")),
                ("threshold", models.IntegerField(blank=True, help_text="In the unit of the scenario; none where it has no limit", null=True)),
                ("active", models.BooleanField(default=True)),
                ("reason", models.TextField(blank=True)),
                (
                    "changed_by",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                        name="logrule_ends_after_start",
                    ),
                    models.UniqueConstraint(condition=models.Q(("valid_to", None)), fields=("scenario",), name="logrule_one_open"),
                    models.CheckConstraint(condition=models.Q(("weight__gte", -1000), ("weight__lte", 1000)), name="logrule_weight"),
                    models.CheckConstraint(condition=models.Q(("threshold", None), ("threshold__gte", 0), _connector="OR"), name="logrule_threshold"),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="reviewcase",
            index=models.Index(condition=models.Q(("state", "closed"), _negated=True), fields=["due_at"], name="reviewcase_live"),
        ),
        migrations.AddIndex(
            model_name="reviewcase",
            index=models.Index(condition=models.Q(("state", "asked")), fields=["user"], name="reviewcase_asked"),
        ),
        migrations.AddIndex(
            model_name="reviewcase",
            index=models.Index(condition=models.Q(("state", "closed")), fields=["-closed_at"], name="reviewcase_closed"),
        ),
        migrations.AddConstraint(
            model_name="reviewcase",
            constraint=models.UniqueConstraint(fields=("kind", "source_id"), name="reviewcase_once"),
        ),
        migrations.AddConstraint(
            model_name="reviewcase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("closed_at__isnull", False), ("closed_by__isnull", False), ("state", "closed"), models.Q(("verdict", ""), _negated=True)
                    ),
                    models.Q(models.Q(("state", "closed"), _negated=True), ("closed_at", None), ("closed_by", None), ("verdict", "")),
                    _connector="OR",
                ),
                name="reviewcase_closed_with_a_verdict",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewcase",
            constraint=models.CheckConstraint(
                condition=models.Q(("closed_by", None), models.Q(("closed_by", models.F("user")), _negated=True), _connector="OR"),
                name="reviewcase_not_ones_own",
            ),
        ),
        migrations.RunPython(load_rules, migrations.RunPython.noop),
        *[migrations.RunSQL(load(name), migrations.RunSQL.noop) for name in SQL],
    ]
