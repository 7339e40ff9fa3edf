"""The reviewer's cases: the custodian's queue, and the log reviewer's. One page for both; the database knows which are whose."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.selectors import reviews

VIEWS = {"work": gettext_noop("Til vurdering"), "asked": gettext_noop("Venter på svar"), "closed": gettext_noop("Avsluttet")}
EMPTY = {
    "work": gettext_noop("Ingen saker venter på vurdering."),
    "asked": gettext_noop("Ingen spørsmål venter på svar."),
    "closed": gettext_noop("Ingen saker er avsluttet ennå."),
}
# route of this page → (title, route of a case, route of the figures)
PLACES = {
    "case_queue": (gettext_noop("Kontroll av innsyn"), "case_page", "case_figures"),
    "log_cases": (gettext_noop("Saker fra loggen"), "log_case", "log_case_figures"),
}


def queue(request: HttpRequest) -> HttpResponse:
    """One of three views, by deadline; those that are closed newest first."""
    place = request.resolver_match.url_name
    title, route, figures = PLACES[place]
    view = request.GET.get("vis", "work")
    view = view if view in VIEWS else "work"
    found, more = reviews.cases(request.gate, view, _moment(request.GET.get("eldre", "")) if view == "closed" else None)
    for case in found:
        case["url"] = reverse(route, args=[case["id"]])
    context: dict[str, Any] = {
        "title": _(title), "cases": found, "view": view, "empty": _(EMPTY[view]), "figures_url": reverse(figures),
        "chips": [{"label": _(label), "url": f"{reverse(place)}?vis={code}", "active": code == view} for code, label in VIEWS.items()],
        "pager": {"previous_label": _("Nyere"), "next_label": _("Eldre"), "next_url": _older(place, view, found) if more else ""},
    }  # fmt: skip
    return render(request, "access/reviews/queue.html", context)


def _older(place: str, view: str, found: list[dict[str, Any]]) -> str:
    """Only what is closed has pages: what waits is meant to be worked off, most urgent first."""
    return f"{reverse(place)}?{urlencode({'vis': view, 'eldre': found[-1]['closed_at'].isoformat()})}" if view == "closed" else ""


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None
