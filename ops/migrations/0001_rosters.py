"""Rosters, who answers, swaps, incidents and their steps."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import lms_epj.core.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0017_message_watch"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Trusted, so the owner may; where the servers were made by this project it is there already.
        migrations.RunSQL("CREATE EXTENSION IF NOT EXISTS btree_gist", migrations.RunSQL.noop),
        migrations.CreateModel(
            name="EventSource",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("name", models.TextField()),
                ("token_hash", models.BinaryField(unique=True)),
                ("signing_key", models.BinaryField()),
                ("active", models.BooleanField(default=True)),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        help_text="Whose call bells they are",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.orgunit",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Feed",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("secret_hash", models.BinaryField(unique=True)),
                ("made_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=120)),
                (
                    "severity",
                    models.CharField(choices=[("critical", "Kritisk"), ("serious", "Alvorlig"), ("notice", "Til orientering")], max_length=8),
                ),
                ("title", models.TextField()),
                ("detail", models.TextField(blank=True)),
                ("origin", models.CharField(choices=[("person", "Meldt av ansatt"), ("building", "Bygg"), ("monitor", "Overvåking")], max_length=12)),
                ("count", models.IntegerField(default=1)),
                ("opened_at", models.DateTimeField()),
                ("last_seen_at", models.DateTimeField()),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("review", models.TextField(blank=True, help_text="What happened, what helped, what is to be changed")),
                ("deviation", models.BooleanField(default=False, help_text="Registered as a deviation (R58)")),
                (
                    "opened_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="IncidentLine",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("kind", models.CharField(max_length=16)),
                ("text", models.TextField()),
                ("by", models.TextField(blank=True)),
                ("incident", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="ops.incident")),
            ],
        ),
        migrations.CreateModel(
            name="Party",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("person", "Person"), ("municipality", "Kommune"), ("host", "Vertskommune"), ("external", "Ekstern")], max_length=12
                    ),
                ),
                ("name", models.TextField()),
                ("phone", models.CharField(blank=True, max_length=20)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("active", models.BooleanField(default=True)),
                (
                    "legal_entity",
                    models.ForeignKey(
                        blank=True,
                        help_text="On whose account it is counted",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.legalentity",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="duty_party", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "permissions": [("answer_for", "Kan ta imot og bytte vakter på vegne av parten")],
            },
        ),
        migrations.AddField(
            model_name="incident",
            name="acknowledged_by",
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ops.party"),
        ),
        migrations.CreateModel(
            name="Roster",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("name", models.TextField()),
                ("eves", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), blank=True, default=list, size=None)),
                ("version", models.IntegerField(default=1)),
                ("published_to", models.DateTimeField(blank=True, null=True)),
                ("parties", models.ManyToManyField(related_name="rosters", to="ops.party")),
                (
                    "unit",
                    models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.orgunit"),
                ),
            ],
            options={
                "permissions": [("edit_roster", "Kan endre vaktplanen")],
            },
        ),
        migrations.CreateModel(
            name="Release",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("level", models.SmallIntegerField()),
                ("span", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ("reason", models.TextField()),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("roster", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="releases", to="ops.roster")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("text", models.TextField()),
                ("written_at", models.DateTimeField()),
                ("written_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("roster", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="handovers", to="ops.roster")),
            ],
        ),
        migrations.CreateModel(
            name="RosterLevel",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("number", models.SmallIntegerField()),
                ("name", models.TextField()),
                ("promised", models.BooleanField(default=True, help_text="Somebody shall answer at any time")),
                ("wait_minutes", models.SmallIntegerField(default=5, help_text="So long is waited for an answer before the next is told")),
                ("roster", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="levels", to="ops.roster")),
            ],
        ),
        migrations.CreateModel(
            name="Rotation",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("level", models.SmallIntegerField()),
                ("rank", models.SmallIntegerField()),
                ("name", models.TextField()),
                ("members", django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                ("anchor", models.DateField()),
                ("turn_days", models.SmallIntegerField()),
                ("starts", models.TimeField()),
                ("ends", models.TimeField()),
                ("weekdays", django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), size=None)),
                ("holidays", models.CharField(max_length=12)),
                ("fair", models.BooleanField(default=False)),
                ("until", models.DateField(blank=True, null=True)),
                ("away", models.JSONField(default=list, help_text="[{member, first, last}]")),
                ("never", models.JSONField(default=list, help_text="[[member, weekday]]")),
                ("made_at", models.DateTimeField()),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("roster", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="rotations", to="ops.roster")),
            ],
        ),
        migrations.CreateModel(
            name="SeenNonce",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("nonce", models.CharField(max_length=64)),
                ("at", models.DateTimeField(db_index=True)),
                ("source", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ops.eventsource")),
            ],
        ),
        migrations.CreateModel(
            name="Shift",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("level", models.SmallIntegerField()),
                ("span", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ("party", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="shifts", to="ops.party")),
                ("roster", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="shifts", to="ops.roster")),
            ],
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("number", models.SmallIntegerField()),
                ("level", models.SmallIntegerField()),
                ("due_at", models.DateTimeField()),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("claims", models.SmallIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Venter"), ("told", "Varslet"), ("nobody", "Ingen på vakt"), ("stopped", "Ikke nødvendig")], max_length=8
                    ),
                ),
                ("told_at", models.DateTimeField(blank=True, null=True)),
                ("incident", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="ops.incident")),
                ("party", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ops.party")),
            ],
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("channel", models.CharField(max_length=8)),
                ("address", models.TextField()),
                ("text", models.TextField()),
                ("repeated", models.BooleanField(default=False)),
                ("at", models.DateTimeField()),
                ("error", models.TextField(blank=True)),
                ("step", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="ops.step")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Swap",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("level", models.SmallIntegerField()),
                ("span", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ("back_level", models.SmallIntegerField(blank=True, null=True)),
                ("back_span", django.contrib.postgres.fields.ranges.DateTimeRangeField(blank=True, null=True)),
                ("note", models.TextField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Venter på svar"),
                            ("accepted", "Godtatt"),
                            ("declined", "Avslått"),
                            ("withdrawn", "Trukket"),
                            ("stale", "Falt bort"),
                        ],
                        default="open",
                        max_length=12,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("on_behalf", models.BooleanField(default=False, help_text="A leader answered for the receiver")),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("asked_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("giver", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ops.party")),
                ("receiver", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ops.party")),
                ("roster", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="swaps", to="ops.roster")),
                ("taker", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ops.party")),
            ],
        ),
        migrations.CreateModel(
            name="Act",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("level", models.SmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("override", "Endret av vaktansvarlig"),
                            ("take", "Tok vakten"),
                            ("cover", "Dekket på spørsmål til alle"),
                            ("swap", "Byttet"),
                        ],
                        max_length=8,
                    ),
                ),
                ("span", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ("reason", models.TextField(blank=True)),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "instead_of",
                    models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ops.party"),
                ),
                ("party", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ops.party")),
                ("roster", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="acts", to="ops.roster")),
                ("swap", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="acts", to="ops.swap")),
            ],
        ),
        migrations.CreateModel(
            name="System",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("code", models.SlugField(max_length=24, unique=True)),
                ("name", models.TextField()),
                ("icon", models.CharField(default="Cog", max_length=24)),
                (
                    "phone",
                    models.CharField(blank=True, help_text="The one number to call; where there is none, the number of who answers", max_length=20),
                ),
                (
                    "operation",
                    models.CharField(
                        choices=[("host", "Vertskommune"), ("external", "Ekstern leverandør"), ("iks", "IKS"), ("local", "Lokal drift")],
                        default="host",
                        max_length=12,
                    ),
                ),
                ("answer_minutes", models.SmallIntegerField(default=15, help_text="Agreed: from alarm until somebody has it in hand")),
                ("mend_minutes", models.IntegerField(default=240, help_text="Agreed: from alarm until it works")),
                ("runbook", models.TextField(blank=True, help_text="What to do first, line by line")),
                ("place", models.SmallIntegerField(default=0)),
                (
                    "operator",
                    models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.legalentity"),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="roster",
            name="system",
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="roster", to="ops.system"),
        ),
        migrations.AddField(
            model_name="incident",
            name="system",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="incidents", to="ops.system"),
        ),
        migrations.AddField(
            model_name="eventsource",
            name="system",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ops.system"),
        ),
        migrations.CreateModel(
            name="BuildingEvent",
            fields=[
                ("id", models.UUIDField(default=lms_epj.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(choices=[("call", "Pasientsignal"), ("technical", "Teknisk alarm"), ("access", "Adgang")], max_length=12)),
                ("place", models.CharField(max_length=40)),
                ("text", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("source", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="events", to="ops.eventsource")),
                (
                    "incident",
                    models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="events", to="ops.incident"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["-received_at"], name="buildingevent_newest")],
            },
        ),
        migrations.AddConstraint(
            model_name="party",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("phone", ""), _negated=True), models.Q(("email", ""), _negated=True), _connector="OR"),
                name="party_can_be_reached",
            ),
        ),
        migrations.AddIndex(
            model_name="handover",
            index=models.Index(fields=["roster", "-written_at"], name="handover_newest"),
        ),
        migrations.AddConstraint(
            model_name="rosterlevel",
            constraint=models.UniqueConstraint(fields=("roster", "number"), name="level_once"),
        ),
        migrations.AddConstraint(
            model_name="rosterlevel",
            constraint=models.CheckConstraint(condition=models.Q(("number__gte", 1), ("wait_minutes__gte", 1)), name="level_sensible"),
        ),
        migrations.AddIndex(
            model_name="rotation",
            index=models.Index(condition=models.Q(("retired_at", None)), fields=["roster"], name="rotation_live"),
        ),
        migrations.AddConstraint(
            model_name="seennonce",
            constraint=models.UniqueConstraint(fields=("source", "nonce"), name="nonce_once"),
        ),
        migrations.AddConstraint(
            model_name="shift",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[(models.F("roster"), "="), (models.F("level"), "="), (models.F("span"), "&&")], name="shift_one_answers"
            ),
        ),
        migrations.AddConstraint(
            model_name="shift",
            constraint=models.CheckConstraint(
                condition=models.Q(("span__isempty", False), ("span__lower_inf", False), ("span__upper_inf", False)), name="shift_has_ends"
            ),
        ),
        migrations.AddIndex(
            model_name="step",
            index=models.Index(condition=models.Q(("state", "waiting")), fields=["due_at"], name="step_waiting"),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.UniqueConstraint(fields=("incident", "number"), name="step_once"),
        ),
        migrations.AddIndex(
            model_name="swap",
            index=models.Index(condition=models.Q(("state", "open")), fields=["roster"], name="swap_open"),
        ),
        migrations.AddConstraint(
            model_name="swap",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("back_span__isnull", True),
                    models.Q(("back_level__isnull", False), ("giver__isnull", False), ("receiver__isnull", False)),
                    _connector="OR",
                ),
                name="swap_back_has_both",
            ),
        ),
        migrations.AddIndex(
            model_name="act",
            index=models.Index(fields=["roster", "id"], name="act_in_order"),
        ),
        migrations.AddConstraint(
            model_name="roster",
            constraint=models.CheckConstraint(
                condition=models.Q(("system__isnull", True), ("unit__isnull", True), _connector="XOR"), name="roster_of_one_thing"
            ),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(fields=["-opened_at"], name="incident_newest"),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.UniqueConstraint(condition=models.Q(("closed_at", None)), fields=("system", "key"), name="incident_once_open"),
        ),
    ]
