"""Looks through what a message holds that can be carried into the record, and carries what is chosen (R7)."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from access.domain.codes import Action, Category
from journal.models import Medication
from journal.selectors.composer import document_types
from journal.selectors.frame import patient_frame
from journal.services.errors import JournalError
from journal.views.common import row_or_404
from lms_epj.core.clock import oslo_date
from messaging.domain.carrying import Medicine, medicines, prose
from messaging.formats.read import read
from messaging.models import Message
from messaging.services.carrying import message_carry


def carry_view(request: HttpRequest, patient: UUID, message: UUID) -> HttpResponse:
    """GET: what can be carried, chosen as far as it is new. POST: it is carried, all or nothing."""
    gate = request.gate
    row: Message = row_or_404(Message, patient, message, direction="in")
    told = read(bytes(row.raw)).message.content
    types = document_types(gate)
    writes = gate.may(Action.WRITE, Category.MEDICATION)
    listed, texts = medicines(told, oslo_date(gate.now)) if writes else [], prose(told) if types else []
    if row.superseded or not (listed or texts):
        raise Http404
    known = list(Medication.objects.filter(patient=patient, stopped_at=None).values("generic", "brand", "atc", "dose"))
    chosen = {"medicine": set(request.POST.getlist("medicine")), "text": set(request.POST.getlist("text"))} if request.method == "POST" else None
    error: JournalError | None = None
    if chosen is not None:
        try:
            draft = message_carry(
                gate=gate, message=row, medicines=[one for place, one in enumerate(listed) if str(place) in chosen["medicine"] and one.is_whole],
                prose=[one for place, one in enumerate(texts) if str(place) in chosen["text"]],
                into=next((one for one in types if one.code == request.POST.get("into")), None),
            )  # fmt: skip
        except JournalError as refused:
            error = refused
        else:
            if draft:
                return HttpResponseRedirect(reverse("note_new", args=[patient]) + f"?template={draft.document_type_id}")
            return HttpResponseRedirect(reverse("patient_message", args=[patient, message]) + "?gjort=overfort")
    context = patient_frame(gate, patient, "patient_messages") | {
        "message": row, "error": error.message if error else "", "back_url": reverse("patient_message", args=[patient, message]),
        "medicines": [_medicine(place, one, known, chosen) for place, one in enumerate(listed)],
        "texts": [{"place": place, "told": one, "kept": str(place) in chosen["text"] if chosen else one.is_plan} for place, one in enumerate(texts)],
        "types": [{"code": one.code, "name": one.name, "chosen": one.code == request.POST.get("into")} for one in types],
    }  # fmt: skip
    return render(request, "messaging/carry.html", context, status=error.status if error else 200)


def _medicine(place: int, one: Medicine, known: list[dict[str, Any]], chosen: dict[str, set[str]] | None) -> dict[str, Any]:
    """What is in the list already is shown with its dose, and not chosen: changing a dose is a decision of its own."""
    there = next((row for row in known if one.is_like(row["generic"], row["atc"]) or (row["brand"] and one.is_like(row["brand"], ""))), None)
    kept = str(place) in chosen["medicine"] if chosen else one.is_whole and there is None
    return {"place": place, "told": one, "there": there, "same": bool(there) and there["dose"] == one.dose, "kept": kept}
