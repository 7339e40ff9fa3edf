"""Everything since one was here last, for the whole unit and – on the summary – for one patient, readable in two minutes (R9).

One's own work is left out: one knows it. Ten queries whatever the number of patients; each patient is disclosed, and so logged.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from access.domain.codes import Action
from access.gate import Gate, call
from journal.domain.signing import State
from journal.models import Isolation, MedDose, MedOrder, Note, Placement, Stay, StayDecision, Task, VitalSet
from journal.selectors.frame import patients_among
from journal.selectors.medication import order_words
from journal.selectors.timeline import labelled
from lms_epj.core.addresses import path_to
from lms_epj.core.formatting import format_list_name

Narrow = Callable[[QuerySet[Any]], QuerySet[Any]]
WITHOUT_LAST = timedelta(hours=24)
HOURS = (8, 24, 72)
SHORT = 220
# What the next shift needs first: these sections stand before the others in the short text.
FIRST = ("handover", "changed", "assessment", "plan", "advice", "follow_up", "conclusion", "decision")
HAVING_STAYS = ("observation_ward", "nursing_home")
SERVED = ["SERVICE_HEALTH", "TASK"]


@dataclass
class News:
    """What is new about one patient. ``vitals``: {first, last, highest, count} of NEWS2, or None."""

    patient: Any
    stay: Stay | None = None
    notes: list[dict[str, Any]] = field(default_factory=list)
    vitals: dict[str, Any] | None = None
    medicines: list[str] = field(default_factory=list)
    doses: list[str] = field(default_factory=list)
    tasks_done: list[str] = field(default_factory=list)
    tasks_late: list[str] = field(default_factory=list)
    course: list[str] = field(default_factory=list)
    more_notes: int = 0

    @property
    def new(self) -> bool:
        return bool(self.notes or self.medicines or self.doses or self.tasks_done or self.course or (self.vitals and self.vitals["count"]))


def since(gate: Gate, wanted: str) -> tuple[datetime, str]:
    """(from when, the choice it is): «sist», or one of HOURS. Never further back than the longest of them, or two weeks for «sist»."""
    if wanted.isdecimal() and int(wanted) in HOURS:
        return gate.now - timedelta(hours=int(wanted)), wanted
    return call("last_here") or gate.now - WITHOUT_LAST, ""


def brief(found: Iterable[News]) -> list[News]:
    """For a whole ward: of each patient's notes the newest of each profession, and how many there are beside."""
    shown = list(found)
    for one in shown:
        seen: set[str] = set()
        first = [note for note in one.notes if not (note["mark"] in seen or seen.add(note["mark"]))]
        one.more_notes = len(one.notes) - len(first)
        one.notes = first
    return shown


def ward_news(gate: Gate, start: datetime, **reading: Any) -> list[News]:
    """A ward: everyone who lies there, by bed. Other units: those of their patients on whom others have charted, by name."""
    lying = gate.unit["kind"] in HAVING_STAYS
    theirs = call("unit_patients", ["ADMITTED"] if lying else SERVED)
    found = news_of(gate, theirs if lying else call("charted_since", theirs, start), start, **reading)
    return sorted(brief(found), key=lambda one: (one.stay.bed.number if one.stay and one.stay.bed else 999, one.patient.sort_name))


def _all(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows


def news_of(gate: Gate, wanted: Sequence[UUID], start: datetime, *, action: Action = Action.SEARCH, narrow: Narrow = _all) -> list[News]:
    """What is new of each of these patients, as far as this person may see it. For paper: ``action`` PRINT, and ``narrow`` leaves what may be printed."""
    ids = gate.disclose(list(wanted), action) if wanted else []
    found = {patient.pk: News(patient) for patient in patients_among(ids)} if ids else {}
    if found:
        _fill(gate, found, start, narrow)
    return list(found.values())


def news_of_open(gate: Gate, patient: UUID, start: datetime) -> News:
    """What is new of the one whose record the page shows. ``patient`` of it is None: the page knows."""
    found = {patient: News(None)}
    _fill(gate, found, start, _all)
    return found[patient]


def _fill(gate: Gate, found: dict[UUID, News], start: datetime, narrow: Narrow) -> None:
    ids = list(found)
    _stays(gate, found, ids, start, narrow)
    _decided(gate, found, ids, start, narrow)
    _notes(gate, found, ids, start, narrow)
    _vitals(gate, found, ids, start, narrow)
    _medicines(gate, found, ids, start, narrow)
    _tasks(gate, found, ids, start, narrow)


def _stays(gate: Gate, found: dict[UUID, News], ids: Sequence[UUID], start: datetime, narrow: Narrow) -> None:
    for stay in narrow(Stay.objects.filter(patient__in=ids, status__in=Stay.PRESENT)).select_related("bed", "ward"):
        one = found[stay.patient_id]
        one.stay = stay
        if stay.admitted_at and stay.admitted_at >= start:
            one.course.append(_("Innlagt: %(cause)s") % {"cause": stay.cause})
        if stay.discharge_ready_at and stay.discharge_ready_at >= start:
            one.course.append(_("Meldt utskrivningsklar"))
    for moved in (
        narrow(Placement.objects.filter(patient__in=ids, event_at__gte=start, stay__admitted_at__lt=F("event_at")))
        .exclude(author=gate.user_id)
        .select_related("ward", "bed")
        .order_by("event_at")
    ):
        found[moved.patient_id].course.append(
            _("Flyttet til %(place)s") % {"place": _("seng %(bed)s") % {"bed": moved.bed.number} if moved.bed else moved.ward.name}
        )


def _decided(gate: Gate, found: dict[UUID, News], ids: Sequence[UUID], start: datetime, narrow: Narrow) -> None:
    """Stay, hospital or home; and who is isolated, or no longer."""
    for decision in narrow(StayDecision.objects.filter(patient__in=ids, event_at__gte=start).exclude(author=gate.user_id)).order_by("event_at"):
        found[decision.patient_id].course.append(f"{decision.get_outcome_display()}: {decision.reason}")
    isolated = Isolation.objects.filter(Q(event_at__gte=start) | Q(ended_at__gte=start), patient__in=ids).exclude(author=gate.user_id, ended_by=None)
    for row in narrow(isolated).order_by("event_at"):
        words = _("Isolering avsluttet: %(kind)s") if row.ended_at else _("Isolert: %(kind)s")
        found[row.patient_id].course.append(words % {"kind": row.get_kind_display().lower()})


def _notes(gate: Gate, found: dict[UUID, News], ids: Sequence[UUID], start: datetime, narrow: Narrow) -> None:
    new = Q(recorded_at__gte=start) | Q(confirmed_at__gte=start) | Q(signed_at__gte=start) | Q(corrected_at__gte=start)
    notes = Note.objects.filter(new, patient__in=ids, corrects=None).exclude(state=State.DRAFT).exclude(author=gate.user_id)
    for note in narrow(notes).select_related("author", "document_type").order_by("-event_at"):
        found[note.patient_id].notes.append({
            "mark": note.mark, "title": note.title or str(note.document_type or ""), "author": note.author.get_full_name(), "at": note.event_at,
            "text": short(note), "url": path_to("note", note.patient_id, note.pk), "corrected": bool(note.corrected_at and note.corrected_at >= start),
            "unsigned": note.state == State.CONFIRMED,
        })  # fmt: skip


def short(note: Note) -> str:
    """The start of what the next one needs: assessment and plan before the rest."""
    keys = {text: key for key, text in note.content.items()}
    parts = [(label, text.strip()) for label, text in labelled(note) if text.strip()]
    parts.sort(key=lambda part: FIRST.index(keys.get(part[1], "")) if keys.get(part[1], "") in FIRST else len(FIRST))
    text = " ".join(f"{label}: {text}" if len(parts) > 1 else text for label, text in parts).replace("\n", " ")
    return text[:SHORT] + ("…" if len(text) > SHORT else "")


def _vitals(gate: Gate, found: dict[UUID, News], ids: Sequence[UUID], start: datetime, narrow: Narrow) -> None:
    sets: dict[UUID, list[VitalSet]] = defaultdict(list)
    for row in narrow(VitalSet.objects.filter(patient__in=ids, struck_at=None, event_at__gte=start - timedelta(hours=12))).order_by("event_at"):
        sets[row.patient_id].append(row)
    for patient, rows in sets.items():
        scored = [row for row in rows if row.news2_total is not None]
        fresh = [row for row in scored if row.event_at >= start]
        before = next((row for row in reversed(scored) if row.event_at < start), None)
        if fresh:
            highest = max(fresh, key=lambda row: row.news2_total or 0)
            found[patient].vitals = {
                "first": before.news2_total if before else None, "last": fresh[-1].news2_total, "last_at": fresh[-1].event_at, "level": fresh[-1].news2_level,
                "highest": highest.news2_total, "highest_at": highest.event_at, "count": len(fresh),
            }  # fmt: skip


def _medicines(gate: Gate, found: dict[UUID, News], ids: Sequence[UUID], start: datetime, narrow: Narrow) -> None:
    orders = MedOrder.objects.filter(Q(signed_at__gte=start) | Q(stopped_at__gte=start), patient__in=ids).order_by("generic")
    for order in narrow(orders):
        text = f"{order.generic} {order_words(order, gate.now)['dose']}"
        stopped = order.stopped_at is not None and order.stopped_at >= start
        found[order.patient_id].medicines.append((_("Stoppet: %(text)s") if stopped else _("Ny: %(text)s")) % {"text": text})
    doses = MedDose.objects.filter(patient__in=ids, recorded_at__gte=start, struck_at=None).exclude(status="given").order_by("event_at")
    rows = list(narrow(doses))
    names = dict(narrow(MedOrder.objects.filter(pk__in={dose.order_id for dose in rows})).values_list("pk", "generic")) if rows else {}
    for dose in rows:
        why = dose.get_reason_code_display() or dose.reason
        found[dose.patient_id].doses.append(
            f"{names.get(dose.order_id, '')}: {dose.get_status_display().lower()}" + (f", {why.lower()}" if why else "")
        )


def _tasks(gate: Gate, found: dict[UUID, News], ids: Sequence[UUID], start: datetime, narrow: Narrow) -> None:
    tasks = Task.objects.filter(Q(done_at__gte=start) | Q(done_at=None, due_at__lt=gate.now), patient__in=ids, cancelled_at=None).order_by("due_at")
    for task in narrow(tasks.exclude(done_by=gate.user_id, done_at__isnull=False)):
        one = found[task.patient_id]
        (one.tasks_done if task.done_at else one.tasks_late).append(task.title + (f": {task.outcome}" if task.done_at and task.outcome else ""))


def name_of(patient: Any) -> str:
    return format_list_name(patient.family_name, patient.given_name)


def shown(found: Iterable[News]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(those with something new, those without) as the page takes them."""
    rows = [
        {
            "news": one,
            "more_url": path_to("summary", one.patient.pk),
            "name": name_of(one.patient),
            "url": path_to("patient", one.patient.pk),
            "bed": one.stay.bed.number if one.stay and one.stay.bed else None,
        }
        for one in found
    ]
    return [row for row in rows if row["news"].new], [row for row in rows if not row["news"].new]
