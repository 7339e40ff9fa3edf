"""The log reviewer's work list: look-ups that the statistics found unusual, each with its reasons. A list of look-ups, not of people."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from access.selectors import findings
from access.views.common import text_field
from lms_epj.core.words import gettext_noop

DONE = {"vanlig": gettext_noop("Oppslaget er lagt bort som vanlig."), "angret": gettext_noop("Oppslaget er på listen igjen.")}


def work_list(request: HttpRequest) -> HttpResponse:
    """Highest score first; by scenario where one is chosen."""
    scenario = request.GET.get("grunn", "")
    scenario = scenario if scenario in findings.SCENARIOS else ""
    found, more = findings.findings(request.gate, scenario, _uuid(request.GET.get("etter", "")))
    for one in found:
        one["url"] = reverse("finding", args=[one["id"]])
    options = [{"value": "", "label": _("Alle"), "selected": not scenario}]
    options += [{"value": code, "label": _(name), "selected": code == scenario} for code, (name, _t, _u) in findings.SCENARIOS.items()]
    after = urlencode({"grunn": scenario, "etter": found[-1]["id"]}) if more else ""
    context: dict[str, Any] = {
        "findings": found, "field": text_field("grunn", _("Vis bare"), options=options), "runs": findings.runs(), "rules_url": reverse("log_rules"),
        "pager": {"previous_label": _("Til toppen"), "previous_url": reverse("work_list") if request.GET.get("etter") else "",
                  "next_label": _("Neste"), "next_url": f"?{after}" if after else ""},
        "messages": done(request),
    }  # fmt: skip
    return render(request, "access/reviews/work_list.html", context)


def done(request: HttpRequest) -> list[dict[str, Any]]:
    """What the last act led to, with the way back where there is one."""
    code, key = request.GET.get("gjort", ""), _uuid(request.GET.get("rad", ""))
    if code not in DONE:
        return []
    message: dict[str, Any] = {"text": _(DONE[code])}
    if code == "vanlig" and key:
        message |= {"undo_url": reverse("finding", args=[key]), "fields": {"act": "undo", "actor": request.gate.user_id}}
    return [message]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
