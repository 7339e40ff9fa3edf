"""One case: what happened, what was done with the record, what was written afterwards; question, verdict, reopening."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.models import ReviewCase
from access.selectors import reviews
from access.services.reviews import ReviewError, case_ask, case_close, case_reopen
from access.views.common import text_field
from access.views.log_filter import LogFilter
from lms_epj.core.clock import oslo_date

DONE = {
    "spurt": gettext_noop("Spørsmålet er sendt. Den ansatte ser det neste gang hun eller han er innlogget."),
    "avgjort": gettext_noop("Vurderingen er lagret, og saken er avsluttet."),
    "gjenapnet": gettext_noop("Saken er åpen igjen. Den tidligere vurderingen står i historikken."),
}
BACK = {"case_page": "case_queue", "log_case": "log_cases"}


def page(request: HttpRequest, case: UUID) -> HttpResponse:
    """GET shows it; POST does one act, named by ``act``, and comes back."""
    if request.method != "POST":
        return _shown(request, case, {})
    try:
        done = _act(request, case)
    except ReviewError as refused:
        return _shown(request, case, refused.errors)
    return HttpResponseRedirect(f"{request.path}?gjort={done}")


def _act(request: HttpRequest, case: UUID) -> str:
    """Raises ReviewError, and Http404 for an act that there is not."""
    form, gate = request.POST, request.gate
    if form.get("act") == "ask":
        case_ask(gate=gate, case=case, text=form.get("question", ""))
        return "spurt"
    if form.get("act") == "close":
        case_close(gate=gate, case=case, verdict=form.get("verdict", ""), text=form.get("assessment", ""))
        return "avgjort"
    if form.get("act") == "reopen":
        case_reopen(gate=gate, case=case, text=form.get("why", ""))
        return "gjenapnet"
    raise Http404


def _shown(request: HttpRequest, key: UUID, wrong: dict[str, str]) -> HttpResponse:
    case = reviews.case(request.gate, key)
    if case is None:
        raise Http404
    route = request.resolver_match.url_name
    done = DONE.get(request.GET.get("gjort", ""))
    context: dict[str, Any] = {
        "case": case, "look_ups": reviews.look_ups(key), "charted": reviews.charted(key), "thread": reviews.thread(key),
        "may_ask": case["state"] in ("open", "answered"), "closed": case["state"] == "closed",
        "question": _field("question", _("Spørsmål til den ansatte"), request, wrong, hint=_("Den ansatte ser navnet ditt og det du skriver.")),
        "assessment": _field("assessment", _("Hva bygger du på?"), request, wrong, hint=_("Blir stående i saken. Skriv ikke helseopplysninger.")),
        "why": _field("why", _("Hvorfor må saken vurderes på nytt?"), request, wrong),
        "verdicts": [{"value": value, "label": _(label), "selected": request.POST.get("verdict") == value}
                     for value, label in ReviewCase.Verdict.choices],
        "verdict_error": wrong.get("verdict", ""), "errors": [{"field": f"field-{name}", "text": text} for name, text in wrong.items()],
        "messages": [{"text": _(done)}] if done and not wrong else [], "back_url": reverse(BACK[route]), "back_label": back_label(route),
        "log_url": log_url(case) if route == "log_case" else "",
        "finding_url": reverse("finding", args=[case["source_id"]]) if route == "log_case" else "",
    }  # fmt: skip
    return render(request, "access/reviews/case.html", context, status=422 if wrong else 200)


def back_label(route: str) -> str:
    return _("Saker fra loggen") if route == "log_case" else _("Kontroll av innsyn")


def log_url(case: dict[str, Any]) -> str:
    """The log of this person and this patient that day."""
    day = oslo_date(case["happened_at"])
    return reverse("log_review") + LogFilter(day, day, patient=case["patient_id"], user=case["user_id"]).query()


def _field(name: str, label: str, request: HttpRequest, wrong: dict[str, str], **more: Any) -> dict[str, Any]:
    return text_field(name, label, request.POST.get(name, ""), rows=3, maxlength=2000, error=wrong.get(name, ""), **more)
