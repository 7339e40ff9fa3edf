"""When one resource is open: the usual week, the days that differ, and the duty of a person."""

import re
from datetime import date, time
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from journal.domain.moments import parse_day
from journal.services.errors import JournalError
from journal.views.typed import Typed
from lms_epj.core.clock import oslo_date
from lms_epj.core.formatting import WEEKDAYS
from lms_epj.core.words import say
from telemed.models import Duty, Opening, OpeningException, Resource
from telemed.selectors.equipment import manages
from telemed.services import resources as services


def times(request: HttpRequest, resource: UUID) -> HttpResponse:
    """The page; a post adds a day that differs, or a duty."""
    gate = request.gate
    found = get_object_or_404(Resource.objects.select_related("unit"), pk=resource, ended_at=None)
    typed = Typed(request)
    act = _duty if typed.text("form") == "duty" else _exception
    values = act(typed) if typed.posted else None
    if typed.ready and values is not None:
        try:
            (services.duty_add if act is _duty else services.exception_add)(gate=gate, resource=found, **values)
            return HttpResponseRedirect(reverse("resource_times", args=[found.pk]) + "?gjort=lagret")
        except JournalError as error:
            typed.refuse(error)
    today = oslo_date(gate.now)
    week = [one for one in Opening.objects.filter(resource=found).order_by("weekday", "opens") if one.valid_to is None or one.valid_to >= today]
    context = {
        "resource": found, "manages": manages(gate, found.pk), "week": [(say(WEEKDAYS[one.weekday]), one) for one in week],
        "days": OpeningException.objects.filter(resource=found, last__gte=today).order_by("first"),
        "duties": Duty.objects.filter(resource=found, ends_at__gt=gate.now).order_by("starts_at")[:30], "hidden": {"actor": gate.user_id}, "now": gate.now,
        "errors": typed.error_list(), "done": request.GET.get("gjort", ""),
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
    return render(request, "telemed/resource.html", context, status=typed.status)


def _exception(typed: Typed) -> dict[str, Any]:
    first = _day(typed, "first")
    last = _day(typed, "last") if typed.text("last").strip() else first
    return {"first": first, "last": last, "opens": _clock(typed, "opens"), "closes": _clock(typed, "closes"), "reason": typed.text("reason")}


def _duty(typed: Typed) -> dict[str, Any]:
    return {"starts_at": typed.moment("starts_at"), "ends_at": typed.moment("ends_at")}


def _day(typed: Typed, name: str) -> date | None:
    try:
        return parse_day(typed.text(name))
    except ValueError:
        typed.errors[name] = _("Skriv dagen som 24.12.2026.")
        return None


def _clock(typed: Typed, name: str) -> time | None:
    text = typed.text(name).strip()
    found = re.fullmatch(r"([01]?\d|2[0-3])[:.]([0-5]\d)", text)
    if text and not found:
        typed.errors[name] = _("Skriv klokkeslettet som 08:30.")
    return time(int(found[1]), int(found[2])) if found else None
