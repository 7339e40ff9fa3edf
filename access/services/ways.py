"""Lawful ways in to a patient one does not have: arrival, participation, finishing work, emergency. Each is a measure that the
database opens, logs and ends by itself; here is only what it needs to know, and what the person is told when it says no."""

import json
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from access.domain.codes import Category
from access.gate import Gate, call
from access.models import EmergencyCase
from lms_epj.core.folding import fold

SHORTEST_REASON = 10
# What can be opened under emergency: code → part of the record. The choice is shown to the one who reviews it.
SCOPES: dict[str, dict[str, object]] = {
    "critical": {"categories": [int(Category.CRITICAL)], "since_days": None},
    "medication": {"categories": [int(Category.MEDICATION)], "since_days": None},
    "recent": {"categories": None, "since_days": 30},
    "record": {"categories": None, "since_days": None},
}


class WayError(Exception):
    """What stops the act: ``errors`` is field → message in bokmål."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = errors


@dataclass(frozen=True)
class UnknownPerson:
    """Somebody without a known number: what is known is enough, «Ukjent mann» too."""

    family_name: str
    given_name: str
    birth_date: date | None
    sex: str
    age_from: int | None = None
    age_to: int | None = None
    marks: str = ""
    found: str = ""

    def seen(self) -> str:
        """What can be seen of one who cannot say who it is, for the database."""
        return json.dumps({"age_from": self.age_from, "age_to": self.age_to, "marks": self.marks.strip(), "found": self.found.strip()})


def check_decides(gate: Gate, template: str) -> None:
    """A role that may not decide the measure is not shown the way, and does not get it by hand either."""
    if template not in gate.role["decides"]:
        raise PermissionDenied(_("Rollen din kan ikke åpne journalen på denne måten. Forsøket er logget."))


def check_reason(errors: dict[str, str], reason: str) -> None:
    if len(reason.strip()) < SHORTEST_REASON:
        errors["reason"] = _("Skriv hvorfor, med noen ord. Begrunnelsen blir kontrollert, og pasienten kan lese den.")


def arrival_register(*, gate: Gate, number: str, caller: str, reason: str) -> UUID:
    """Opens NOTIFIED for the acting unit. Returns the patient.

    Raises WayError.
    """
    check_decides(gate, "NOTIFIED")
    _check_arrival(caller, reason)
    with transaction.atomic():
        return call("register_arrival", number, caller.strip(), reason.strip())


def unknown_arrival_register(*, gate: Gate, person: UnknownPerson, caller: str, reason: str) -> UUID:
    """The same for one without a number; found and merged later by a human.

    Raises WayError.
    """
    check_decides(gate, "NOTIFIED")
    _check_arrival(caller, reason, {} if person.family_name.strip() else {"family_name": _("Skriv et etternavn, eller «Ukjent».")})
    name = f"{person.family_name} {person.given_name}"
    with transaction.atomic():
        return call(
            "register_unknown_arrival", person.family_name.strip(), person.given_name.strip(), fold(name), person.birth_date, person.sex,
            caller.strip(), reason.strip(), person.seen(),
        )  # fmt: skip


def _check_arrival(caller: str, reason: str, errors: dict[str, str] | None = None) -> None:
    errors = errors or {}
    if not caller.strip():
        errors["caller"] = _("Skriv hvem som meldte fra.")
    check_reason(errors, reason)
    if errors:
        raise WayError(errors)


def personal_open(*, gate: Gate, template: str, number: str, reason: str) -> UUID:
    """Opens PARTICIPATION or FINISHING for the acting person. Returns the patient.

    Raises WayError; finishing work where there was none is answered alike with and without a record.
    """
    check_decides(gate, template)
    errors: dict[str, str] = {}
    check_reason(errors, reason)
    if errors:
        raise WayError(errors)
    with transaction.atomic():
        patient = call({"PARTICIPATION": "open_participation", "FINISHING": "open_finishing"}[template], number, reason.strip())
    if patient is None:
        raise WayError({"reason": _("Det finnes ikke noe tidligere arbeid i denne rollen å gjøre ferdig. Velg en annen vei inn.")})
    return patient


def emergency_open(*, gate: Gate, number: str, reason_code: str, reason: str, scope: list[str], confirmed: bool) -> UUID:
    """Opens a case and its measures for the set minutes; blocks stay. Returns the patient.

    Raises WayError.
    """
    check_decides(gate, "EMERGENCY")
    errors: dict[str, str] = {}
    if reason_code not in EmergencyCase.ReasonCode.values:
        errors["reason_code"] = _("Velg hvorfor du må inn nå.")
    check_reason(errors, reason)
    chosen = [code for code in SCOPES if code in scope]
    if not chosen:
        errors["scope"] = _("Velg hva du trenger.")
    if not confirmed:
        errors["confirmed"] = _("Bekreft at du trenger dette for å gi helsehjelp nå.")
    if errors:
        raise WayError(errors)
    parts = [SCOPES[code] for code in (["record"] if "record" in chosen else chosen)]
    with transaction.atomic():
        return call("open_emergency", number, reason_code, reason.strip(), json.dumps(parts))


def emergency_end(*, gate: Gate, patient: UUID) -> int:
    """Ends the acting person's own emergency access to a patient before its time. Returns how many measures ended."""
    with transaction.atomic():
        return call("end_emergency", patient)
