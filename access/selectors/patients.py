"""Patients as lists show them. Whoever calls has disclosed them first; others do not exist for the database."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from access.gate import Gate, call
from access.models import Patient, PatientIdentity

PAGE = 50


def patient_rows(ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """{id, family_name, given_name, birth_date, sex, number, deceased_at, municipality_number} in the given order. Two queries."""
    fields = ("id", "family_name", "given_name", "birth_date", "sex", "deceased_at", "municipality_number")
    found = {row["id"]: row for row in Patient.objects.filter(id__in=ids).values(*fields)}
    # The newest number counts: D-number and then birth number follow each other.
    identities = PatientIdentity.objects.filter(patient_id__in=ids, valid_to=None).order_by("valid_from", "id")
    numbers = dict(identities.values_list("patient_id", "value"))
    return [found[id] | {"number": numbers.get(id, "")} for id in ids if id in found]


def my_patients(gate: Gate, after: UUID | None) -> tuple[list[dict[str, Any]], UUID | None]:
    """One page of the acting person's own patients in Norwegian order of names, and the last one's id when more follow."""
    ids = call("my_patients", after, PAGE + 1)
    shown = gate.disclose(ids[:PAGE])
    return patient_rows(shown), shown[-1] if len(ids) > PAGE and shown else None


def search(gate: Gate, terms: list[str], born: Sequence[date]) -> list[dict[str, Any]]:
    """Visible patients whose names match every term and who were born on one of the dates; none means any date."""
    ids: list[UUID] = []
    for day in born or (None,):
        ids += [id for id in call("search_patients", terms, day) if id not in ids]
    return patient_rows(gate.disclose(ids))
