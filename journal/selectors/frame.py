"""What stands around every page about one patient: banner, basis strip and the record's parts (contexts in templatetags/epj.py)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Subquery, UUIDField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.domain.codes import Action, Category
from access.domain.decide import decide_patient
from access.domain.temporary import KIND as TEMPORARY
from access.gate import Gate
from access.models import LegalEntity, Patient, PatientIdentity
from access.selectors import blocks, emergency
from journal import around
from journal.domain.critical_info import CriticalFacts, CriticalState, Statement, critical_state, list_may_be_incomplete
from journal.models import CriticalInfo, CriticalInfoStatus, Isolation, Stay
from journal.selectors.along import along, row_of
from lms_epj.core.addresses import path_to
from lms_epj.core.prepared import Among, Prepared, Slot

# route, label, category that it shows (None: several)
PARTS: Sequence[tuple[str, str, Category | None]] = (
    ("patient", gettext_noop("Oversikt"), None),
    ("stay", gettext_noop("Opphold"), Category.LOGISTICS),
    ("curve", gettext_noop("Kurve"), Category.VITALS),
    ("lab_results", gettext_noop("Prøvesvar"), Category.MEDICAL),
    ("medications", gettext_noop("Legemidler"), Category.MEDICATION),
    ("plan", gettext_noop("Plan"), None),
    ("notes", gettext_noop("Journal"), None),
    ("patient_messages", gettext_noop("Meldinger"), None),
    ("patient_tasks", gettext_noop("Oppgaver"), Category.TASKS),
    ("patient_video", gettext_noop("Video"), Category.LOGISTICS),
    ("critical", gettext_noop("Kritisk info"), Category.CRITICAL),
    ("diagnoses", gettext_noop("Diagnoser"), Category.DIAGNOSIS),
    ("next_of_kin", gettext_noop("Pårørende"), Category.ADMIN),
    ("services", gettext_noop("Tjenester"), Category.CASEWORK),
    ("patient_block_list", gettext_noop("Sperringer"), None),
)
CRITICAL_ICONS = {"anticoagulation": "Raindrop", "infection": "VirusFill", "implant": "Heart", "resuscitation": "Heart"}
IN_CAVE = (CriticalInfo.Kind.ALLERGY, CriticalInfo.Kind.INTOLERANCE)
CAVE_STATES = {
    CriticalState.KNOWN: "known", CriticalState.NONE_KNOWN: "none", CriticalState.NOT_RECORDED: "not_recorded",
    CriticalState.NOT_RETRIEVED: "unavailable",
}  # fmt: skip
NUMBER_LABELS = {
    "DNR": gettext_noop("D-nummer"),
    "HNR": gettext_noop("Hjelpenummer"),
    "FHN": gettext_noop("Felles hjelpenr."),
    "DUF": gettext_noop("DUF-nr."),
    "TMP": gettext_noop("Midlertidig nr."),
}


def patient_frame(gate: Gate, patient_id: UUID, active: str, *, mini: bool = False) -> dict[str, Any]:
    """patient, basis, patient_nav, notices, now – and mini where the page needs the height. Four or five queries.

    ``active``: the route of the part that is shown.
    """
    (patient,) = _THIS_PATIENT.rows(patients=[patient_id])
    stay = open_stay(patient_id)
    return {
        "patient": banner(gate, patient, stay),
        "basis": basis(gate, patient_id),
        "patient_nav": patient_nav(gate, patient_id, active),
        "notices": [*_unknown(gate, patient), *around.notices(gate, patient_id, stay)],
        "print_url": path_to("print", patient_id) if gate.may(Action.PRINT, None) else "",
        "now": gate.now,
        "mini": mini,
        "hidden": {"patient": patient_id, "actor": gate.user_id},
    }


def _unknown(gate: Gate, patient: Any) -> list[dict[str, Any]]:
    """A line above every page of one whose own number nobody knows yet."""
    if patient.number_kind != TEMPORARY:
        return []
    may = gate.known is not None and decide_patient(gate.known, Action.WRITE, None).allow
    return [{"template": "journal/unknown_notice.html", "url": path_to("patient_identity", patient.pk), "may": may}]


def patients_with_number() -> Any:
    """Patients with the identity number that counts now and the name of their municipality, in one query."""
    number = PatientIdentity.objects.filter(patient=OuterRef("pk"), valid_to__isnull=True).order_by(F("valid_from").desc(nulls_last=True))
    municipality = LegalEntity.objects.filter(
        municipality_number=OuterRef("municipality_number"), kind=LegalEntity.Kind.MUNICIPALITY, valid_to__isnull=True
    ).exclude(municipality_number="")
    return Patient.objects.annotate(
        number=Subquery(number.values("value")[:1]),
        number_kind=Subquery(number.values("kind")[:1]),
        municipality=Subquery(municipality.values("name")[:1]),
    )


def patients_among(ids: Sequence[UUID]) -> list[Any]:
    """Those of ``ids`` that are disclosed, with number and municipality."""
    return _PATIENTS.rows(patients=list(ids))


def open_stay(patient_id: UUID) -> Stay | None:
    """The stay that is expected or under way."""
    return _OPEN_STAY.first(patient=patient_id)


_THE_PATIENT = Slot("patient", UUIDField())
_RUNNING = Isolation.objects.filter(patient=OuterRef("pk"), ended_at__isnull=True).order_by("-event_at")
_THIS_PATIENT = Prepared(
    lambda: patients_with_number().annotate(isolation=along(_RUNNING, "kind", "reason")).filter(Among(F("pk"), Slot("patients", UUIDField())))
)
_PATIENTS = Prepared(lambda: patients_with_number().filter(Among(F("pk"), Slot("patients", UUIDField()))))
_OPEN_STAY = Prepared(
    lambda: Stay.objects.filter(patient=_THE_PATIENT, status__in=[Stay.Status.EXPECTED, *Stay.PRESENT]).select_related("bed", "ward")[:1]
)
_CRITICAL = Prepared(lambda: CriticalInfo.objects.filter(patient=_THE_PATIENT, ended_at__isnull=True).order_by("-event_at"))
_STATEMENT = Prepared(lambda: CriticalInfoStatus.objects.filter(patient=_THE_PATIENT).order_by("-event_at")[:1])


def banner(gate: Gate, patient: Any, stay: Stay | None) -> dict[str, Any]:
    """The banner's ``patient``. A protected address is said to be so and is never shown."""
    cave, critical = critical_facts(gate, patient.pk)
    present = stay is not None and stay.status in Stay.PRESENT
    return {
        "id": patient.pk, "family_name": patient.family_name, "given_name": patient.given_name, "birth_date": patient.birth_date,
        "sex": patient.sex, "number": patient.number, "number_label": _(NUMBER_LABELS[patient.number_kind]) if patient.number_kind in NUMBER_LABELS else "",
        "bed": stay.bed.number if present and stay.bed else None, "place": _place(stay), "deceased_at": patient.deceased_at,
        "protected_address": patient.protected_address, "cave": cave, "critical": critical, "isolated": row_of(Isolation, patient.isolation),
        "municipality": (patient.municipality or "").removesuffix(" kommune"),
        "admitted_at": stay.admitted_at if present else None, "gp": patient.general_practitioner,
    }  # fmt: skip


def _place(stay: Stay | None) -> str:
    if stay is None:
        return ""
    return stay.ward.name if stay.status in Stay.PRESENT else _("Ventes inn: %(ward)s") % {"ward": stay.ward.name}


def critical_facts(gate: Gate, patient_id: UUID) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """(cave, other critical information). Who may not read the category is told that it could not be fetched, never «none»."""
    readable = gate.may(Action.READ, Category.CRITICAL)
    rows = _CRITICAL.rows(patient=patient_id) if readable else []
    cave_rows = [row for row in rows if row.kind in IN_CAVE]
    asks = readable and not cave_rows  # what is known is shown as known, whatever was once stated
    statement = _STATEMENT.first(patient=patient_id) if asks else None
    stated = Statement.NONE_KNOWN if statement and statement.none_known else None
    facts = CriticalFacts(len(cave_rows), stated, readable)
    cave = {
        "state": CAVE_STATES[critical_state(facts)],
        "items": [{"substance": row.substance, "reaction": row.reaction, "year": row.year} for row in cave_rows],
        "hidden": list_may_be_incomplete(facts),
    }
    others = [
        {"icon": CRITICAL_ICONS.get(row.kind, "ExclamationmarkTriangle"), "text": f"{row.get_kind_display()}: {row.substance}"}
        for row in rows
        if row.kind not in IN_CAVE
    ]
    return cave, others


def basis(gate: Gate, patient_id: UUID) -> dict[str, Any]:
    """Why the record is open, that something is blocked for this reader (nothing more), and emergency access with its end."""
    words: dict[str, Any] = {"text": gate.basis.removeprefix(f"{_('Tilgang:')} "), "blocked": bool(gate.decision and gate.decision.blocked)}
    if words["blocked"]:
        words["blocked_help_url"] = path_to("blocked", patient_id)
    running, opened = emergency.active(gate, patient_id), blocks.opened(gate, patient_id)
    if opened:
        words["opened"] = opened | {"close_url": path_to("blocked_close", patient_id), "patient_id": patient_id, "actor_id": gate.user_id}
    return words | ({"emergency": running} if running else {})


def patient_nav(gate: Gate, patient_id: UUID, active: str) -> list[dict[str, Any]]:
    """The parts of the record that this reader may open."""
    return [
        {"label": _(label), "url": path_to(_first_page(gate, route), patient_id), "active": route == active}
        for route, label, category in PARTS
        if (category is None or gate.may(Action.READ, category)) and (route != "patient_block_list" or gate.role["may_chart"])
    ]


def _first_page(gate: Gate, route: str) -> str:
    """Where there are beds, what is given today is what one looks for; elsewhere the list of medicines in use."""
    return "med_sheet" if route == "medications" and gate.unit["kind"] in ("observation_ward", "nursing_home") else route
