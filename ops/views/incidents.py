"""What is wrong: reported, followed, closed and looked back on; the page of one who is woken; and the status for everyone who works."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.gate import call
from access.views import refused
from access.views.common import text_field
from lms_epj.core.formatting import format_near_moment
from ops.models import Incident, IncidentLine, Notice, System
from ops.services.acting import DutyError
from ops.services.paging import incident_act, incident_report
from ops.views.common import after, fault, hours_words, page

DONE = {"acknowledge": "kvittert", "note": "skrevet", "close": "lukket", "review": "skrevet"}
COLOURS = {"open": "danger", "taken": "warning", "closed": "success"}


def incidents(request: HttpRequest) -> HttpResponse:
    """Status of every system, what is open, and what was closed."""
    now: datetime = request.gate.now
    systems = list(System.objects.order_by("place", "name"))
    open_ones = list(Incident.objects.filter(closed_at=None).select_related("system", "acknowledged_by").order_by("acknowledged_at", "-opened_at"))
    worst = {one.system_id: one for one in sorted(open_ones, key=lambda one: (one.acknowledged_at is None, one.severity == "critical"))}
    closed = Incident.objects.exclude(closed_at=None).select_related("system", "deviation").order_by("-opened_at")[:30]
    return page(
        request, "incidents", "incidents", states=[state_of(system, worst.get(system.id), now) for system in systems],
        open_ones=[line_of(one, now) for one in open_ones], closed=[line_of(one, now) for one in closed], demo=settings.EPJ_DEMO,
    )  # fmt: skip


def state_of(system: System, incident: Incident | None, now: datetime) -> dict[str, Any]:
    return {"system": system, "incident": incident, "since": format_near_moment(incident.opened_at, now) if incident else ""}


def line_of(one: Incident, now: datetime) -> dict[str, Any]:
    state = "closed" if one.closed_at else "taken" if one.acknowledged_at else "open"
    words = {"open": _("Ingen har kvittert"), "taken": _("Kvittert"), "closed": _("Lukket")}[state]
    lasted = hours_words(one.opened_at, one.closed_at) if one.closed_at and one.closed_at - one.opened_at >= timedelta(minutes=1) else ""
    return {
        "one": one,
        "state": words,
        "colour": COLOURS[state],
        "near": format_near_moment(one.opened_at, now),
        "url": reverse("incident", args=[one.id]),
        "lasted": lasted,
        "deviation": getattr(one, "deviation", None),
    }


def incident_new(request: HttpRequest) -> HttpResponse:
    """Reported by anyone who works."""
    errors: list[dict[str, str]] = []
    systems = list(System.objects.order_by("place", "name"))
    if request.method == "POST":
        try:
            system = next((one for one in systems if str(one.id) == request.POST.get("system")), None)
            if system is None:
                raise DutyError(_("Velg hvilket system det gjelder."))
            severity = request.POST.get("severity") if request.POST.get("severity") in ("critical", "serious", "notice") else "serious"
            made = incident_report(system=system.id, severity=severity, title=request.POST.get("title", ""), detail=request.POST.get("detail", ""))
            return after("incident", "meldt", made)
        except DutyError as error:
            errors = fault(error)
    typed = request.POST
    fields = [
        text_field("system", _("System"), options=[{"value": str(one.id), "label": one.name, "selected": str(one.id) == typed.get("system")} for one in systems]),
        text_field("title", _("Hva er galt?"), typed.get("title", ""), hint=_("Kort, uten navn på pasienter. For eksempel: Kommer ikke inn på tavlen"), maxlength=200, required=True),
        text_field("detail", _("Mer om det"), typed.get("detail", ""), rows=3, maxlength=2000, hint=_("Hvor, siden når, hva som står på skjermen. Ikke helseopplysninger.")),
        text_field("severity", _("Hvor mye haster det?"), options=[
            {"value": value, "label": label, "selected": value == typed.get("severity", "serious")}
            for value, label in (("critical", _("Kritisk: arbeidet stanser")), ("serious", _("Alvorlig: hindrer arbeidet")), ("notice", _("Til orientering: ingen vekkes")))
        ]),
    ]  # fmt: skip
    return page(request, "incident_new", "incidents", errors=errors, fields=fields)


def incident(request: HttpRequest, incident: UUID) -> HttpResponse:
    """One incident: what is known, who was told, what to do."""
    found = Incident.objects.select_related("system", "acknowledged_by", "opened_by", "deviation").filter(id=incident).first()
    if found is None:
        raise Http404
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        act = request.POST.get("act", "")
        try:
            if act not in DONE:
                raise DutyError(_("Velg hva som skal gjøres."))
            incident_act(incident=incident, act=act, text=request.POST.get("text", ""))
            return after("incident", DONE[act], incident)
        except DutyError as error:
            errors = fault(error, "text")
    now = request.gate.now
    runs = call("runs_system", found.system_id)
    return page(
        request, "incident", "incidents", errors=errors, shown=line_of(found, now), incident=found, runs=runs, runbook=found.system.runbook.splitlines(),
        lines=[{"at": format_near_moment(line.at, now), "text": line.text, "by": line.by} for line in IncidentLine.objects.filter(incident=found).order_by("id")],
        notices=[(one, format_near_moment(one.at, now)) for one in Notice.objects.filter(step__incident=found).order_by("at")] if runs else [],
        note=text_field("text", _("Skriv i hendelsen"), rows=2, maxlength=4000), review=text_field("text", _("Gjennomgang"), found.review, rows=4, maxlength=4000, hint=_("Hva skjedde, hva hjalp, hva endres? Ingen helseopplysninger.")),
    )  # fmt: skip


def woken(request: HttpRequest, step: UUID, party: UUID, proof: str) -> HttpResponse:
    """The page behind the link in a message: what is wrong, what to do, and one button. No log-in: whoever was woken holds the proof."""
    if request.method == "POST":
        call("page_acknowledge", step, party, proof)
        return HttpResponseRedirect(reverse("duty_page", args=[step, party, proof]))
    found = call("page_open", step, party, proof)
    if found is None:
        return refused.unknown(request)
    now = datetime.fromisoformat(found["now"])
    for name in ("opened_at", "acknowledged_at", "closed_at"):
        found[name] = format_near_moment(datetime.fromisoformat(found[name]), now) if found[name] else ""
    lines = [
        {"at": format_near_moment(datetime.fromisoformat(line["at"]), now), "text": line["text"], "by": line["by"]} for line in found["lines"] or []
    ]
    response = render(request, "ops/woken.html", {"page": found, "lines": lines, "runbook": found["runbook"].splitlines()})
    response.headers["Cache-Control"] = "no-store"
    return response


def mailbox(request: HttpRequest) -> HttpResponse:
    """What would have gone out, in the demo; elsewhere there is no such page."""
    if not settings.EPJ_DEMO:
        raise Http404
    notices = Notice.objects.order_by("-at")[:50]
    return page(request, "mailbox", "incidents", notices=[(one, format_near_moment(one.at, request.gate.now)) for one in notices])


BODY_LIMIT = 10_000
STATUS = {"ok": 202, "unknown": 401, "late": 401, "forged": 401, "replayed": 409, "unreadable": 422}


def building_event(request: HttpRequest) -> HttpResponse:
    """POST of a building system; see docs/on-call.md. The database checks token, time, signature and nonce.

    What comes as a form has been taken apart before it gets here, so its signature could not be checked.
    """
    if request.method != "POST":
        return refused.wrong_method(request, ["POST"])
    try:
        body = request.body[: BODY_LIMIT + 1].decode() if request.content_type == "application/json" else ""
    except UnicodeDecodeError:
        body = ""
    token = request.headers.get("Authorization", "").partition(" ")[2]
    headers = [request.headers.get(name, "")[:200] for name in ("X-EPJ-Time", "X-EPJ-Nonce", "X-EPJ-Signature")]
    state = "unreadable" if len(body) > BODY_LIMIT or "\0" in body else call("building_event", token, *headers, body)
    return HttpResponse(json.dumps({"state": state}), content_type="application/json", status=STATUS[state])
