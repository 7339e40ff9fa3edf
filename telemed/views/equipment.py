"""The register of equipment: the list with its use, and one piece with its checks, faults, moves and bookings."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.models import OrgUnit
from journal.services.errors import JournalError
from journal.views.typed import Typed
from lms_epj.core.clock import oslo_date
from telemed.models import Equipment, Fault, Resource
from telemed.selectors.booking import visible_booking
from telemed.selectors.calendar import booking_url, described, load_shown
from telemed.selectors.equipment import affected, equipment_rows, history, manages, replacements, use_rows
from telemed.services import equipment as services
from telemed.views.booking import key_in


def register(request: HttpRequest) -> HttpResponse:
    """Everything in use, what is wrong first, and how much each piece was used where it stands."""
    order = {"off": 0, "warn": 1}
    rows = sorted(equipment_rows(request.gate), key=lambda row: order.get(row["state"], 2))
    return render(request, "telemed/equipment.html", {"rows": rows, "use": use_rows(request.gate), "now": request.gate.now})


def item(request: HttpRequest, resource: UUID) -> HttpResponse:
    return item_page(request, resource)


def item_page(request: HttpRequest, resource: UUID, typed: Typed | None = None, form: str = "", refused: str = "") -> HttpResponse:
    """``form``: which of the forms ``typed`` belongs to."""
    gate = request.gate
    equipment = equipment_of(resource)
    (row,) = equipment_rows(gate, [resource])
    typed = typed or Typed(request, {})
    units = list(OrgUnit.objects.filter(valid_to=None).exclude(kind="administration").select_related("legal_entity").order_by("name"))
    fields = {
        "check": [typed.field("battery", _("Batteri"), unit="%", inputmode="numeric"), typed.field("remark", _("Merknad"), maxlength=120)],
        "fault": [typed.field("text", _("Hva er galt"), maxlength=200), typed.field("case_number", _("Saksnummer hos IKT"), maxlength=30),
                  typed.field("expected_at", _("Ventes klar"), hint=_("For eksempel 25.11.2026 10:00. Tomt hvis ukjent"), inputmode="numeric")],
        "move": [typed.select("unit", _("Enhet"), [(one.pk, one.name) for one in units]), typed.field("place", _("Sted"), maxlength=80)],
    }  # fmt: skip
    context = {
        "row": row, "equipment": equipment, "now": gate.now, "manages": manages(gate, resource), "refused": refused, "fields": fields, "form": form,
        "errors": typed.error_list(), "hidden": {"actor": gate.user_id}, "bookings": booked_on(request, equipment), **history(equipment),
        "done": request.GET.get("gjort", ""),
    }  # fmt: skip
    return render(request, "telemed/equipment_item.html", context, status=typed.status)


def booked_on(request: HttpRequest, equipment: Equipment) -> list[dict[str, Any]]:
    """What is booked on it from now on, and with what it could be replaced while it is out of order."""
    found = affected(request.gate, equipment.pk)[:8]
    if not found:
        return []
    shown = load_shown(request.gate, found[0]["starts_at"], found[-1]["ends_at"], [equipment.pk], {one["booking_id"] for one in found})
    broken = Fault.objects.filter(equipment=equipment, closed_at=None).exists()
    return [
        one | described(shown, one["booking_id"]) | {
            "url": booking_url(one["booking_id"], oslo_date(one["starts_at"])) if one["booking_id"] in shown.bookings else "",
            "others": replacements(request.gate, equipment, one["starts_at"], one["ends_at"]) if broken and one["booking_id"] in shown.bookings else [],
        }
        for one in found
    ]  # fmt: skip


def check(request: HttpRequest, resource: UUID) -> HttpResponse:
    equipment, typed = equipment_of(resource), Typed(request)
    battery = typed.number("battery") if typed.text("battery").strip() else None
    if battery == 0 and typed.text("battery").strip() != "0":
        typed.errors["battery"] = _("Skriv batteriet i prosent, fra 0 til 100.")
    return _act(request, resource, typed, "check", lambda: services.check_record(
        gate=request.gate, equipment=equipment, passed=typed.text("passed") == "1", battery=battery, remark=typed.text("remark")))  # fmt: skip


def fault(request: HttpRequest, resource: UUID) -> HttpResponse:
    equipment, typed = equipment_of(resource), Typed(request)
    expected_at = typed.moment("expected_at", required=False)
    return _act(request, resource, typed, "fault", lambda: services.fault_report(
        gate=request.gate, equipment=equipment, text=typed.text("text"), case_number=typed.text("case_number"), expected_at=expected_at))  # fmt: skip


def repaired(request: HttpRequest, resource: UUID) -> HttpResponse:
    found = Fault.objects.filter(equipment=equipment_of(resource), closed_at=None).first()
    if found is None:
        return HttpResponseRedirect(reverse("equipment_item", args=[resource]))
    return _act(request, resource, Typed(request), "", lambda: services.fault_close(gate=request.gate, fault=found))


def move(request: HttpRequest, resource: UUID) -> HttpResponse:
    equipment, typed = equipment_of(resource), Typed(request)
    unit = typed.chosen("unit", OrgUnit.objects.filter(valid_to=None), message=_("Velg enheten der utstyret står."))
    return _act(request, resource, typed, "move", lambda: services.equipment_move(
        gate=request.gate, equipment=equipment, unit=unit, place=typed.text("place")))  # fmt: skip


def replace(request: HttpRequest, resource: UUID) -> HttpResponse:
    """Another piece for one booking, in the same time."""
    key, other = key_in(request, "booking"), key_in(request, "other")
    booking = visible_booking(key) if key else None
    new = Resource.objects.filter(pk=other, kind=Resource.Kind.EQUIPMENT, ended_at=None).first()
    old = equipment_of(resource).resource
    if request.method != "POST":
        return HttpResponseRedirect(reverse("equipment_item", args=[resource]))
    if booking is None or new is None:
        raise Http404
    return _act(request, resource, Typed(request), "", lambda: services.replace(gate=request.gate, booking=booking, old=old, new=new), "byttet")


def _act(request: HttpRequest, resource: UUID, typed: Typed, form: str, act: Any, code: str = "lagret") -> HttpResponse:
    """Runs one act and goes back to the piece; a refusal shows the form again with what was typed."""
    if typed.ready:
        try:
            act()
            return HttpResponseRedirect(reverse("equipment_item", args=[resource]) + f"?gjort={code}")
        except JournalError as error:
            typed.refuse(error)
            return item_page(request, resource, typed, form, refused="" if error.fields else error.message)
    if not typed.posted:
        return HttpResponseRedirect(reverse("equipment_item", args=[resource]))
    return item_page(request, resource, typed, form)


def equipment_of(resource: UUID) -> Equipment:
    return get_object_or_404(Equipment.objects.select_related("resource", "resource__unit", "owner"), pk=resource, resource__ended_at=None)
