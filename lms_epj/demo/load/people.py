"""Patients with their numbers, and the population register."""

from collections.abc import Iterable
from datetime import datetime

from access.models import Patient, PatientIdentity, RegisterPerson
from lms_epj.core.folding import fold
from lms_epj.core.ids import uuid7
from lms_epj.demo.shapes import Person


def address(person: Person) -> str:
    return "" if person.protected_address else f"{person.street}, {person.postcode} {person.city}"


def patient(person: Person, registered_at: datetime) -> Patient:
    return Patient(
        id=uuid7(), family_name=person.family_name, given_name=person.given_name, birth_date=person.birth_date, sex=person.sex,
        deceased_at=person.deceased_at, municipality_number=person.municipality_number, address=address(person),
        protected_address=person.protected_address, phone=person.phone, general_practitioner=person.gp,
        registered_at=registered_at, name_fold=fold(f"{person.given_name} {person.family_name}"),
    )  # fmt: skip


def identities(person: Person, row: Patient) -> list[PatientIdentity]:
    return [
        PatientIdentity(patient=row, kind=one.kind, value=one.value, valid_from=one.valid_from, valid_to=one.valid_to) for one in person.identities
    ]


def load_register(using: str, people: Iterable[Person]) -> None:
    """Those with a number; several times more people than have a record."""
    rows = [
        RegisterPerson(
            number=one.value, kind=one.kind, family_name=person.family_name, given_name=person.given_name, birth_date=person.birth_date,
            sex=person.sex, municipality_number=person.municipality_number, address=address(person),
            protected_address=person.protected_address, name_fold=fold(f"{person.given_name} {person.family_name}"),
            deceased_at=person.deceased_at.date() if person.deceased_at else None,
        )
        for person in people
        for one in person.identities
    ]  # fmt: skip
    RegisterPerson.objects.using(using).bulk_create(rows, batch_size=2000, ignore_conflicts=True)
