"""Patients as lists show them. Whoever calls has disclosed them first; others do not exist for the database."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery, UUIDField

from access.gate import Gate, call
from access.models import Patient, PatientIdentity
from lms_epj.core.prepared import Among, Prepared, Slot

PAGE = 50
FIELDS = ("id", "family_name", "given_name", "birth_date", "sex", "deceased_at", "municipality_number")


def patient_rows(ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """{id, family_name, given_name, birth_date, sex, number, deceased_at, municipality_number} in the given order. One query."""
    found = {row.id: row for row in _LISTED.rows(patients=list(ids))}
    return [{name: getattr(found[id], name) for name in FIELDS} | {"number": found[id].number or ""} for id in ids if id in found]


def _listed() -> QuerySet[Patient]:
    # The newest number counts: D-number and then birth number follow each other.
    numbers = PatientIdentity.objects.filter(patient=OuterRef("pk"), valid_to=None).order_by(F("valid_from").desc(nulls_first=True), "-id")
    rows = Patient.objects.filter(Among(F("pk"), Slot("patients", UUIDField()))).only(*FIELDS)
    return rows.annotate(number=Subquery(numbers.values("value")[:1]))


_LISTED = Prepared(_listed)


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
