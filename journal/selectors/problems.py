"""The record problem by problem: what each diagnosis and each problem of the care plan has with it. Only links that somebody has made are shown."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.db.models import UUIDField
from django.utils.translation import gettext as _

from journal.models import Diagnosis, Note, PlanAction, PlanEvaluation, PlanProblem
from journal.selectors.plan import in_words
from journal.selectors.shift_report import short
from lms_epj.core.addresses import path_to
from lms_epj.core.prepared import Prepared, Slot

NOTES = 5
_PATIENT = Slot("patient", UUIDField())
PROBLEMS = Prepared(lambda: PlanProblem.objects.filter(patient=_PATIENT, ended_at=None).order_by("event_at", "id"))
DIAGNOSES = Prepared(lambda: Diagnosis.objects.filter(patient=_PATIENT, active=True).order_by("-main", "-event_at"))


def problems_of(patient: UUID) -> list[tuple[UUID, str]]:
    """(id, words) of what a note may be said to be about: open problems of the plan, then active diagnoses, as far as this person sees them."""
    return [(row.pk, row.problem) for row in PROBLEMS.rows(patient=patient)] + [(row.pk, _with_code(row)) for row in DIAGNOSES.rows(patient=patient)]


def problem_view(patient: UUID) -> dict[str, list[dict[str, Any]]]:
    """{open, ended}: each {id, words, kind, since, by, goal?, actions, told, notes, more_notes, search_words}. Five queries."""
    notes: dict[UUID, list[Note]] = defaultdict(list)
    about = Note.objects.filter(patient=patient, problem_id__isnull=False, corrects=None).exclude(state=Note.State.DRAFT)
    for note in about.select_related("author", "document_type").order_by("-event_at", "-pk")[:200]:
        notes[note.problem_id].append(note)
    actions: dict[UUID, list[PlanAction]] = defaultdict(list)
    for action in PlanAction.objects.filter(patient=patient, ended_at=None).select_related("for_unit").order_by("event_at", "id"):
        actions[action.origin_id].append(action)
    told: dict[UUID, PlanEvaluation] = {}
    for one in PlanEvaluation.objects.filter(patient=patient, kind__in=PlanEvaluation.ASSESSED).select_related("author").order_by("event_at", "id"):
        told[one.origin_id] = one
    planned = [
        _shown(row.pk, row.problem, _("Tiltaksplan"), row, notes, ended=row.ended_at is not None)
        | {"goal": row.goal, "goal_by": row.goal_by, "outcome": row.get_outcome_display() if row.ended_at else "", "told": told.get(row.pk),
           "actions": [{"text": one.text, "for": one.for_unit.name, "when": in_words(one)} for one in actions[row.pk]], "url": path_to("plan", patient)}
        for row in PlanProblem.objects.filter(patient=patient).select_related("author", "unit").order_by("event_at", "id")
    ]  # fmt: skip
    diagnoses = [
        _shown(row.pk, _with_code(row), _("Hoveddiagnose") if row.main else _("Diagnose"), row, notes, ended=not row.active)
        | {"url": path_to("diagnoses", patient), "words_of": row.text}
        for row in Diagnosis.objects.filter(patient=patient).select_related("author", "unit").order_by("-main", "-event_at")
    ]
    # What the plan works with first; then diagnoses, those that have something with them before those that stand alone.
    shown = planned + sorted(diagnoses, key=lambda one: not one["notes"])
    return {"open": [one for one in shown if not one["ended"]], "ended": [one for one in shown if one["ended"]]}


def _shown(key: UUID, words: str, kind: str, row: Diagnosis | PlanProblem, notes: dict[UUID, list[Note]], *, ended: bool) -> dict[str, Any]:
    """What both kinds have. ``words_of``: what a search for it begins from."""
    mine = notes[key]
    return {
        "id": key, "words": words, "words_of": words, "kind": kind, "since": row.event_at, "by": f"{row.author.get_full_name()}, {row.unit.name}", "ended": ended,
        "notes": [
            {"mark": note.mark, "title": note.title or str(note.document_type or ""), "author": note.author.get_full_name(), "at": note.event_at,
             "text": short(note), "url": path_to("note", note.patient_id, note.pk)}
            for note in mine[:NOTES]
        ],
        "more": max(0, len(mine) - NOTES), "actions": [], "told": None, "goal": "",
    }  # fmt: skip


def _with_code(row: Diagnosis) -> str:
    codes = ", ".join(code for code in (row.icpc2, row.icd10) if code)
    return f"{row.text} ({codes})" if codes else row.text
