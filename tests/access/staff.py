"""People beside the cast whom tests of the register need: a second administrator, temps; and which units one holds."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from guardian.shortcuts import assign_perm

from access import gate
from access.models import AccessAuthorisation, OrgUnit, RoleTemplate, Session, User
from tests.conftest import acting_as

SECOND = "tilgang.andre"


def hold(username: str, *units: UUID) -> None:
    """The administrator holds these units' registers from now on."""
    user = User.objects.get(username=username)
    for unit in units:
        assign_perm("administer_register", user, OrgUnit.objects.get(id=unit))


def hire(username: str, role: str, unit: UUID) -> tuple[UUID, UUID]:
    """A person with one role, given long ago. Returns the user and the authorisation."""
    user = User.objects.create(username=username, given_name=username.title(), family_name="Ansattmyr", initials="AM")
    held = AccessAuthorisation.objects.create(
        user=user, role=RoleTemplate.objects.get(code=role), unit_id=unit, valid_from=datetime.now(UTC) - timedelta(days=400), reason="Ansatt"
    )
    return user.id, held.id


def log_in(user: UUID, authorisation: UUID, secret: str) -> None:
    """An open session in that role."""
    now = datetime.now(UTC)
    Session.objects.create(
        user_id=user, authorisation_id=authorisation, secret_hash=hashlib.sha256(secret.encode()).digest(), device_hash=secret.encode(),
        second_factor=True, created_at=now, last_seen_at=now, expires_at=now + timedelta(days=1),
    )  # fmt: skip


def hire_administrator(cast: Any) -> Callable[[], AbstractContextManager[Any]]:
    """A second administrator; returns a function that opens the gate as that person."""
    log_in(*hire(SECOND, "access_admin", cast.units["it"]), SECOND)

    @contextmanager
    def opened() -> Iterator[Any]:
        with acting_as("epj_app"), gate.enter(SECOND, gate.Request(action="search", route="test")) as one:
            yield one

    return opened
