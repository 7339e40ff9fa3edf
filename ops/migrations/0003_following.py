"""What is agreed about systems, deviations, words about shifts, and the functions of setting up."""

import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import lms_epj.core.ids
from ops.policies import load


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0019_record_link"),
        ("ops", "0002_gate"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Deviation",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("number", models.IntegerField(help_text="Runs through; what people say to each other", unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("care", "Pasientsikkerhet"),
                            ("privacy", "Personvern og informasjonssikkerhet"),
                            ("cooperation", "Samhandling og meldinger"),
                            ("operation", "Drift, bygg og utstyr"),
                            ("work", "Arbeidsmiljø"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "consequence",
                    models.CharField(
                        choices=[("near", "Nestenhendelse"), ("none", "Ingen skade"), ("minor", "Mindre alvorlig"), ("serious", "Alvorlig")],
                        max_length=12,
                    ),
                ),
                ("title", models.CharField(max_length=120)),
                ("what", models.TextField()),
                ("done_now", models.TextField(blank=True, help_text="What was done at once")),
                ("happened_at", models.DateTimeField()),
                ("link", models.UUIDField(blank=True, null=True)),
                ("reported_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("reported", "Meldt"), ("handled", "Under behandling"), ("closed", "Lukket")], default="reported", max_length=12
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True)),
                ("cause", models.TextField(blank=True)),
                ("measures", models.TextField(blank=True, help_text="What is changed so that it does not happen again")),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="DeviationLine",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("text", models.TextField()),
                ("by", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="DutyMessage",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("level", models.SmallIntegerField()),
                ("span", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("asked", "Spurt"), ("answered", "Svart"), ("put_in", "Satt inn"), ("taken_over", "Overtatt")], max_length=12
                    ),
                ),
                ("actor", models.TextField(help_text="Who did it, as a name")),
                ("note", models.TextField(blank=True)),
                ("made_at", models.DateTimeField()),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("claims", models.SmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Terms",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("valid_from", models.DateField()),
                (
                    "operation",
                    models.CharField(
                        choices=[("host", "Vertskommune"), ("external", "Ekstern leverandør"), ("iks", "IKS"), ("local", "Lokal drift")],
                        max_length=12,
                    ),
                ),
                ("supplier", models.TextField(blank=True, help_text="A firm that is no legal entity here")),
                ("reference", models.TextField(blank=True, help_text="Where the agreement lies: number in the archive")),
                ("answer_minutes", models.SmallIntegerField(help_text="From alarm until somebody has it in hand")),
                ("mend_minutes", models.IntegerField(help_text="From alarm until it works")),
                (
                    "up_percent",
                    models.DecimalField(decimal_places=2, default=99, help_text="Of a month without a critical incident open", max_digits=5),
                ),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="party",
            name="party_can_be_reached",
        ),
        migrations.RemoveField(
            model_name="incident",
            name="deviation",
        ),
        migrations.RemoveField(
            model_name="system",
            name="answer_minutes",
        ),
        migrations.RemoveField(
            model_name="system",
            name="mend_minutes",
        ),
        migrations.RemoveField(
            model_name="system",
            name="operation",
        ),
        migrations.RemoveField(
            model_name="system",
            name="operator",
        ),
        migrations.AddField(
            model_name="handover",
            name="read_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="handover",
            name="read_by",
            field=models.ForeignKey(
                blank=True,
                help_text="The one who came on, or will",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="incident",
            name="alarmed_at",
            field=models.DateTimeField(blank=True, help_text="When it became as serious as it is: from then an answer is owed", null=True),
        ),
        migrations.AlterField(
            model_name="notice",
            name="step",
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="ops.step"),
        ),
        migrations.AddConstraint(
            model_name="party",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("phone", ""), _negated=True), models.Q(("email", ""), _negated=True), ("user__isnull", False), _connector="OR"
                ),
                name="party_can_be_reached",
            ),
        ),
        migrations.AddField(
            model_name="deviation",
            name="closed_by",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="deviation",
            name="handler",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="deviation",
            name="incident",
            field=models.OneToOneField(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="deviation", to="ops.incident"
            ),
        ),
        migrations.AddField(
            model_name="deviation",
            name="reported_by",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="deviation",
            name="system",
            field=models.ForeignKey(
                blank=True,
                help_text="Those who run it handle it too",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="ops.system",
            ),
        ),
        migrations.AddField(
            model_name="deviation",
            name="unit",
            field=models.ForeignKey(
                help_text="Where; its leader handles it", on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.orgunit"
            ),
        ),
        migrations.AddField(
            model_name="deviationline",
            name="deviation",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="ops.deviation"),
        ),
        migrations.AddField(
            model_name="dutymessage",
            name="party",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ops.party"),
        ),
        migrations.AddField(
            model_name="dutymessage",
            name="roster",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ops.roster"),
        ),
        migrations.AddField(
            model_name="dutymessage",
            name="swap",
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="messages", to="ops.swap"),
        ),
        migrations.AddField(
            model_name="notice",
            name="message",
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="ops.dutymessage"),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(("step__isnull", True), ("message__isnull", True), _connector="XOR"), name="notice_of_one_thing"
            ),
        ),
        migrations.AddField(
            model_name="terms",
            name="made_by",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="terms",
            name="operator",
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.legalentity"),
        ),
        migrations.AddField(
            model_name="terms",
            name="system",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="terms", to="ops.system"),
        ),
        migrations.AddIndex(
            model_name="deviation",
            index=models.Index(fields=["unit", "-reported_at"], name="deviation_of_unit"),
        ),
        migrations.AddConstraint(
            model_name="deviation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "closed"), _negated=True),
                    models.Q(("closed_at__isnull", False), models.Q(("measures", ""), _negated=True)),
                    _connector="OR",
                ),
                name="deviation_closed_with_measures",
            ),
        ),
        migrations.AddIndex(
            model_name="dutymessage",
            index=models.Index(condition=models.Q(("sent_at", None)), fields=["made_at"], name="dutymessage_waiting"),
        ),
        migrations.AddIndex(
            model_name="terms",
            index=models.Index(fields=["system", "-valid_from", "-made_at"], name="terms_newest"),
        ),
        migrations.AddConstraint(
            model_name="terms",
            constraint=models.CheckConstraint(
                condition=models.Q(("answer_minutes__gte", 1), ("mend_minutes__gte", 1), ("up_percent__gt", 0), ("up_percent__lte", 100)),
                name="terms_sensible",
            ),
        ),
        *(migrations.RunSQL(load(name), migrations.RunSQL.noop) for name in ("setup", "deviations", "messages")),
    ]
