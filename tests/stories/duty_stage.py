"""On call, before anybody has planned anything: systems, the telephones of six municipalities, and who keeps the rosters."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import Permission
from django.db import connection
from guardian.models import UserObjectPermission

from ops.domain.calendar import Calendar
from ops.domain.resolver import resolve
from ops.domain.rules import Rule
from ops.models import Deviation, Incident, Party, Roster, RosterLevel, Rotation, Shift, System, Terms
from ops.services.plan import Named, as_row
from tests.cast import build_cast

KEEPER = "tilgang.admin"
SIX = ("Nordre Follo", "Ås", "Frogn", "Nesodden", "Vestby", "Enebakk")
SPEAKERS = {"Ås": "drift", "Frogn": "meldingsansvarlig"}


@dataclass
class Stage:
    roster: Roster
    parties: dict[str, Party]


def lay_roster(code: str, name: str, *, planned: bool) -> Stage:
    """As owner. ``planned``: with a rotation and its shifts, from a month ago on."""
    cast, now = build_cast(), datetime.now(UTC).replace(microsecond=0)
    system = System.objects.create(
        code=code, name=name, icon="Tasklist", phone="64 00 01 10", runbook="Se om innloggingen svarer.\nRing driftssentralen."
    )
    roster = Roster.objects.create(name=name, system=system)
    RosterLevel.objects.create(roster=roster, number=1, name="Førstelinje", wait_minutes=5)
    parties = {one: Party.objects.create(kind="municipality", name=one, phone=f"6400012{n}") for n, one in enumerate(SIX)}
    roster.parties.set(parties.values())
    permit(cast[KEEPER].id, "edit_roster", roster)
    for place, username in SPEAKERS.items():
        permit(cast[username].id, "answer_for", parties[place])
    if planned:
        begins, ends = now - timedelta(days=30), now + timedelta(days=400)
        rule = Named("Døgnvakt", Rule(1, 0, tuple(one.id for one in parties.values()), begins.date(), turn_days=7, weekdays=frozenset(range(6))))
        Rotation.objects.create(roster=roster, made_at=now, **as_row(rule))
        line = resolve([rule.rule], [], Calendar(), begins, ends)[1]
        Shift.objects.bulk_create(Shift(roster=roster, level=1, span=(one.begins, one.ends), party_id=one.party) for one in line)
        Roster.objects.filter(id=roster.id).update(published_to=ends)
    return Stage(roster, parties)


def permit(user: UUID, codename: str, thing: Any) -> None:
    permission = Permission.objects.get(codename=codename, content_type__app_label="ops")
    UserObjectPermission.objects.create(user_id=user, permission=permission, content_type=permission.content_type, object_pk=str(thing.pk))


def lay_incident(stage: Stage) -> tuple[Incident, str]:
    """One that somebody was told of: the incident, and the address in what was sent."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT gate.incident_begin(%s, 'prove', 'serious', 'Tavlen svarer ikke', 'Hvit side', 'monitor', NULL, '')", [stage.roster.system_id]
        )
        incident = Incident.objects.get(id=cursor.fetchone()[0])
        cursor.execute("SELECT step, party, proof FROM gate.step_claim() ORDER BY party LIMIT 1")
        step, party, proof = cursor.fetchone()
        cursor.execute('SELECT gate.step_told(%s, false, \'[{"channel": "sms", "address": "64000120", "text": "Prøve", "error": ""}]\')', [step])
    return incident, f"/vakt/varsel/{step}/{party}/{proof}/"


def lay_deviation(incident: Incident) -> UUID:
    """One that comes of an incident, with terms that were broken: what the pages of follow-up show most of."""
    cast, now = build_cast(), datetime.now(UTC)
    Terms.objects.create(
        system_id=incident.system_id,
        valid_from=date(2025, 1, 1),
        operation="external",
        supplier="Firma AS",
        answer_minutes=1,
        mend_minutes=1,
        made_at=now,
    )
    return Deviation.objects.create(
        number=100_000, kind="operation", consequence="minor", title="Tavlen var borte", what="Den svarte ikke.", happened_at=now, unit_id=cast.units["ward"], system_id=incident.system_id,
        incident=incident, reported_by_id=cast["lms.sykepleier"].id, reported_at=now, link=UUID(int=14), due_on=date(2026, 1, 1),
    ).id  # fmt: skip
