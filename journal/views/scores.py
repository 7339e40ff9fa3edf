"""Scores: what stands of each, and one at a time answered."""

from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.domain.codes import Action, Category
from journal.domain.moments import write_moment
from journal.domain.observations import Kind
from journal.domain.scores import SCORES, Score
from journal.models import Observation
from journal.selectors.frame import patient_frame
from journal.services.errors import JournalError
from journal.services.observations import Observed, observations_record
from journal.views.common import after, messages
from journal.views.typed import Typed

NEWEST = 5


def scores_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    """Each score with its newest sums, and a way to score again."""
    gate = request.gate
    rows: dict[str, list[Observation]] = defaultdict(list)
    for row in Observation.objects.filter(patient=patient, kind=Kind.SCORE).select_related("author", "struck_by").order_by("-event_at", "-pk")[:200]:
        rows[row.code].append(row)
    writes = gate.may(Action.WRITE, Category.VITALS)
    shown = [_told(score, rows[key], reverse("score_new", args=[patient, key]) if writes else "") for key, score in SCORES.items()]
    context = patient_frame(gate, patient, "curve", mini=True) | {"scores": shown, "messages": messages(request, patient), "strike_route": writes}
    return render(request, "journal/scores.html", context)


def new_view(request: HttpRequest, patient: UUID, score: str) -> HttpResponse:
    """Every question must be answered: what is missing is told, and the answers stand."""
    chosen = SCORES.get(score)
    if chosen is None:
        raise Http404
    typed = Typed(request, {"event_at": write_moment(request.gate.now, request.gate.now)})
    at = typed.moment("event_at")
    answers = {item.key: int(typed.text(item.key)) for item in chosen.items if typed.text(item.key).isdigit() and len(typed.text(item.key)) < 3}
    if typed.posted:
        typed.errors |= {
            item.key: _("Velg et svar.") for item in chosen.items if answers.get(item.key) not in {points for points, _w in item.options}
        }
    if typed.ready and at and _stored(request, patient, typed, chosen, answers, at):
        return after("scores", patient, "malt")
    context = patient_frame(request.gate, patient, "curve", mini=True) | {
        "score": chosen, "items": [_item(item, answers, typed) for item in chosen.items], "at": typed.field("event_at", _("Skåret")), "limits": chosen.limits,
        "comment": typed.field("comment", _("Merknad"), rows=2, maxlength=500), "errors": typed.error_list(), "close_url": reverse("scores", args=[patient]),
    }  # fmt: skip
    return render(request, "journal/score_new.html", context, status=typed.status)


def _stored(request: HttpRequest, patient: UUID, typed: Typed, score: Score, answers: dict[str, int], at: datetime) -> bool:
    one = Observed(Kind.SCORE, Decimal(score.total(answers)), score.key, answers, typed.text("comment").strip()[:500])
    try:
        observations_record(gate=request.gate, patient=patient, observed=[one], taken_at=at)
    except JournalError as error:
        typed.refuse(error)
        return False
    return True


def _item(item: Any, answers: dict[str, int], typed: Typed) -> dict[str, Any]:
    options = [{"points": points, "label": _(label), "chosen": answers.get(item.key) == points} for points, label in item.options]
    return {"key": item.key, "label": _(item.label), "options": options, "error": typed.errors.get(item.key, "")}


def _told(score: Score, rows: list[Observation], new_url: str) -> dict[str, Any]:
    lowest, most = score.limits
    sums = [{"row": row, "total": int(row.value or 0), "band": score.band(int(row.value or 0))} for row in rows]
    counting = [one for one in sums if one["row"].struck_at is None]
    return {
        "name": score.name, "about": _(score.about), "limits": f"{lowest}–{most}", "latest": counting[0] if counting else None,
        "rows": [one | {"label": _(one["band"].label)} for one in sums[:NEWEST]], "more": len(sums) - NEWEST, "new_url": new_url,
    }  # fmt: skip
