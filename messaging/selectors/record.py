"""The record as material for a message: what this sender may read of it now, row by row. What is blocked for the sender is not among it."""

import json
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from access.gate import Gate, call
from journal.models import CriticalInfo, Diagnosis, Entry, Medication, NextOfKin, Note, ServiceDecision, Stay
from journal.selectors.frame import patients_with_number
from lms_epj.core.language import in_bokmal
from messaging.composing.kinds import OID
from messaging.composing.pieces import Course, Material, Piece, Subject
from messaging.formats.model import facts
from messaging.formats.model.parties import Person, Telecom
from messaging.formats.model.values import Code, Moment, Quantity

_WARNINGS = {"allergy": "allergy", "intolerance": "allergy", "infection": "infection"}
_RELATIONS = {
    "datter": "DA", "sønn": "SO", "ektefelle": "EF", "samboer": "SA", "mor": "MO", "far": "FA", "søster": "SI", "bror": "BR", "barnebarn": "BB",
}  # fmt: skip
_STRENGTH = re.compile(r"(\d+(?:[.,]\d+)?) ?([a-zA-Zµ/%]+)")
_NOTES = 40  # the newest are enough to begin from


@in_bokmal()
def material_of(patient: UUID, stay: UUID | None = None) -> Material:
    """Everything that may go in a message. ``stay``: the one it is about; otherwise the newest that was admitted."""
    (who,) = patients_with_number().filter(pk=patient)
    subject = Subject(
        who.given_name, who.family_name, who.birth_date, who.sex, who.number or "", who.number_kind or "", who.general_practitioner, who.municipality_number,
        who.deceased_at,
    )  # fmt: skip
    return Material(subject, _course(patient, stay), tuple(_pieces(patient)))


def withheld_from(gate: Gate, patient: UUID, recipient: str, material: Material) -> set[UUID]:
    """Pieces that the patient has blocked for the recipient."""
    if not material.pieces:
        return set()
    asked = json.dumps([one.asked() for one in material.pieces])
    return set(call("entries_withheld", patient, recipient, asked))


def _course(patient: UUID, stay: UUID | None) -> Course | None:
    stays = Stay.objects.filter(patient=patient, admitted_at__isnull=False).order_by("-admitted_at")
    found = stays.filter(pk=stay).first() if stay else stays.first()
    if found is None:
        return None
    return Course(
        found.pk,
        found.cause,
        found.referrer,
        found.admitted_at,
        found.discharge_ready_at,
        found.planned_discharge_at,
        found.discharged_at,
        found.destination,
    )


def _pieces(patient: UUID) -> Iterator[Piece]:
    for row in Diagnosis.objects.filter(patient=patient, active=True).order_by("-main", "event_at"):
        yield _piece(row, "diagnoses", row.text, _diagnosis(row))
    for row in CriticalInfo.objects.filter(patient=patient, ended_at=None).order_by("event_at"):
        yield _piece(row, "critical", f"{row.get_kind_display()}: {row.substance}", _critical(row))
    for row in Medication.objects.filter(patient=patient, stopped_at=None).order_by("as_needed", "generic"):
        yield _piece(row, "medications", " ".join(filter(None, (row.brand or row.generic, row.strength, row.dose))), _medication(row))
    for row in ServiceDecision.objects.filter(patient=patient, ends_at=None).select_related("service_type", "executing_unit").order_by("starts_at"):
        yield _piece(row, "services", row.service_type.name, _service(row))
    for row in NextOfKin.objects.filter(patient=patient, ended_at=None).order_by("-nearest", "name"):
        yield _piece(row, "relatives", f"{row.name}, {row.relation}", _relative(row))
    for row in Note.objects.filter(patient=patient).exclude(state="DRAFT").order_by("-event_at")[:_NOTES]:
        yield _piece(row, "note", row.title, None, texts=row.content)


def _piece(row: Entry, part: str, label: str, fact: Any, texts: dict[str, str] | None = None) -> Piece:
    return Piece(row.pk, part, label, row.category_id, row.document_type_id, row.stay_id, row.origin_id, row.event_at, fact, texts or {})


def _diagnosis(row: Diagnosis) -> facts.Diagnosis:
    code = Code(row.icpc2, row.text, f"{OID}7170") if row.icpc2 else Code(row.icd10, row.text, f"{OID}7110") if row.icd10 else None
    return facts.Diagnosis(code, row.text, main=row.main)


def _critical(row: CriticalInfo) -> facts.Critical:
    kind = _WARNINGS.get(row.kind, "cave")
    details = ", ".join(filter(None, (row.reaction, str(row.year or ""), row.certainty)))
    words = row.substance if kind == "allergy" else f"{row.get_kind_display()}: {row.substance}"
    return facts.Critical(kind, f"{words} ({details})" if details else words)


def _medication(row: Medication) -> facts.Medication:
    strength = _STRENGTH.fullmatch(row.strength.strip())
    name = row.brand or row.generic
    return facts.Medication(
        name=name if strength or not row.strength else f"{name} {row.strength}", atc=Code(row.atc, row.generic) if row.atc else None, generic=row.generic,
        strength=Quantity(strength[1].replace(",", "."), strength[2]) if strength else None,
        dose=", ".join(filter(None, (row.dose, row.frequency, row.route))), purpose=row.indication,
        use=Code("3", "Ved behov") if row.as_needed else Code("1", "Fast"), start=Moment(row.started_on.isoformat()) if row.started_on else None,
        note=row.warning,
    )  # fmt: skip


def _service(row: ServiceDecision) -> facts.Service:
    kind = Code(str(row.service_type_id), row.service_type.name, f"{OID}9151")
    return facts.Service(
        kind, row.service_type.name, False, row.executing_unit.name, row.text, start=Moment(row.starts_at.date().isoformat()),
    )  # fmt: skip


def _relative(row: NextOfKin) -> facts.Relative:
    given, _, family = row.name.rpartition(" ")
    digits = "".join(ch for ch in row.phone if ch.isdigit() or ch == "+")
    reach = (Telecom(f"tel:{digits}", Code("HP", "Hovedtelefon")),) if digits else ()
    relation = _RELATIONS.get(row.relation.lower())
    note = ", ".join(filter(None, ("" if relation else row.relation, "Nærmeste pårørende" if row.nearest else "")))
    return facts.Relative(
        Person(family=family, given=given, telecoms=reach), Code(relation, row.relation.capitalize()) if relation else None, note=note
    )
