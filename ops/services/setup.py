"""What there is to answer for, who can, and who keeps which roster. The database checks who may; see ops/policies/setup.sql."""

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from access.gate import call
from access.services.secrets import new_secret
from ops.models import Roster
from ops.services.acting import DutyError, acting, must_be_ok
from ops.services.plan import live_rules, plan_publish


@dataclass(frozen=True)
class SystemValues:
    """``runbook``: what to do first, line by line. ``phone``: the one number to call, where there is one."""

    name: str
    icon: str
    phone: str
    runbook: str
    place: int
    code: str = ""


@dataclass(frozen=True)
class TermsValues:
    """What was agreed from a day on (R66)."""

    valid_from: date
    operation: str
    operator: UUID | None
    supplier: str
    reference: str
    answer_minutes: int
    mend_minutes: int
    up_percent: Decimal


@dataclass(frozen=True)
class PartyValues:
    """``username``: who it is, for a person. ``speakers``: usernames of those who take and answer for it."""

    kind: str
    name: str
    phone: str
    email: str
    username: str
    entity: UUID | None
    speakers: list[str]
    active: bool = True


@dataclass(frozen=True)
class Level:
    number: int
    name: str
    promised: bool
    wait: int


@dataclass(frozen=True)
class RosterValues:
    """``people``: persons of a shift plan's unit, who become parties; ``keepers``: usernames, or None to leave them as they are."""

    levels: list[Level]
    parties: list[UUID]
    eves: list[str]
    people: list[UUID]
    keepers: list[str] | None = None


def system_save(*, system: UUID | None, values: SystemValues) -> UUID:
    """A new one comes with a roster and a first line. Returns the system."""
    if not values.name:
        raise DutyError(_("Skriv hva systemet heter."))
    return _saved("duty_system", system, values)


def terms_add(*, system: UUID, values: TermsValues) -> None:
    """New terms; those of before stay for what happened under them."""
    if values.operator is None and not values.supplier:
        raise DutyError(_("Velg hvem som driver systemet, eller skriv navnet på firmaet."))
    with acting():
        must_be_ok(call("duty_terms", system, as_json(values)))


def party_save(*, party: UUID | None, values: PartyValues) -> UUID:
    if not values.name:
        raise DutyError(_("Skriv hva parten heter."))
    if not (values.phone or values.email or values.username):
        raise DutyError(_("Skriv telefon eller e-post. Ellers kan ingen varsles."))
    return _saved("duty_party", party, values)


def roster_save(*, roster: Roster, values: RosterValues, now: datetime) -> None:
    """Days that count as holidays move shifts: where they are changed the plan is published anew in the same breath."""
    if not values.levels:
        raise DutyError(_("Vaktordningen må ha minst én linje."))
    with transaction.atomic():
        with acting():
            answer = call("duty_roster", roster.id, as_json(values))
            must_be_ok(answer["state"], answer.get("names", ()))
        if set(values.eves) != set(roster.eves) and roster.published_to:
            fresh = Roster.objects.get(id=roster.id)
            plan_publish(roster=fresh, rules=live_rules(fresh), version=fresh.version, now=now, reason="Helligdager endret")


def shift_plan_begin() -> UUID:
    """The shift plan of the unit that one leads; the one there is, where it was begun before."""
    with acting():
        return call("shift_plan_begin")


def contact_save(*, phone: str, email: str) -> None:
    """Where one is told oneself about shifts and alarms."""
    with acting():
        answer = call("duty_contact", phone, email)
    if answer != "ok":
        raise DutyError(
            _("Du er med i en vaktordning der noen må kunne nå deg. Skriv telefon eller e-post.")
            if answer == "unreachable"
            else _("Du er ikke med i noen vaktordning.")
        )


def event_source_make(*, name: str, system: UUID, unit: UUID | None) -> tuple[str, str]:
    """(token, signing key), told this once."""
    if not name:
        raise DutyError(_("Skriv hva kilden heter."))
    token, key = new_secret(), new_secret()
    with acting():
        call("event_source_make", name, system, unit, token, key)
    return token, key


def event_source_end(*, source: UUID) -> None:
    with acting():
        call("event_source_end", source)


def _saved(function: str, known: UUID | None, values: Any) -> UUID:
    with acting():
        answer = call(function, known, as_json(values))
        must_be_ok(answer["state"], answer.get("names", ()))
    return UUID(answer["id"])


def as_json(values: Any) -> str:
    return json.dumps(asdict(values), default=str)
