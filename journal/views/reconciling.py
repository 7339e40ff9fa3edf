"""Reconciling: the home list at admission, and what goes home at discharge."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.domain.codes import Action, Category
from journal.models import Medication, MedReconciliation
from journal.selectors.frame import patient_frame
from journal.selectors.medication import SOURCES, newest_reconciliation, order_words, reconciled_text
from journal.services.errors import JournalError
from journal.services.med_orders import signs_orders
from journal.services.reconciliation import CONTINUE, END, HOME, PAUSE, STOP, carry_home, on_the_list, reconcile, running_orders
from journal.views.common import after, is_uuid, messages

CHOICES = {CONTINUE: gettext_noop("Fortsetter"), PAUSE: gettext_noop("Pauses"), STOP: gettext_noop("Sluttes")}
AT_HOME = {HOME: gettext_noop("Fortsetter hjemme"), END: gettext_noop("Slutter")}


def reconcile_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    """Each medicine in use: goes on, pauses, stops; against which sources."""
    gate, error, by_hand = request.gate, None, []
    if request.method == "POST":
        decisions = {UUID(key[4:]): value for key, value in request.POST.items() if key.startswith("med.") and is_uuid(key[4:]) and value in CHOICES}
        sources = [code for code in request.POST.getlist("sources") if code in SOURCES]
        occasion = request.POST.get("occasion", "")
        occasion = (
            occasion
            if occasion in (MedReconciliation.Occasion.ADMISSION, MedReconciliation.Occasion.UNDERWAY)
            else MedReconciliation.Occasion.UNDERWAY
        )
        try:
            _row, by_hand = reconcile(
                gate=gate, patient=patient, occasion=occasion, sources=sources, decisions=decisions, comment=request.POST.get("comment", "")[:500]
            )
        except JournalError as refused:
            error = refused
        else:
            here = reverse("med_reconcile", args=[patient])
            return HttpResponseRedirect(f"{here}?haand=1") if by_hand else after("med_sheet", patient, "samstemt")
    rows = list(Medication.objects.filter(patient_id=patient, stopped_at__isnull=True).order_by("generic", "pk"))
    latest = newest_reconciliation(patient)
    chosen = {row.pk: request.POST.get(f"med.{row.pk}", latest.decisions.get(str(row.pk), "") if latest else "") for row in rows}
    context = _context(request, patient, error) | {
        "rows": [{"row": row, "choices": _choices(CHOICES, chosen[row.pk])} for row in rows], "reconciled": reconciled_text(latest, gate.now),
        "sources": [{"value": code, "label": _(label), "checked": code in request.POST.getlist("sources")} for code, label in SOURCES.items()],
        "by_hand": request.GET.get("haand") == "1", "first": latest is None,
    }  # fmt: skip
    return render(request, "journal/med_reconcile.html", context, status=error.status if error else 200)


def carry_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    """What goes on at home: each running order, before the patient is discharged."""
    gate, error = request.gate, None
    if request.method == "POST":
        choices = {UUID(key[4:]): value for key, value in request.POST.items() if key.startswith("med.") and is_uuid(key[4:])}
        try:
            carry_home(gate=gate, patient=patient, orders=choices, comment=request.POST.get("comment", "")[:500])
        except JournalError as refused:
            error = refused
        else:
            return after("medications", patient, "baret")
    rows = []
    for order in running_orders(patient):
        listed = on_the_list(order)
        chosen = request.POST.get(f"med.{order.pk}", HOME if listed and not order.ends_at else "")
        rows.append({"order": order, **order_words(order, gate.now), "listed": listed, "choices": _choices(AT_HOME, chosen),
                     "error": error.fields.get(str(order.pk)) if error else None})  # fmt: skip
    context = _context(request, patient, error) | {"rows": rows, "signs": signs_orders(gate)}
    return render(request, "journal/med_carry.html", context, status=error.status if error else 200)


def _choices(words: dict[str, str], chosen: str) -> list[dict[str, Any]]:
    return [{"value": value, "label": _(label), "checked": value == chosen} for value, label in words.items()]


def _context(request: HttpRequest, patient: UUID, error: JournalError | None) -> dict[str, Any]:
    comment = {"id": "comment", "name": "comment", "label": _("Merknad"), "value": request.POST.get("comment", ""), "rows": 2}
    return {
        **patient_frame(request.gate, patient, "medications", mini=True), "comment": comment, "error": error, "messages": messages(request, patient),
        "may_write": request.gate.may(Action.WRITE, Category.MEDICATION), "close_url": reverse("med_sheet", args=[patient]),
    }  # fmt: skip
