"""Who a patient turned out to be (R2): a number is entered by a human who says how it is known, and the database decides what follows."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.utils.translation import gettext as _

from access.domain.identity import IdentityNumber, Kind, Mode, check_identity
from access.gate import Gate, call
from access.services.ways import WayError
from lms_epj.core.folding import fold

SHORTEST_BASIS = 5


@dataclass(frozen=True)
class Person:
    """As typed, for a number that the population register here does not know. Empty where it does."""

    family_name: str = ""
    given_name: str = ""
    birth_date: date | None = None
    sex: str = ""

    def as_json(self) -> str:
        return json.dumps({
            "family_name": self.family_name.strip(), "given_name": self.given_name.strip(), "sex": self.sex,
            "birth_date": self.birth_date.isoformat() if self.birth_date else None, "name_fold": fold(f"{self.family_name} {self.given_name}"),
        })  # fmt: skip


def number_of(text: str) -> IdentityNumber:
    """Checked as everywhere. Raises WayError: no number, or one that identifies nobody outside the house (H-number)."""
    checked = check_identity(text, Mode.TEST if settings.PLAIN_HTTP else Mode.PRODUCTION)
    if not checked.ok:
        raise WayError({"number": _(checked.message)})
    if checked.kind is Kind.HNR:
        raise WayError(
            {"number": _("Et lokalt hjelpenummer sier ikke hvem det er. Bruk fødselsnummer, D-nummer, felles hjelpenummer eller DUF-nummer.")}
        )
    return checked


def identity_set(*, gate: Gate, patient: UUID, number: str, basis: str, person: Person | None = None) -> str:
    """Gives the patient the number, or proposes to merge with the record that has it: ``known`` or ``proposed``. Raises WayError and PermissionDenied."""
    checked = number_of(number)
    if len(basis.strip()) < SHORTEST_BASIS:
        raise WayError({"basis": _("Skriv hvordan du vet hvem det er.")})
    with _refusals():
        state: str = call("identify", patient, checked.normalised, str(checked.kind), (person or Person()).as_json(), basis.strip())["state"]
    problems = {
        "same": _("Pasienten har dette nummeret allerede."),
        "numbered": _("Pasienten har allerede et fødselsnummer. Er det feil, så si fra til journalansvarlig."),
    }
    if state in problems:
        raise WayError({"number": problems[state]})
    if state == "unknown":
        raise WayError({"family_name": _("Folkeregisteret her kjenner ikke nummeret. Skriv navnet slik det står i legitimasjonen.")})
    return state


def identity_withdraw(*, gate: Gate, patient: UUID, reason: str) -> None:
    """Takes a wrong number and name off again. Raises WayError and PermissionDenied."""
    if len(reason.strip()) < SHORTEST_BASIS:
        raise WayError({"reason": _("Skriv hvorfor nummeret er feil.")})
    with _refusals():
        done = call("identity_withdraw", patient, reason.strip())
    if not done:
        raise WayError({"reason": _("Nummeret kan ikke tas av. Er en annen journal slått sammen med denne, må journalansvarlig oppheve det først.")})


@contextmanager
def _refusals() -> Iterator[None]:
    """The database's refusals as Python's, inside a savepoint of their own."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise WayError({"number": _("Nummeret ble nettopp registrert av en annen. Kontroller pasienten.")}) from None
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") == "42501":
            raise PermissionDenied(_("Du kan ikke endre hvem pasienten er, i rollen du har nå. Forsøket er logget.")) from None
        raise
