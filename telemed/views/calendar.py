"""The calendar: a day by resource, a week of one resource, or the unit's list; and the chosen booking beside it."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from journal.domain.moments import parse_day
from journal.views.common import is_uuid
from lms_epj.core.clock import oslo_date
from lms_epj.core.formatting import format_date
from telemed.models import Resource
from telemed.selectors.booking import booking_facts, meeting_urls, patients_shown, session_urls, visible_booking
from telemed.selectors.calendar import day_name, day_view, list_view, week_view
from telemed.selectors.resources import bookable
from telemed.selectors.states import heads_of
from telemed.services.groups import is_own_group

ROOMS, PEOPLE = "", "personer"


def video(request: HttpRequest) -> HttpResponse:
    gate = request.gate
    day = day_of(request)
    view = request.GET.get("vis", "")
    resources = [one for one in bookable(gate) if one.unit.legal_entity_id in gate.own_entities]
    people = request.GET.get("hvem") == PEOPLE
    shown = [one for one in resources if (one.kind == Resource.Kind.PERSON) == people]
    selected = UUID(request.GET["valgt"]) if is_uuid(request.GET.get("valgt", "")) else None
    heads = heads_of(gate, resources, day) if view != "liste" or selected else {}
    context: dict[str, Any] = {"day": day, "day_name": day_name(day), "now": gate.now, "view": view, "resources": shown, "people": people}
    if view == "uke":
        chosen = next((one for one in shown if str(one.pk) == request.GET.get("ressurs")), shown[0] if shown else None)
        monday = day - timedelta(days=day.weekday())
        context |= {"chosen": chosen, "cal": week_view(gate, monday, chosen, heads.get(chosen.pk, {}), selected) if chosen else None}
        context["day_name"] = _("uke %(week)d, fra %(day)s") % {"week": monday.isocalendar().week, "day": day_name(monday)}
    elif view == "liste":
        context |= {"list": list_view(gate, day)}
    else:
        context |= {"cal": day_view(gate, day, shown, heads, selected)}
    context |= {"steps": steps(request, day, view), "views": views(request, day, view), "panel": panel(request, selected, heads)}
    context["equipment_url"] = reverse("equipment")
    context["new_url"] = f"{reverse('meeting_new')}?day={format_date(day)}"
    return render(request, "telemed/calendar.html", context)


def panel(request: HttpRequest, selected: UUID | None, heads: dict[UUID, dict[str, Any]]) -> dict[str, Any] | None:
    """The chosen booking, if it may be seen. Its buttons lead to the patient's own page, where the patient stands at the top."""
    booking = visible_booking(selected) if selected else None
    if booking is None:
        return None
    patients = patients_shown(booking)
    facts = booking_facts(request.gate, booking, heads) | {"patients": [] if is_own_group(request.gate, booking) else patients}
    if patients and not is_own_group(request.gate, booking):
        part = patients[0]["part"]
        return facts | {
            "urls": session_urls(part),
            "hidden": {"patient": part.patient_id, "actor": request.gate.user_id, "back": request.get_full_path()},
        }
    return facts | {"urls": meeting_urls(booking), "hidden": {"actor": request.gate.user_id, "back": request.get_full_path()}}


def day_of(request: HttpRequest) -> date:
    """The day in the address; today for anything else."""
    try:
        return parse_day(request.GET.get("dag", ""))
    except ValueError:
        return oslo_date(request.gate.now)


def steps(request: HttpRequest, day: date, view: str) -> list[dict[str, Any]]:
    """Back, today, on."""
    length, today = timedelta(days={"uke": 7, "liste": 14}.get(view, 1)), oslo_date(request.gate.now)
    return [
        {"url": address(request, dag=(day - length).isoformat(), valgt=None), "icon": "ChevronLeft", "label": _("Tidligere")},
        {"url": address(request, dag=None, valgt=None), "text": _("I dag"), "active": day == today},
        {"url": address(request, dag=(day + length).isoformat(), valgt=None), "icon": "ChevronRight", "label": _("Senere")},
    ]


def views(request: HttpRequest, day: date, view: str) -> list[dict[str, Any]]:
    choices = (("", _("Dag")), ("uke", _("Uke")), ("liste", _("Liste")))
    return [{"url": address(request, vis=code or None), "text": text, "active": view == code} for code, text in choices]


def address(request: HttpRequest, **changes: str | None) -> str:
    """This page with other choices."""
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return f"{reverse('video')}?{query.urlencode()}" if query else reverse("video")
