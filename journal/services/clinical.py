"""What the banner and the summary read: critical information, diagnoses, medicines in use, next of kin (R19).

Nothing is overwritten that somebody may have acted on: a changed medicine is a stopped one and a new one.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from access.domain.codes import Action, Category
from access.gate import Gate
from journal.codes import find_code
from journal.domain.critical_info import CriticalFacts, decide_state_none
from journal.models import CriticalInfo, CriticalInfoStatus, Diagnosis, Medication, NextOfKin
from journal.services.entries import change, check_may, entry_columns, stay_of_unit
from journal.services.errors import JournalError

MEDICATION_FIELDS = (
    "generic", "brand", "atc", "form", "strength", "dose", "route", "frequency", "as_needed", "indication", "source", "warning", "started_on",
)  # fmt: skip


def medication_add(*, gate: Gate, patient: UUID, values: Mapping[str, Any], origin: UUID | None = None) -> Medication:
    """A medicine the patient takes from now on. ``values``: columns of Medication; ``origin``: the message or order it comes from."""
    check_may(gate, Action.WRITE, Category.MEDICATION)
    columns = entry_columns(gate, patient, Category.MEDICATION, None, stay_of_unit(gate, patient), origin=origin)
    row = Medication(**columns, **values, origin_id=origin)
    row.save(force_insert=True)
    return row


def medication_change(*, gate: Gate, row: Medication, values: Mapping[str, Any], lock_version: int) -> Medication:
    """Stops the medicine as it was and goes on with it as it is now; both stay readable, and the new one names the old (``origin_id``).

    Raises Conflict when somebody changed it meanwhile.
    """
    check_may(gate, Action.WRITE, Category.MEDICATION)
    if row.stopped_at:
        raise JournalError("stopped", _("Legemiddelet er seponert. Legg det til på nytt i stedet."))
    if all(getattr(row, name) == value for name, value in values.items()):
        raise JournalError("nothing_changed", _("Ingenting er endret."))
    with transaction.atomic():
        change(row, lock_version=lock_version, stopped_at=gate.now)
        kept = {name: getattr(row, name) for name in MEDICATION_FIELDS}
        columns = entry_columns(gate, row.patient_id, Category.MEDICATION, None, stay_of_unit(gate, row.patient_id))
        new = Medication(**columns, **(kept | dict(values)), origin_id=row.pk)
        new.save(force_insert=True)
    return new


def medication_stop(*, gate: Gate, row: Medication, lock_version: int) -> Medication:
    check_may(gate, Action.WRITE, Category.MEDICATION)
    if row.stopped_at:
        raise JournalError("stopped", _("Legemiddelet er allerede seponert."))
    change(row, lock_version=lock_version, stopped_at=gate.now)
    return row


def medication_resume(*, gate: Gate, row: Medication) -> Medication:
    """Undoes a stop. A medicine that was changed goes on as the newer row, and is not taken up twice."""
    check_may(gate, Action.WRITE, Category.MEDICATION)
    if Medication.objects.filter(patient_id=row.patient_id, origin_id=row.pk).exists():
        raise JournalError("changed", _("Legemiddelet er endret siden. Rett det som står i listen nå."))
    change(row, lock_version=row.lock_version, stopped_at=None)
    return row


def critical_add(*, gate: Gate, patient: UUID, values: Mapping[str, Any]) -> CriticalInfo:
    """Adds one item, and with it takes back an earlier «ingen kjente»: ending the item must not bring that statement to life."""
    check_may(gate, Action.WRITE, Category.CRITICAL)
    with transaction.atomic():
        row = CriticalInfo(**entry_columns(gate, patient, Category.CRITICAL), **values)
        row.save(force_insert=True)
        CriticalInfoStatus(**entry_columns(gate, patient, Category.CRITICAL), none_known=False).save(force_insert=True)
    return row


def critical_end(*, gate: Gate, row: CriticalInfo, lock_version: int) -> CriticalInfo:
    check_may(gate, Action.WRITE, Category.CRITICAL)
    if row.ended_at:
        raise JournalError("ended", _("Opplysningen er allerede avsluttet."))
    change(row, lock_version=lock_version, ended_at=gate.now)
    return row


def critical_reopen(*, gate: Gate, row: CriticalInfo) -> CriticalInfo:
    """Undoes an ending."""
    check_may(gate, Action.WRITE, Category.CRITICAL)
    change(row, lock_version=row.lock_version, ended_at=None)
    return row


def critical_state_none(*, gate: Gate, patient: UUID) -> CriticalInfoStatus:
    """Somebody has asked, and there are no known allergies or intolerances."""
    check_may(gate, Action.WRITE, Category.CRITICAL)
    kinds = (CriticalInfo.Kind.ALLERGY, CriticalInfo.Kind.INTOLERANCE)
    active = CriticalInfo.objects.filter(patient_id=patient, ended_at__isnull=True, kind__in=kinds).count()
    if decide_state_none(CriticalFacts(active_items=active)):
        raise JournalError("active_items", _("Listen har opplysninger som gjelder. Avslutt dem først, hvis de ikke stemmer."))
    row = CriticalInfoStatus(**entry_columns(gate, patient, Category.CRITICAL), none_known=True)
    row.save(force_insert=True)
    return row


def diagnosis_add(*, gate: Gate, patient: UUID, code: str, text: str, main: bool = False) -> Diagnosis:
    """``code`` is one of the shipped list or empty; ``text`` is what the doctor calls it, else the code's own name."""
    check_may(gate, Action.WRITE, Category.DIAGNOSIS)
    found = find_code(code)
    if code and found is None:
        raise JournalError("code", _("Koden finnes ikke i listen. Søk den opp, eller skriv diagnosen uten kode."), {"code": _("Ukjent kode.")})
    if not found and not text.strip():
        raise JournalError("text", _("Skriv diagnosen, eller velg en kode."), {"text": _("Skriv diagnosen, eller velg en kode.")})
    codes = {found.system: found.code} if found else {}
    row = Diagnosis(
        **entry_columns(gate, patient, Category.DIAGNOSIS, None, stay_of_unit(gate, patient)), **codes,
        text=text.strip() or (found.name if found else ""), main=main,
    )  # fmt: skip
    row.save(force_insert=True)
    return row


def diagnosis_set_active(*, gate: Gate, row: Diagnosis, active: bool) -> Diagnosis:
    check_may(gate, Action.WRITE, Category.DIAGNOSIS)
    change(row, lock_version=row.lock_version, active=active)
    return row


def next_of_kin_add(*, gate: Gate, patient: UUID, values: Mapping[str, Any]) -> NextOfKin:
    """At most one is the nearest: a new nearest takes the place of the one before."""
    check_may(gate, Action.WRITE, Category.ADMIN)
    with transaction.atomic():
        if values.get("nearest"):
            NextOfKin.objects.filter(patient_id=patient, nearest=True, ended_at__isnull=True).update(nearest=False)
        row = NextOfKin(**entry_columns(gate, patient, Category.ADMIN), **values)
        row.save(force_insert=True)
    return row


def next_of_kin_set_ended(*, gate: Gate, row: NextOfKin, ended: bool) -> NextOfKin:
    check_may(gate, Action.WRITE, Category.ADMIN)
    change(row, lock_version=row.lock_version, ended_at=gate.now if ended else None)
    return row
