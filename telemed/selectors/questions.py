"""Questions to a specialist as pages show them: at the wound, and to the one who is asked."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from access.gate import Gate
from journal.models import Note, Stay, Wound, WoundAssessment
from journal.selectors.attachments import data_url, images_of
from journal.selectors.wound_words import wound_words
from journal.selectors.wounds import area_of, area_text, assessments, lines, measures_text
from telemed.models import SpecialistQuestion
from telemed.selectors.material import may_send

MOST = 8


def questions_of(gate: Gate, row: Stay | Note | Wound) -> dict[str, Any] | None:
    """What has been asked about the wound, newest first, with the answers; and the way to ask."""
    if not isinstance(row, Wound):
        return None
    found = SpecialistQuestion.objects.filter(patient=row.patient_id, origin_id=row.pk).select_related("author", "unit").order_by("-event_at", "-pk")
    asked = [_asked(gate, one) for one in found]
    ask = not row.struck_at and may_send(gate, row)
    if not asked and not ask:
        return None
    return {"template": "telemed/wound_questions.html", "asked": asked, "ask_url": reverse("wound_ask", args=[row.patient_id, row.pk]) if ask else ""}


def _asked(gate: Gate, row: SpecialistQuestion) -> dict[str, Any]:
    open_ = row.answered_at is None and row.closed_at is None and gate.now < row.valid_to
    if row.answered_at:
        state, colour, icon = _("Besvart"), "success", "CheckmarkCircle"
    elif row.closed_at:
        state, colour, icon = _("Trukket tilbake"), "neutral", "XMark"
    elif not open_:
        state, colour, icon = _("Ikke besvart i tide"), "warning", "ExclamationmarkTriangle"
    else:
        state, colour, icon = (_("Åpnet, ikke besvart") if row.opened_at else _("Venter på svar")), "info", "Hourglass"
    return {
        "row": row, "to": " · ".join(filter(None, (row.name, row.organisation))), "state": state, "colour": colour, "icon": icon, "images": len(row.shown),
        "by": f"{row.author.get_full_name()}, {row.unit.name}",
        "close_url": reverse("wound_question_close", args=[row.patient_id, row.pk]) if open_ and row.unit_id == gate.unit_id else "",
    }  # fmt: skip


def showable(gate: Gate, wound: Wound) -> list[dict[str, Any]]:
    """The assessments and images that the acting person may send, newest first: [{id, when, text, images: [{id, small}]}]."""
    seen = assessments(wound.patient_id, wound.pk)[::-1][:MOST]
    images = images_of(wound.patient_id, [one.pk for one in seen])
    found = []
    for one in seen:
        if not may_send(gate, one):
            continue
        area = area_of(one)
        found.append({
            "id": one.pk, "at": one.event_at, "text": " · ".join(filter(None, (measures_text(one), area_text(area) if area is not None else ""))),
            "images": [{"id": image.pk, "small": data_url(image.thumbnail), "at": image.event_at} for image in images.get(one.pk, ()) if may_send(gate, image)],
        })  # fmt: skip
    return found


def chosen(shown: Sequence[dict[str, Any]], wanted: set[str]) -> list[UUID]:
    """Of what may be sent, what was ticked."""
    return [item["id"] for one in shown for item in (one, *one["images"]) if str(item["id"]) in wanted]


def in_words(item: dict[str, Any]) -> dict[str, Any]:
    """A wound or an assessment that is shown to one from outside: heading and [(label, text)] instead of codes."""
    wound = Wound(**{name: item["wound"][name] for name in ("site", "kind", "pressure_category", "description")})
    seen = WoundAssessment(**item["assessment"]) if item.get("assessment") else None
    shown = item | {"heading": wound_words(wound, seen.pressure_category if seen else "")}
    if seen is not None:
        return shown | {"numbers": lines(seen)}
    facts = [
        (_("Siden"), ".".join(reversed(item["wound"]["since"].split("-"))) if item["wound"]["since"] else ""),
        (_("Bakgrunn"), wound.description),
    ]
    return shown | {"numbers": [(label, text) for label, text in facts if text]}
