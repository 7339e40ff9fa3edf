"""Doses: given with one press, given otherwise or not at all with a reason, controlled by another, marked as charted in error."""

from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.domain.codes import Action, Category
from journal.domain.doses import Status
from journal.domain.moments import parse_moment, write_moment
from journal.domain.schedule import due_at
from journal.models import MedDose, MedOrder
from journal.selectors.frame import patient_frame
from journal.selectors.med_round import round_context
from journal.selectors.medication import controls_of, needed_place, order_words, sheet_of
from journal.services.doses import Done, Place, dose_control, dose_record, dose_strike
from journal.services.errors import JournalError
from journal.services.med_orders import signs_orders
from journal.views.common import after, is_uuid, messages, row_or_404
from lms_epj.core.formatting import format_near_clock


def sheet_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    """Today's doses of one patient."""
    gate = request.gate
    context = {
        **patient_frame(gate, patient, "medications", mini=True), **sheet_of(patient, gate.now), "messages": messages(request, patient),
        "may_write": gate.may(Action.WRITE, Category.MEDICATION), "signs": signs_orders(gate), "me": gate.user_id,
    }  # fmt: skip
    return render(request, "journal/med_sheet.html", context)


def round_view(request: HttpRequest) -> HttpResponse:
    """The ward's round: what should be given now, patient by patient."""
    return render(request, "journal/med_round.html", {**round_context(request.gate), "me": request.gate.user_id})


def history_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    """Who gave what from which order, the newest first; struck ones too."""
    gate = request.gate
    doses = list(MedDose.objects.filter(patient_id=patient).select_related("author", "struck_by").order_by("-event_at", "-pk")[:200])
    orders = {
        row.pk: row for row in MedOrder.objects.filter(patient_id=patient, pk__in={dose.order_id for dose in doses}).select_related("signed_by")
    }
    controls = controls_of(patient, orders)
    lines = [
        {"row": dose, "order": orders[dose.order_id], "control": controls.get((dose.order_id, dose.slot_on, dose.slot_at, dose.previous_id)),
         **order_words(orders[dose.order_id], gate.now)}
        for dose in doses if dose.order_id in orders
    ]  # fmt: skip
    stopped = MedOrder.objects.filter(patient_id=patient, stopped_at__isnull=False).select_related("stopped_by").order_by("-stopped_at")[:100]
    context = {
        **patient_frame(gate, patient, "medications", mini=True), "lines": lines, "may_write": gate.may(Action.WRITE, Category.MEDICATION),
        "stopped": [{"order": row, **order_words(row, gate.now)} for row in stopped], "messages": messages(request, patient),
    }  # fmt: skip
    return render(request, "journal/med_history.html", context)


def give_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    """Charts every dose that was pressed as given now. What another has charted meanwhile is told of; the rest is kept."""
    return _each(request, patient, lambda order, place: dose_record(gate=request.gate, order=order, place=place), "gitt")


def control_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    return _each(request, patient, lambda order, place: dose_control(gate=request.gate, order=order, place=place), "kontrollert")


def _each(request: HttpRequest, patient: UUID, act: Any, done: str) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    places = [found for text in request.POST.getlist("place") if (found := read_place(text))]
    orders = {row.pk: row for row in MedOrder.objects.filter(patient_id=patient, pk__in={key for key, _place in places})}
    refusals, kept, status = [], 0, 409
    for key, place in places:
        if key not in orders:
            raise Http404
        try:
            act(orders[key], place)
            kept += 1
        except JournalError as error:
            refusals.append(f"{orders[key].generic}: {error.message}")
            status = error.status
    in_round = request.POST.get("fra") == "runde"
    back = reverse("med_round") + f"#pasient-{patient}" if in_round else reverse("med_sheet", args=[patient])
    if refusals:
        context = {**patient_frame(request.gate, patient, "medications", mini=True), "refusals": refusals, "done": kept, "back": back}
        return render(request, "journal/med_refused.html", context, status=status)
    return HttpResponseRedirect(back) if in_round else after("med_sheet", patient, done)


def read_place(text: str) -> tuple[UUID, Place] | None:
    """«order|2026-11-24|08:00|» or «order|||previous»; None for anything else."""
    key, *rest = text.split("|")
    if not is_uuid(key) or len(rest) != 3:
        return None
    on, at, previous = rest
    try:
        if on or at:
            return UUID(key), Place(date.fromisoformat(on), time.fromisoformat(at))
        return UUID(key), Place(previous=UUID(previous) if previous else None)
    except ValueError:
        return None


def deviate_view(request: HttpRequest, patient: UUID, order: UUID) -> HttpResponse:
    """One dose that was given at another time, in part, or not: how, how much, why. ?dose= is its place; as needed, the next where it is left out."""
    gate, found, error = request.gate, row_or_404(MedOrder, patient, order), None
    asked = request.POST.get("place", request.GET.get("dose", "")) or needed_place(found)
    read = read_place(asked)
    if read is None or read[0] != found.pk:
        raise Http404
    place = read[1]
    if request.method == "POST":
        try:
            dose_record(gate=gate, order=found, place=place, done=_done(request))
        except JournalError as refusal:
            error = refusal
        else:
            return (
                HttpResponseRedirect(reverse("med_round") + f"#pasient-{patient}")
                if request.POST.get("fra") == "runde"
                else after("med_sheet", patient, "fort")
            )
    context = {
        **patient_frame(gate, patient, "medications", mini=True), "order": found, **order_words(found, gate.now), "error": error,
        "planned": due_at(place.on, place.at) if place.on and place.at else None, **_fields(request, found, error),
        "hidden": {"patient": patient, "actor": gate.user_id, "place": asked,
                   "fra": request.POST.get("fra", request.GET.get("fra", ""))},
        "close_url": reverse("med_sheet", args=[patient]),
    }  # fmt: skip
    return render(request, "journal/med_deviate.html", context, status=error.status if error else 200)


def _done(request: HttpRequest) -> Done:
    post, dose, given_at = request.POST, None, None
    status = post.get("status", "")
    if status not in MedDose.Status.values:
        raise JournalError("status", _("Velg hva som skjedde."), {"status": _("Velg hva som skjedde.")})
    if text := post.get("dose", "").strip().replace(",", "."):
        try:
            dose = Decimal(text).quantize(Decimal("0.001"))
        except InvalidOperation:
            raise JournalError("dose", _("Skriv et tall."), {"dose": _("Skriv et tall.")}) from None
    if text := post.get("given_at", "").strip():
        try:
            given_at = parse_moment(text, request.gate.now)
        except ValueError:
            raise JournalError("given_at", _("Skriv tiden som 10:40."), {"given_at": _("Skriv tiden som 10:40.")}) from None
    given = Status(status) is Status.GIVEN
    reason_code = "" if given else post.get("reason_code", "")
    return Done(Status(status), dose if Status(status) is Status.PARTLY else None, reason_code, post.get("reason", "")[:500], given_at)


def _fields(request: HttpRequest, order: MedOrder, error: JournalError | None) -> dict[str, Any]:
    post, now, wrong = request.POST, request.gate.now, error.fields if error else {}

    def field(name: str, label: str, value: str, **more: Any) -> dict[str, Any]:
        return {
            "id": f"field-{name}",
            "name": name,
            "label": label,
            "value": post.get(name, value),
            "error": wrong.get(name),
            "autocomplete": "off",
            **more,
        }

    chosen = post.get("reason_code", "")
    options = [{"value": value, "label": label, "selected": value == chosen} for value, label in MedDose.ReasonCode.choices]
    return {
        "statuses": [{"value": value, "label": label, "checked": post.get("status") == value} for value, label in MedDose.Status.choices],
        "reason_code": field("reason_code", _("Hvorfor"), "", options=[{"value": "", "label": "", "selected": not chosen}, *options]),
        "reason": field("reason", _("Mer om det"), "", hint=_("for eksempel hvem som er varslet")),
        "dose_field": field("dose", _("Hvor mye ble gitt"), "", unit=order.unit_text, inputmode="decimal", hint=_("bare når en del ble gitt")),
        "given_at": field("given_at", _("Når"), write_moment(now, now)), "status_error": wrong.get("status"),
    }  # fmt: skip


def strike_view(request: HttpRequest, patient: UUID, dose: UUID) -> HttpResponse:
    """Asks why, then marks the dose as charted in error; its place is open again."""
    gate, found, error = request.gate, row_or_404(MedDose, patient, dose), None
    order = row_or_404(MedOrder, patient, found.order_id)
    if request.method == "POST":
        try:
            dose_strike(gate=gate, row=found, reason=request.POST.get("reason", ""))
        except JournalError as refusal:
            error = refusal
        else:
            return after("med_sheet", patient, "feilfort")
    field = {
        "id": "reason", "name": "reason", "label": _("Hvorfor er føringen feil?"), "value": request.POST.get("reason", ""), "required": True,
        "error": error.message if error else None,
    }  # fmt: skip
    lead = _("%(name)s, ført som %(what)s %(when)s. Føringen blir stående, strøket over, og dosen kan føres på nytt.")
    context = {
        **patient_frame(gate, patient, "medications", mini=True), "title": _("Merk dose som feilført"), "fields": [field], "errors": [],
        "lead": lead % {"name": order.generic, "what": found.get_status_display().lower(), "when": format_near_clock(found.event_at, gate.now)},
        "submit": _("Merk som feilført"), "hidden": {"patient": patient, "actor": gate.user_id}, "cancel_url": reverse("med_sheet", args=[patient]),
    }  # fmt: skip
    return render(request, "journal/act.html", context, status=422 if error else 200)
