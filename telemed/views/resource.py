"""One resource: the usual week, the days that differ, the duty of a person, and who looks after it."""

import re
from datetime import date, time
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.gate import call
from journal.domain.moments import parse_day
from journal.services.errors import JournalError
from journal.views.typed import Typed
from lms_epj.core.clock import oslo_date
from lms_epj.core.formatting import WEEKDAYS, format_date
from lms_epj.core.words import say
from telemed.models import Duty, Opening, OpeningException, Resource, RollOutPlan
from telemed.selectors.equipment import manages
from telemed.selectors.register import holders
from telemed.services import register
from telemed.services import resources as services
from telemed.services.rollout import manages as rollout_manages
from telemed.views.booking import key_in
from telemed.views.register import person_field


def times(request: HttpRequest, resource: UUID) -> HttpResponse:
    """The page; a post changes what its form is of."""
    gate = request.gate
    found = get_object_or_404(Resource.objects.select_related("unit__legal_entity"), pk=resource, ended_at=None)
    typed = Typed(request, {"valid_from": format_date(gate.now), "week_opens": "07:00", "week_closes": "21:00"})
    act = ACTS.get(typed.text("form"), _exception)
    if typed.posted:
        run = act(request, typed, found)
        if typed.ready:
            try:
                run()
                return HttpResponseRedirect(_after(found, typed))
            except JournalError as error:
                typed.refuse(error)
    return render(request, "telemed/resource.html", _page(request, typed, found), status=typed.status)


def _after(resource: Resource, typed: Typed) -> str:
    if typed.text("form") == "end":
        return reverse("rollout") + "?gjort=tatt-ut"
    return reverse("resource_times", args=[resource.pk]) + "?gjort=lagret"


def _page(request: HttpRequest, typed: Typed, found: Resource) -> dict[str, Any]:
    gate = request.gate
    today, registers = oslo_date(gate.now), call("registers_resource", found.pk)
    week = [
        one
        for one in Opening.objects.filter(resource=found).order_by("weekday", "opens", "valid_from")
        if one.valid_to is None or one.valid_to >= today
    ]
    keepers = holders("manage_resource", [found.pk])[found.pk]
    plan = RollOutPlan.objects.filter(legal_entity=found.unit.legal_entity_id).first() if registers else None
    chosen = set(request.POST.getlist("weekday"))
    return {
        "resource": found, "manages": manages(gate, found.pk), "registers": registers, "keepers": keepers, "plan": plan, "charts": gate.role["may_chart"],
        "week": [(say(WEEKDAYS[one.weekday]), one, one.valid_from > today) for one in week],
        "days": OpeningException.objects.filter(resource=found, last__gte=today).order_by("first"),
        "duties": Duty.objects.filter(resource=found, ends_at__gt=gate.now).order_by("starts_at")[:30], "hidden": {"actor": gate.user_id}, "now": gate.now,
        "errors": typed.error_list(), "done": request.GET.get("gjort", ""), "weekdays": [(n, say(name), str(n) in chosen) for n, name in enumerate(WEEKDAYS)],
        "week_fields": [
            typed.field("week_opens", _("Åpner"), inputmode="numeric"), typed.field("week_closes", _("Stenger"), hint=_("Samme tid: hele døgnet"), inputmode="numeric"),
            typed.field("valid_from", _("Fra og med"), inputmode="numeric"),
        ],
        "keeper_field": person_field(typed, plan, {one["id"] for one in keepers}) if plan and rollout_manages(gate, plan) else None,
        "fields": [
            typed.field("first", _("Første dag"), hint=_("For eksempel 24.12.2026"), inputmode="numeric"), typed.field("last", _("Siste dag"), inputmode="numeric"),
            typed.field("opens", _("Åpner"), hint=_("Tomt: stengt hele dagen"), inputmode="numeric"), typed.field("closes", _("Stenger"), inputmode="numeric"),
            typed.field("reason", _("Hvorfor"), maxlength=120),
        ],
        "duty_fields": [
            typed.field("starts_at", _("Vakten begynner"), hint=_("For eksempel 24.11.2026 07:30"), inputmode="numeric"),
            typed.field("ends_at", _("Vakten slutter"), inputmode="numeric"),
        ],
    }  # fmt: skip


def _exception(request: HttpRequest, typed: Typed, resource: Resource) -> Any:
    first = _day(typed, "first")
    last = _day(typed, "last") if typed.text("last").strip() else first
    values = {"first": first, "last": last, "opens": _clock(typed, "opens"), "closes": _clock(typed, "closes"), "reason": typed.text("reason")}
    return lambda: services.exception_add(gate=request.gate, resource=resource, **values)


def _duty(request: HttpRequest, typed: Typed, resource: Resource) -> Any:
    values = {"starts_at": typed.moment("starts_at"), "ends_at": typed.moment("ends_at")}
    return lambda: services.duty_add(gate=request.gate, resource=resource, **values)


def _week(request: HttpRequest, typed: Typed, resource: Resource) -> Any:
    weekdays = {int(one) for one in request.POST.getlist("weekday") if one in set("0123456")}
    values = {"gate": request.gate, "resource": resource, "weekdays": weekdays, "valid_from": _day(typed, "valid_from")}
    if "closed" in request.POST:
        return lambda: register.week_close(**values)
    hours = {"opens": _clock(typed, "week_opens", required=True), "closes": _clock(typed, "week_closes", required=True)}
    return lambda: register.week_set(**values, **hours)


def _keeper(request: HttpRequest, typed: Typed, resource: Resource) -> Any:
    person = key_in(request, "take") or key_in(request, "person")
    if person is None:
        typed.errors["person"] = _("Velg hvem.")
    return lambda: register.holder_set(model="resource", key=resource.pk, user=person, held="take" not in request.POST)


def _end(request: HttpRequest, typed: Typed, resource: Resource) -> Any:
    return lambda: register.resource_end(gate=request.gate, resource=resource)


ACTS = {"duty": _duty, "week": _week, "keeper": _keeper, "end": _end}


def _day(typed: Typed, name: str) -> date | None:
    try:
        return parse_day(typed.text(name))
    except ValueError:
        typed.errors[name] = _("Skriv dagen som 24.12.2026.")
        return None


def _clock(typed: Typed, name: str, *, required: bool = False) -> time | None:
    text = typed.text(name).strip()
    found = re.fullmatch(r"([01]?\d|2[0-3])[:.]([0-5]\d)", text)
    if (text or required) and not found:
        typed.errors[name] = _("Skriv klokkeslettet som 08:30.")
    return time(int(found[1]), int(found[2])) if found else None
