"""The patient's overview: latest measurements, what is due, the course over all professions, and the place to write."""

from typing import Any
from uuid import UUID

from django.db.models import UUIDField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.domain.codes import Action, Category
from access.gate import Gate
from journal.models import ActionLevels, Task, VitalSet
from journal.selectors import composer as composing
from journal.selectors import timeline, vitals
from journal.selectors.frame import patient_frame
from journal.selectors.looked import last_look
from journal.services.action_levels import levels_of
from journal.views.common import messages
from lms_epj.core.prepared import Prepared, Slot


def patient_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    return render(request, "journal/patient.html", overview(request, patient))


def overview(request: HttpRequest, patient: UUID, **refused: Any) -> dict[str, Any]:
    """``refused``: what of a posted note could not be signed (typed, errors, message), shown in the composer again."""
    gate: Gate = request.gate
    mark = request.GET.get("fag", "")
    sets = vitals.newest_sets(patient)
    types, drafts = composing.document_types(gate), composing.own_drafts(gate, patient) if gate.role["may_chart"] else []
    wanted = refused.pop("document_type", None) or request.GET.get("template", "")
    chosen = composing.choose(types, drafts, wanted)
    draft = next((row for row in drafts if chosen and row.document_type_id == chosen.code), None)
    notes, older = timeline.notes_page(patient, timeline.Filter(mark=mark), request.GET.get("for", ""), leave_out=draft.pk if draft else None)
    measures = gate.may(Action.WRITE, Category.VITALS)
    tasks, more = due(gate, patient, sets[0] if sets else None)
    looked = last_look(patient)
    here = reverse("patient", args=[patient])
    return {
        **patient_frame(gate, patient, "patient"), "news": vitals.news(sets), "vitals": vitals.strip(sets),
        "tasks": tasks, "more_tasks": more, "tasks_url": reverse("patient_tasks", args=[patient]),
        "days": timeline.days(gate, notes, looked=looked), "looked": looked, "new": sum(timeline.is_new(note, looked, gate.user_id) for note in notes),
        "shows": shows(patient, "patient"), "all_url": reverse("notes", args=[patient]), "chips": timeline.chips(here, timeline.facets(patient), mark),
        "older_url": f"{here}?{f'fag={mark}&' if mark else ''}for={older}" if older else "",
        "composer": composing.composer(gate, patient, chosen, types, draft, vitals=vitals.in_words(sets[0] if sets else None), **refused) if chosen else None,
        "write_url": reverse("note_new", args=[patient]) + (f"?template={chosen.code}" if draft and chosen else "") if chosen else None,
        "measure_url": reverse("vitals_new", args=[patient]) if measures else None, "messages": messages(request, patient),
    }  # fmt: skip


def shows(patient: UUID, active: str) -> list[dict[str, Any]]:
    """The three ways to read a patient as a whole: [{label, url, active}]."""
    views = (("patient", _("Forløpet")), ("summary", _("På ett minutt")), ("problems", _("Problem for problem")))
    return [{"label": label, "url": reverse(route, args=[patient]), "active": route == active} for route, label in views]


_OPEN_TASKS = Prepared(
    lambda: Task.objects.filter(patient=Slot("patient", UUIDField()), done_at__isnull=True, cancelled_at__isnull=True).order_by("due_at")[:20]
)


def due(gate: Gate, patient: UUID, latest: Any) -> tuple[list[dict[str, Any]], int]:
    """(the two next things to do, how many more): the next NEWS2 and the open tasks, in the order they fall due."""
    rows = _OPEN_TASKS.rows(patient=patient)
    items = [{"due_at": row.due_at, "text": row.title, "action": None} for row in rows]
    if latest is not None and latest.next_due_at:
        action = {"label": _("Registrer målinger"), "url": reverse("vitals_new", args=[patient]), "icon": "Vitals"}
        items.append(
            {"due_at": latest.next_due_at, "text": _measure_text(gate, latest), "action": action if gate.may(Action.WRITE, Category.VITALS) else None}
        )
    items.sort(key=lambda item: item["due_at"])
    for item in items:
        item["state"] = "overdue" if item["due_at"] < gate.now else "planned"
    return items[:2], max(0, len(items) - 2)


def _measure_text(gate: Gate, latest: VitalSet) -> str:
    """«Ny NEWS2», and what the unit has decided is done at the level that the newest set gave."""
    level = vitals.level_of(latest)
    said = levels_of(gate.unit_id).actions.get(level, "") if level in ActionLevels.ACTED_ON else ""
    return f"{_('Ny NEWS2')}. {_(said)}" if said else _("Ny NEWS2")
