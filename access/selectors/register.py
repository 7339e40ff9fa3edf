"""The register's questions: who held which role where on a date, all of one person, and what waits for whom."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from guardian.models import UserObjectPermission

from access.gate import Gate, call, rows
from access.models import OrgUnit
from lms_epj.core.clock import end_of_day, oslo_date, start_of_day
from lms_epj.core.folding import sort_key

PAGE = 50
PERMISSION = "administer_register"


def authorisations_on(
    day: date, *, words: str = "", unit: UUID | None = None, role: UUID | None = None, page: int = 1, now: datetime | None = None
) -> tuple[list[dict[str, Any]], int]:
    """One page of those that held, and how many there are: now when ``day`` is today, else at noon of the day (Oslo).

    In Norwegian order of names. For administrators of access only; others get an error.
    """
    at = start_of_day(day) + (end_of_day(day) - start_of_day(day)) / 2
    if now is not None and oslo_date(now) == day:
        at = now
    found = rows("register_on", at, words.split(), unit, role, (page - 1) * PAGE, PAGE)
    return found, found[0]["total"] if found else 0


def person_card(user: UUID) -> dict[str, Any] | None:
    """All the register holds of one person, or None for those one does not answer for. Times are datetimes; see gate.person_card."""
    card = call("person_card", user)
    return with_times(card) if card else None


def with_times(value: Any) -> Any:
    """JSON's times as datetimes and its dates as dates, by the names of the keys."""
    if isinstance(value, dict):
        return {key: _read(key, one) for key, one in value.items()}
    return [with_times(one) for one in value] if isinstance(value, list) else value


def _read(key: str, value: Any) -> Any:
    if isinstance(value, str) and (key.endswith("_at") or key in ("valid_from", "valid_to")):
        return datetime.fromisoformat(value)
    if isinstance(value, str) and key.endswith("_on"):
        return date.fromisoformat(value)
    return with_times(value)


def held_units(gate: Gate) -> list[OrgUnit]:
    """Units in operation that the acting administrator holds, by legal entity and name."""
    held = UserObjectPermission.objects.filter(user_id=gate.user_id, permission__codename=PERMISSION).values_list("object_pk", flat=True)
    units = [
        unit for unit in OrgUnit.objects.filter(id__in=list(held)).select_related("legal_entity") if unit.valid_to is None or unit.valid_to > gate.now
    ]
    return sorted(units, key=lambda unit: (sort_key(unit.legal_entity.name), sort_key(unit.name)))


def live_keys() -> frozenset[tuple[UUID, UUID, UUID]]:
    """(user, role, unit) of every authorisation that holds now or will."""
    return frozenset((row["user_id"], row["role_id"], row["unit_id"]) for row in rows("register_keys"))


def unit_staff() -> list[dict[str, Any]]:
    """Everyone with a role in the unit one leads, with the answer of the present re-approval. For leaders only."""
    return rows("unit_staff")


def reapprovals() -> list[dict[str, Any]]:
    """Every unit with people in it, and how far its re-approval has come. For administrators only."""
    return rows("reapprovals")
