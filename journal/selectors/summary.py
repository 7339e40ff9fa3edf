"""The patient in one minute (R19): what one who has not met the patient needs, on one page, before arrival too.

Each part shows what row security lets this person see. A category that the role does not read is named at the foot: it is not «none».
A fixed number of questions, however long the record is.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import UUIDField
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from access.domain.codes import Action, Category
from access.gate import Gate
from journal import around
from journal.domain.doses import State as DoseState
from journal.models import CriticalInfo, Medication, MedOrder, NextOfKin, Note, ServiceDecision, Stay, StayDecision, Task
from journal.selectors import timeline, vitals
from journal.selectors.medication import Sheet, newest_reconciliation, order_words, reconciled_text
from journal.selectors.problems import DIAGNOSES, PROBLEMS
from journal.selectors.shift_report import news_of_open, short
from journal.selectors.stay import newest_stay
from lms_epj.core.addresses import path_to
from lms_epj.core.clock import oslo_date
from lms_epj.core.prepared import Prepared, Slot

SOON = timedelta(hours=12)
MOST_WAITING, MOST_FRESH = 8, 6
# Older notes than the newest so many are not asked for the newest of their profession: a record of many years would be slower for it.
AMONG = 500
PARTS: dict[Category, str] = {
    Category.DIAGNOSIS: gettext_noop("diagnoser"), Category.MEDICATION: gettext_noop("legemidler"), Category.VITALS: gettext_noop("målinger"),
    Category.CRITICAL: gettext_noop("kritisk informasjon"), Category.LOGISTICS: gettext_noop("opphold"), Category.ADMIN: gettext_noop("pårørende"),
    Category.CASEWORK: gettext_noop("kommunale tjenester"), Category.TASKS: gettext_noop("oppgaver"), Category.NURSING: gettext_noop("sykepleie"),
    Category.MEDICAL: gettext_noop("legenotater"), Category.THERAPY: gettext_noop("fysio- og ergoterapi"),
}  # fmt: skip

_PATIENT = Slot("patient", UUIDField())
_CRITICAL = Prepared(lambda: CriticalInfo.objects.filter(patient=_PATIENT, ended_at=None).order_by("kind", "substance"))
_LISTED = Prepared(lambda: Medication.objects.filter(patient=_PATIENT, stopped_at=None).order_by("as_needed", "generic", "pk"))
_KIN = Prepared(lambda: NextOfKin.objects.filter(patient=_PATIENT, ended_at=None).order_by("-nearest", "name"))
_SERVICES = Prepared(
    lambda: (
        ServiceDecision.objects.filter(patient=_PATIENT).select_related("service_type", "executing_unit", "primary_contact").order_by("-starts_at")
    )
)
_TASKS = Prepared(lambda: Task.objects.filter(patient=_PATIENT, done_at=None, cancelled_at=None).select_related("for_unit").order_by("due_at")[:40])
_DECISION = Prepared(lambda: StayDecision.objects.filter(stay=Slot("stay", UUIDField())).select_related("author").order_by("-event_at", "-id")[:1])
_NEWEST_OF_EACH = """
SELECT DISTINCT ON (x.mark) x.id FROM (
    SELECT n.id, n.mark, n.event_at FROM journal_note n WHERE n.patient_id = %s AND n.corrects_id IS NULL AND n.state <> 'DRAFT'
    ORDER BY n.event_at DESC, n.id DESC LIMIT %s) x
ORDER BY x.mark, x.event_at DESC, x.id DESC
"""


def summary(gate: Gate, patient: UUID, start: datetime) -> dict[str, Any]:
    """What summary_body.html shows. ``start``: since when what is new is told."""
    sets = vitals.newest_sets(patient, 10)
    stay = newest_stay(patient)
    present = stay is not None and stay.status in Stay.PRESENT
    medicines, late = treatment(gate, patient, present)
    professions, fresh = latest_notes(gate, patient, start), news_of_open(gate, patient, start)
    told = {note["url"] for note in professions}
    fresh.notes, fresh.more_notes = fresh.notes[:MOST_FRESH], max(0, len(fresh.notes) - MOST_FRESH)
    for note in fresh.notes:  # what a note says stands once on the page
        note["text"] = "" if note["url"] in told else note["text"]
    return {
        "news": vitals.news(sets), "vitals": vitals.strip(sets), "stay": stay_words(gate, stay) if stay else None,
        "diagnoses": DIAGNOSES.rows(patient=patient), "problems": PROBLEMS.rows(patient=patient), "critical": _CRITICAL.rows(patient=patient),
        "medicines": medicines, "services": services(gate, patient), "contacts": contacts(stay, present, _KIN.rows(patient=patient)),
        "professions": professions, "fresh": fresh, "start": start,
        "waiting": waiting(gate, patient, sets[0] if sets else None, late, medicines), "unread": [_(name) for code, name in PARTS.items() if not gate.may(Action.READ, code)],
    }  # fmt: skip


def decision_of(stay: UUID) -> StayDecision | None:
    """What was decided last: stay, hospital or home."""
    return _DECISION.first(stay=stay)


def stay_words(gate: Gate, stay: Stay) -> dict[str, Any]:
    """Where the patient is and why, for how long, and what is decided."""
    day = (oslo_date(gate.now) - oslo_date(stay.admitted_at)).days + 1 if stay.admitted_at and stay.status in Stay.PRESENT else None
    return {
        "row": stay, "status": stay.get_status_display(), "state": stay.status, "day": day, "present": stay.status in Stay.PRESENT,
        "decision": decision_of(stay.pk), "url": path_to("stay", stay.patient_id),
    }  # fmt: skip


def treatment(gate: Gate, patient: UUID, present: bool) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(medicines now as [{title, rows, remark}], doses that are late). On the ward what is ordered there, else what the patient uses."""
    listed = _LISTED.rows(patient=patient)
    sheet = Sheet([patient], gate.now - SOON, gate.now, gate.now) if present else None
    orders = [one for one in sheet.orders if one.stopped_at is None] if sheet else []
    carried = {one.medication_id for one in orders}
    groups = []
    if orders:
        groups.append({"title": _("Forordnet på posten"), "rows": [_ordered(one, gate.now) for one in orders], "remark": _reconciled(gate, patient)})
    beside = [row for row in listed if row.pk not in carried]
    if beside:
        title = _("Brukes fra før, ikke forordnet her") if orders else _("Bruker")
        groups.append({"title": title, "rows": [_used(row) for row in beside], "remark": "" if orders else _reconciled(gate, patient)})
    late = [
        {"due_at": slot["due_at"], "text": one.generic}
        for one in orders if sheet and one.signed_at and one.kind != MedOrder.Kind.AS_NEEDED
        for slot in sheet.planned(one) if slot["state"] == DoseState.LATE
    ]  # fmt: skip
    return groups, late


def _reconciled(gate: Gate, patient: UUID) -> str:
    return reconciled_text(newest_reconciliation(patient), gate.now)


def _ordered(one: MedOrder, now: datetime) -> dict[str, Any]:
    words = order_words(one, now)
    text = ", ".join(filter(None, (one.route, words["rhythm"], words["course"])))
    return {"generic": one.generic, "brand": one.brand, "dose": words["dose"], "text": text, "unsigned": one.signed_at is None, "warning": ""}


def _used(row: Medication) -> dict[str, Any]:
    return {
        "generic": row.generic, "brand": row.brand, "dose": row.dose, "text": ", ".join(filter(None, (row.route, row.frequency))), "unsigned": False,
        "warning": row.warning,
    }  # fmt: skip


def services(gate: Gate, patient: UUID) -> list[ServiceDecision]:
    """The municipal services that run now."""
    return [row for row in _SERVICES.rows(patient=patient) if row.ends_at is None or row.ends_at > gate.now]


def contacts(stay: Stay | None, present: bool, kin: Iterable[NextOfKin]) -> dict[str, Any]:
    """Who is called: next of kin, and who is responsible on the ward. The general practitioner stands in the banner's patient."""
    return {
        "kin": list(kin),
        "nurse": stay.responsible_nurse if stay and present else None,
        "doctor": stay.responsible_doctor if stay and present else None,
    }


def latest_notes(gate: Gate, patient: UUID, start: datetime) -> list[dict[str, Any]]:
    """The newest note of each profession, its conclusion before the rest."""
    newest = RawSQL(_NEWEST_OF_EACH, [patient, AMONG])  # noqa: S611
    notes = Note.objects.filter(pk__in=newest).select_related("author", "document_type", "unit").order_by("-event_at", "-pk")
    return [
        {"mark": note.mark, "title": note.title or str(note.document_type or ""), "author": note.author.get_full_name(), "unit": note.unit.name,
         "at": note.event_at, "text": short(note), "url": path_to("note", patient, note.pk), "new": timeline.is_new(note, start, gate.user_id)}
        for note in notes
    ]  # fmt: skip


def waiting(gate: Gate, patient: UUID, latest: Any, late: list[dict[str, Any]], medicines: list[dict[str, Any]]) -> dict[str, Any]:
    """{rows: [{text, due_at?, state, url}], more}: what is late or due soon, and what nobody has looked at."""
    tasks = path_to("patient_tasks", patient)
    rows = [
        {"due_at": task.due_at, "text": task.title, "unit": task.for_unit.name if task.for_unit_id not in (None, gate.unit_id) else "", "url": tasks}
        for task in _TASKS.rows(patient=patient)
    ]
    if latest is not None and latest.next_due_at:
        rows.append({"due_at": latest.next_due_at, "text": _("Ny NEWS2"), "url": path_to("curve", patient)})
    rows += [
        {"due_at": one["due_at"], "text": _("%(medicine)s er ikke gitt") % {"medicine": one["text"]}, "url": path_to("med_sheet", patient)}
        for one in late
    ]
    rows.sort(key=lambda row: row["due_at"])
    for row in rows:
        row["state"] = "overdue" if row["due_at"] < gate.now else "planned"
    near = [row for row in rows if row["due_at"] < gate.now + SOON]
    unsigned = sum(one["unsigned"] for group in medicines for one in group["rows"])
    words = ngettext("%(count)s forordning venter på lege", "%(count)s forordninger venter på lege", unsigned) % {"count": unsigned}
    undated = [{"text": words, "url": path_to("med_sheet", patient)}] if unsigned else []
    undated += around.waiting(gate, patient)
    shown = near[:MOST_WAITING]
    return {"rows": undated + shown, "more": len(rows) - len(shown), "more_url": tasks}
