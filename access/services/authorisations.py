"""The register of authorisations: a role in a unit is given and ended by an administrator who holds the unit (R23)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils.translation import gettext as _
from guardian.core import ObjectPermissionChecker
from psycopg.errors import InsufficientPrivilege

from access.gate import Gate, call
from access.models import OrgUnit, User

PERMISSION = "administer_register"


class AuthorisationError(Exception):
    """Why the register was not changed, in bokmål."""


@contextmanager
def acting(words: str) -> Iterator[None]:
    """Round one act of the database, all or nothing. A constraint it breaks is told in ``words``; what it may not do at all is refused.

    Raises AuthorisationError and PermissionDenied.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise AuthorisationError(words) from None
    except ProgrammingError as error:
        if isinstance(error.__cause__, InsufficientPrivilege):
            raise PermissionDenied(_("Dette kan du ikke gjøre i denne rollen. Forsøket er logget.")) from None
        raise


def administers(gate: Gate, unit: UUID) -> bool:
    """Whether the acting administrator holds this unit's register (an object permission, given unit by unit)."""
    administrator = User(id=gate.user_id, is_active=True)
    return ObjectPermissionChecker(administrator).has_perm(PERMISSION, OrgUnit(id=unit))


def _check_unit(gate: Gate, unit: UUID) -> None:
    if not administers(gate, unit):
        raise PermissionDenied(_("Du forvalter ikke tilganger for denne enheten. Forsøket er logget."))


def authorisation_give(*, gate: Gate, user: UUID, role: UUID, unit: UUID, valid_from: datetime, valid_to: datetime | None, reason: str) -> UUID:
    """Gives a person a role in a unit; never to oneself, and never with effect before now. Returns the authorisation.

    Raises PermissionDenied and AuthorisationError.
    """
    _check_unit(gate, unit)
    if user == gate.user_id:
        raise AuthorisationError(_("Du kan ikke gi deg selv en rolle. Be en annen som gir tilganger."))
    if not reason.strip():
        raise AuthorisationError(_("Skriv hvorfor rollen gis."))
    with acting(_("Rollen ble ikke registrert. Sluttdatoen må komme etter startdatoen, og personen, rollen og enheten må finnes.")):
        return call("authorisation_give", user, role, unit, valid_from, valid_to, reason.strip())


def holding_set(*, user: UUID, unit: UUID, held: bool) -> None:
    """Gives another administrator a unit's register, or takes it away. Raises AuthorisationError and PermissionDenied."""
    with acting(_("Enheten eller personen finnes ikke.")):
        if not call("holding_set", user, unit, held):
            raise AuthorisationError(_("Det er slik fra før. Last siden på nytt."))


def authorisation_end(*, gate: Gate, authorisation: UUID, unit: UUID, reason: str) -> None:
    """Ends an authorisation from now on; its past stays as it was.

    Raises PermissionDenied and AuthorisationError.
    """
    _check_unit(gate, unit)
    if not reason.strip():
        raise AuthorisationError(_("Skriv hvorfor rollen avsluttes."))
    with transaction.atomic():
        if not call("authorisation_end", authorisation, unit, reason.strip()):
            raise AuthorisationError(_("Rollen er avsluttet fra før."))
