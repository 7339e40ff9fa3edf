"""Orders: written, changed, signed, stopped."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from journal.codes.medicines import atc_of, search_medicines, wants_double_control
from journal.domain.dose_text import read_dose, read_rhythm
from journal.domain.moments import write_moment
from journal.forms import errors_of, shown
from journal.forms_medication import OrderForm, initial_of
from journal.models import Medication, MedOrder
from journal.selectors.frame import patient_frame
from journal.selectors.medication import order_words
from journal.services.errors import JournalError
from journal.services.med_orders import order_change, order_stop, order_write, orders_sign, signs_orders
from journal.views.common import after, is_uuid, number, row_or_404
from lms_epj.core.formatting import format_decimal

# What most orders do not need; folded until one of them is filled in or wrong.
SELDOM = frozenset({"brand", "form", "strength", "every_days", "days", "min_hours", "max_per_day", "volume_ml", "rate", "instruction", "cave_reason"})


def new_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    """?sok= lists substances as links that fill the form; ?fra= takes over a medicine in use. So both work without a script."""
    gate, source = request.gate, _source(request, patient)
    form = OrderForm(request.POST or None, now=gate.now, initial=_initial(request, source))

    def act() -> MedOrder:
        data = form.cleaned_data
        values = data["values"] | ({"medication_id": source.pk} if source else {})
        return order_write(
            gate=gate, patient=patient, values=values, starts_at=data["starts_at"], cave_reason=data["cave_reason"], sign=signs_orders(gate)
        )

    title = _("Ny forordning") if signs_orders(gate) else _("Forslag til forordning. Lege signerer før noe gis.")
    return _form_page(request, patient, title, form, act, {"source": source.pk if source else ""})


def _source(request: HttpRequest, patient: UUID) -> Medication | None:
    key = request.POST.get("fra", request.GET.get("fra", ""))
    return Medication.objects.filter(patient_id=patient, pk=key, stopped_at__isnull=True).first() if is_uuid(key) else None


def _initial(request: HttpRequest, source: Medication | None) -> dict[str, Any]:
    now = request.gate.now
    start = {"kind": MedOrder.Kind.REGULAR, "starts": write_moment(now, now), "every_days": 1}
    if source is None:
        name = request.GET.get("navn", "")[:200]
        return start | {"generic": name, "double_control": wants_double_control(atc_of(name))}
    dose, rhythm = read_dose(source.dose), read_rhythm(source.frequency)
    filled = {name: getattr(source, name) for name in ("generic", "brand", "form", "strength", "route", "indication")}
    if dose:
        filled |= {"dose": format_decimal(dose[0]), "unit_text": dose[1]}
    if rhythm:
        filled |= {"times": ", ".join(f"{at:%H:%M}" for at in rhythm.times), "every_days": rhythm.every_days, "max_per_day": rhythm.max_per_day,
                   "kind": MedOrder.Kind.AS_NEEDED if rhythm.as_needed else MedOrder.Kind.REGULAR}  # fmt: skip
    return start | filled | {"double_control": wants_double_control(source.atc)}


def change_view(request: HttpRequest, patient: UUID, order: UUID) -> HttpResponse:
    gate, found = request.gate, row_or_404(MedOrder, patient, order)
    form = OrderForm(request.POST or None, now=gate.now, initial=initial_of(found, gate.now))

    def act() -> MedOrder:
        data = form.cleaned_data
        return order_change(
            gate=gate, row=found, values=data["values"], starts_at=data["starts_at"], cave_reason=data["cave_reason"],
            reason=request.POST.get("reason", "") or "Endret", lock_version=number(request.POST.get("lock_version", "")),
        )  # fmt: skip

    title = _("Endre %(name)s. Den nye gjelder fra tidspunktet du skriver.") % {"name": found.generic}
    return _form_page(request, patient, title, form, act, {"lock_version": found.lock_version})


def _form_page(request: HttpRequest, patient: UUID, title: str, form: OrderForm, act: Callable[[], Any], extra: dict[str, Any]) -> HttpResponse:
    """Refused, the form comes back (422, 409) with what was typed; a warning of CAVE stands at the field where one says why."""
    status, message = 200, ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                act()
                return after("med_sheet", patient, "forordnet")
            except JournalError as error:
                status, message = error.status, error.message
                for name, words in error.fields.items():
                    form.add_error(name if name in form.fields else None, words)
    query, parts = request.GET.get("sok", ""), shown(form)
    more = [field for field in parts["fields"] if field["name"] in SELDOM]
    context = {
        **patient_frame(request.gate, patient, "medications", mini=True), "fields": [field for field in parts["fields"] if field["name"] not in SELDOM],
        "more": more, "more_open": any(field["error"] or field["value"] not in ("", None, 1, "1") for field in more), "checks": parts["checks"],
        "errors": errors_of(form) if form.is_bound else [], "message": message, "title": title, "close_url": reverse("med_sheet", args=[patient]),
        "query": query, "hits": search_medicines(query), "signs": signs_orders(request.gate), **extra,
    }  # fmt: skip
    return render(request, "journal/med_order.html", context, status=status)


def sign_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    """Signs the orders that stood on the page, each as it stood: «id version»."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    pairs = [pair.partition(" ") for pair in request.POST.getlist("order")]
    versions = {UUID(key): number(version) for key, _space, version in pairs if is_uuid(key)}
    try:
        orders_sign(gate=request.gate, patient=patient, versions=versions)
    except JournalError as error:
        return refused(request, patient, error)
    return after("med_sheet", patient, "signerte")


def stop_view(request: HttpRequest, patient: UUID, order: UUID) -> HttpResponse:
    """Asks why, then stops it; no dose is given from that moment."""
    gate, found, error = request.gate, row_or_404(MedOrder, patient, order), None
    if request.method == "POST":
        try:
            order_stop(gate=gate, row=found, reason=request.POST.get("reason", ""), lock_version=number(request.POST.get("lock_version", "")))
        except JournalError as refusal:
            error = refusal
        else:
            return after("med_sheet", patient, "stoppet")
    field = {
        "id": "reason", "name": "reason", "label": _("Hvorfor?"), "value": request.POST.get("reason", ""), "required": True,
        "error": error.fields.get("reason") if error else None,
    }  # fmt: skip
    words = order_words(found, gate.now)
    context = {
        **patient_frame(gate, patient, "medications", mini=True), "title": _("Stopp %(name)s") % {"name": found.generic}, "fields": [field],
        "lead": f"{found.generic} {words['dose']}, {words['rhythm']}. " + _("Det som er gitt, blir stående."), "submit": _("Stopp nå"), "errors": [],
        "hidden": {"patient": patient, "actor": gate.user_id, "lock_version": found.lock_version}, "cancel_url": reverse("med_sheet", args=[patient]),
        "notes": [error.message] if error and not error.fields else [],
    }  # fmt: skip
    return render(request, "journal/act.html", context, status=error.status if error else 200)


def refused(request: HttpRequest, patient: UUID, error: JournalError) -> HttpResponse:
    context = {
        **patient_frame(request.gate, patient, "medications", mini=True),
        "refusals": [error.message],
        "done": 0,
        "back": reverse("med_sheet", args=[patient]),
    }
    return render(request, "journal/med_refused.html", context, status=error.status)
