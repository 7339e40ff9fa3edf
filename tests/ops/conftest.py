"""A roster of the cast: one system, two levels, four who answer in turn, kept by an administrator who is none of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import Permission
from guardian.models import UserObjectPermission

from access import models as access
from ops.domain.rules import Rule
from ops.models import Party, Roster, RosterLevel, Shift, System
from ops.selectors.now import KNOWN
from ops.services.plan import Named, plan_publish
from tests.cast import Cast

KEEPER = "tilgang.admin"
MEMBERS = ("drift", "meldingsansvarlig", "lms.leder", "logg.kontroll")
DAY = timedelta(days=1)


@dataclass
class Duty:
    """`parties`: username → who answers as that person. `line()`: who answers, as names, from now on."""

    roster: Roster
    system: System
    parties: dict[str, Party]
    now: datetime

    def at(self, moment: datetime, level: int = 1) -> str | None:
        row = Shift.objects.filter(roster=self.roster, level=level, span__contains=moment).select_related("party").first()
        return row.party.name if row else None

    def shift_of(self, username: str, *, after: int = 1) -> tuple[datetime, datetime]:
        """One's first whole shift on level 1 that begins after so many days."""
        rows = Shift.objects.filter(roster=self.roster, level=1, party=self.parties[username], span__startswith__gt=self.now + after * DAY).order_by(
            "span"
        )
        return rows[0].span.lower, rows[0].span.upper


def permit(user: UUID, codename: str, thing: Any) -> None:
    permission = Permission.objects.get(codename=codename, content_type__app_label="ops")
    UserObjectPermission.objects.create(user_id=user, permission=permission, content_type=permission.content_type, object_pk=str(thing.pk))


@pytest.fixture(autouse=True)
def asks_anew() -> Iterator[None]:
    """Who answers is kept for a while by the process: not from one test to another."""
    KNOWN.forget()
    yield
    KNOWN.forget()


@pytest.fixture
def duty(cast: Cast, open_gate: Callable[..., Any]) -> Duty:
    system = System.objects.create(code="epj", name="EPJ-system", phone="64 00 01 10", runbook="Se om innloggingen svarer.\nRing driftssentralen.")
    roster = Roster.objects.create(name="EPJ-system", system=system)
    for number, name in ((1, "Førstelinje"), (2, "Bakvakt")):
        RosterLevel.objects.create(roster=roster, number=number, name=name, wait_minutes=5)
    parties = {}
    for number, username in enumerate(MEMBERS):
        user = access.User.objects.get(id=cast[username].id)
        parties[username] = Party.objects.create(
            kind="person", name=user.get_full_name(), phone=f"9000000{number}", user=user, legal_entity_id=cast.entities["ikt"]
        )
    roster.parties.set(parties.values())
    permit(cast[KEEPER].id, "edit_roster", roster)
    first = datetime.now(UTC).date() - 8 * DAY
    turns = tuple(party.id for party in parties.values())
    with open_gate(KEEPER) as gate:
        rules = [Named("Døgnvakt", Rule(1, 0, turns, first, turn_days=2)), Named("Bakvakt", Rule(2, 0, turns[1:], first, turn_days=2))]
        plan_publish(roster=Roster.objects.prefetch_related("levels").get(), rules=rules, version=1, now=gate.now)
    roster.refresh_from_db()
    return Duty(roster, system, parties, datetime.now(UTC))
