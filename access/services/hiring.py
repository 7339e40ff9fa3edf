"""New people in the register, start passwords and licences. The database decides who may, and logs each act (access/policies/hiring.sql)."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from access.gate import call
from access.services import secrets
from access.services.authorisations import AuthorisationError, acting

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,79}")
NUMBER = re.compile(r"[0-9]{7,9}")


class FieldError(AuthorisationError):
    """What is wrong with one field of a form. ``field``: its name."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class NewLicence:
    profession: str
    number: str
    valid_from: datetime
    valid_to: datetime | None


def user_create(*, username: str, given_name: str, family_name: str, licence: NewLicence | None, reason: str) -> tuple[UUID, str]:
    """A person without roles. Returns the id and the start password, which is kept nowhere else.

    Raises FieldError, AuthorisationError and PermissionDenied.
    """
    if not given_name.strip() or not family_name.strip():
        raise FieldError("family_name" if given_name.strip() else "given_name", _("Skriv fornavn og etternavn."))
    if not USERNAME.fullmatch(username):
        raise FieldError("username", _("Brukernavnet må ha minst tre tegn: små bokstaver a–z, sifre, punktum, bindestrek eller understrek."))
    _check(licence, reason)
    person = {
        "username": username, "given_name": given_name.strip(), "family_name": family_name.strip(),
        "initials": "".join(part[0] for part in f"{given_name} {family_name}".split())[:4].upper(),
    }  # fmt: skip
    password, params = _start_password()
    wanted = json.dumps({
        "profession": licence.profession, "hpr_number": licence.number, "valid_from": licence.valid_from.isoformat(),
        "valid_to": licence.valid_to.isoformat() if licence.valid_to else None,
    }) if licence else None  # fmt: skip
    with acting(_("Personen ble ikke lagt inn. Godkjenningen kan ikke slutte før den begynner.")):
        answer = call("user_create", json.dumps(person), wanted, params, secrets.slow_hash(password, params), reason.strip())
    if answer["state"] == "username":
        raise FieldError("username", _("Brukernavnet er tatt. Velg et annet."))
    if answer["state"] == "number":
        raise FieldError("number", _("HPR-nummeret står på en annen person i registeret."))
    return UUID(answer["user"]), password


def start_password_give(*, user: UUID, reason: str) -> str:
    """A new start password for one who has lost the old; all sessions of the person end. Raises AuthorisationError and PermissionDenied."""
    _check(None, reason)
    password, params = _start_password()
    with acting(_("Startpassordet ble ikke laget.")):
        if not call("start_password_give", user, params, secrets.slow_hash(password, params), reason.strip()):
            raise AuthorisationError(_("Du har tatt bort kodeappen for denne personen. Da må en annen administrator gi startpassordet."))
    return password


def factor_remove(*, user: UUID, reason: str) -> None:
    """The next log-in enrols another telephone; all sessions of the person end. Raises AuthorisationError and PermissionDenied."""
    _check(None, reason)
    with acting(_("Kodeappen ble ikke tatt bort.")):
        if not call("second_factor_remove", user, reason.strip()):
            raise AuthorisationError(_("Du har gitt denne personen startpassordet. Da må en annen administrator ta bort kodeappen."))


def licence_add(*, user: UUID, licence: NewLicence, reason: str) -> None:
    """Raises FieldError, AuthorisationError and PermissionDenied."""
    _check(licence, reason)
    with acting(_("Perioden kan ikke slutte før den begynner.")):
        added = call("licence_add", user, licence.profession, licence.number, licence.valid_from, licence.valid_to, reason.strip())
    if not added:
        raise FieldError("number", _("HPR-nummeret står på en annen person i registeret."))


def licence_change(*, user: UUID, licence: UUID, valid_from: datetime, valid_to: datetime | None, reason: str) -> None:
    """Another span for a licence; what stood there goes into the log. Raises FieldError, AuthorisationError and PermissionDenied."""
    _check(None, reason)
    with acting(_("Perioden kan ikke slutte før den begynner.")):
        if not call("licence_change", user, licence, valid_from, valid_to, reason.strip()):
            raise AuthorisationError(_("Godkjenningen finnes ikke."))


def _check(licence: NewLicence | None, reason: str) -> None:
    if licence and not NUMBER.fullmatch(licence.number):
        raise FieldError("number", _("HPR-nummeret har sju til ni sifre."))
    if not reason.strip():
        raise FieldError("reason", _("Skriv hvorfor, for eksempel «Ansatt fra 1.12.»."))


def _start_password() -> tuple[str, str]:
    return secrets.new_start_password(), secrets.new_params()
