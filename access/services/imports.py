"""Many authorisations from a file: looked through first, then registered whole or not at all, and undone as one (R23)."""

import json
from collections import defaultdict
from uuid import UUID

from django.utils.translation import gettext as _

from access.domain.staff_list import Known, Line
from access.gate import Gate, call, rows
from access.models import OrgUnit, RoleTemplate, User
from access.selectors.register import held_units, live_keys
from access.services.authorisations import AuthorisationError, acting
from lms_epj.core.clock import end_of_day, oslo_date, start_of_day


def known_names(gate: Gate) -> Known:
    """What the words of a file mean at this moment."""
    roles, units = defaultdict(list), defaultdict(list)
    for role in RoleTemplate.objects.all():
        for word in {role.name.lower(), role.code.lower()}:
            roles[word].append(role.id)
    for unit in OrgUnit.objects.filter(valid_to=None).select_related("legal_entity"):
        units[unit.name.lower()].append(unit.id)
        units[f"{unit.name}, {unit.legal_entity.name}".lower()].append(unit.id)
    users = User.objects.filter(is_active=True, is_system=False).values_list("username", "id")
    held = frozenset(unit.id for unit in held_units(gate))
    return Known({name.lower(): key for name, key in users}, roles, units, held, live_keys(), gate.user_id, oslo_date(gate.now))


def authorisations_import(*, lines: list[Line], file_name: str) -> UUID:
    """Registers every line, or none. The lines have been read without faults. Raises AuthorisationError and PermissionDenied."""
    if not lines or any(line.faults for line in lines):
        raise AuthorisationError(_("Filen har feil. Ingenting er registrert."))
    items = [
        {
            "user": str(line.user), "role": str(line.role), "unit": str(line.unit), "reason": line.words["begrunnelse"],
            "from": start_of_day(line.first).isoformat(), "to": end_of_day(line.last).isoformat() if line.last else None,
        }
        for line in lines if line.first
    ]  # fmt: skip
    with acting(_("Noe er endret siden filen ble lest. Ingenting er registrert; les filen inn på nytt.")):
        return call("authorisations_import", json.dumps(items), file_name[:200])


def import_undo(*, batch: UUID, reason: str) -> int:
    """Ends all that is left of an import. Returns how many. Raises AuthorisationError and PermissionDenied."""
    if not reason.strip():
        raise AuthorisationError(_("Skriv hvorfor importen angres."))
    if not any(one["import_id"] == batch and one["live"] for one in rows("imports")):
        raise AuthorisationError(_("Det er ingenting igjen av importen å avslutte."))
    with acting(""):
        return call("import_undo", batch, reason.strip())
