"""Words looked for in the record outside the notes: diagnoses, medicines, the plan, tasks, decisions, what came in messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, TextField, Value
from django.db.models.functions import Concat, Lower
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from journal import around
from journal.domain.searching import excerpt
from journal.models import (
    CriticalInfo,
    Diagnosis,
    Entry,
    Isolation,
    Medication,
    MedOrder,
    PlanAction,
    PlanEvaluation,
    PlanProblem,
    ServiceDecision,
    Stay,
    StayDecision,
    Task,
)
from lms_epj.core.addresses import path_to

HITS = 8


@dataclass(frozen=True)
class Place:
    """Rows of one kind: which texts of them are read, and the page that shows them."""

    title: str
    model: type[Entry]
    texts: tuple[str, ...]
    route: str


PLACES = (
    Place(gettext_noop("Diagnoser"), Diagnosis, ("text", "icpc2", "icd10"), "diagnoses"),
    Place(gettext_noop("Kritisk informasjon"), CriticalInfo, ("substance", "reaction"), "critical"),
    Place(gettext_noop("Legemidler"), Medication, ("generic", "brand", "indication"), "medications"),
    Place(gettext_noop("Forordninger"), MedOrder, ("generic", "brand", "indication", "stop_reason"), "med_history"),
    Place(gettext_noop("Tiltaksplan"), PlanProblem, ("problem", "goal"), "plan"),
    Place(gettext_noop("Tiltak"), PlanAction, ("text", "end_reason"), "plan"),
    Place(gettext_noop("Evalueringer"), PlanEvaluation, ("text",), "plan"),
    Place(gettext_noop("Oppgaver"), Task, ("title", "outcome"), "patient_tasks"),
    Place(gettext_noop("Opphold"), Stay, ("cause", "referrer", "destination"), "stay"),
    Place(gettext_noop("Avgjørelser"), StayDecision, ("reason",), "stay"),
    Place(gettext_noop("Isolering"), Isolation, ("reason",), "stay"),
    Place(gettext_noop("Vedtak"), ServiceDecision, ("text",), "services"),
)


def found(patient: UUID, stems: Sequence[str]) -> list[dict[str, Any]]:
    """[{title, rows: [{at, pieces, url}], more_url}], without places where nothing is found. One query a place, under row security."""
    groups = [group for place in PLACES if (group := _in_place(place, patient, stems))]
    return groups + around.found(patient, stems)


def _in_place(place: Place, patient: UUID, stems: Sequence[str]) -> dict[str, Any] | None:
    joined = [part for name in place.texts for part in (F(name), Value(" "))]
    rows = place.model._default_manager.filter(patient=patient).alias(words=Lower(Concat(*joined, output_field=TextField())))
    for stem in stems:
        rows = rows.filter(words__contains=stem)
    hits = list(rows.order_by("-event_at", "-pk")[: HITS + 1])
    if not hits:
        return None
    url = path_to(place.route, patient)
    shown = [{"at": row.event_at, "pieces": excerpt(_text(place, row), stems, before=40, after=160), "url": url} for row in hits[:HITS]]
    return {"title": _(place.title), "rows": shown, "more_url": url if len(hits) > HITS else ""}


def _text(place: Place, row: Entry) -> str:
    return " · ".join(text for name in place.texts if (text := getattr(row, name)))
