"""One finding: every point with its reason; put away as usual, or taken into a case."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.selectors import findings
from access.services.reviews import ReviewError, finding_case, finding_undo, finding_usual
from access.views.case_page import log_url
from access.views.common import text_field


def page(request: HttpRequest, finding: UUID) -> HttpResponse:
    """GET shows it; POST does one act, named by ``act``."""
    if request.method != "POST":
        return _shown(request, finding, {})
    try:
        return HttpResponseRedirect(_act(request, finding))
    except ReviewError as refused:
        return _shown(request, finding, refused.errors)


def _act(request: HttpRequest, finding: UUID) -> str:
    """Where to go on. Raises ReviewError, and Http404 for what is not there."""
    form, gate = request.POST, request.gate
    if form.get("act") == "usual":
        finding_usual(gate=gate, finding=finding, remark=form.get("remark", ""))
        return f"{reverse('work_list')}?gjort=vanlig&rad={finding}"
    if form.get("act") == "undo" and finding_undo(gate=gate, finding=finding):
        return f"{reverse('work_list')}?gjort=angret"
    if form.get("act") == "case" and (case := finding_case(gate=gate, finding=finding)):
        return reverse("log_case", args=[case])
    raise Http404


def _shown(request: HttpRequest, key: UUID, wrong: dict[str, str]) -> HttpResponse:
    found = findings.finding(request.gate, key)
    if found is None:
        raise Http404
    hint = _("For eksempel: fast vikar på enheten, eller bestilt av legen.")
    context: dict[str, Any] = {
        "finding": found, "log_url": log_url(found | {"happened_at": found["first_at"]}),
        "case_url": reverse("log_case", args=[found["case_id"]]) if found["case_id"] else "", "new": found["state"] == "new",
        "remark": text_field("remark", _("Hvorfor er oppslaget i orden?"), request.POST.get("remark", ""), maxlength=500, hint=hint,
                             error=wrong.get("remark", ""), autocomplete="off"),
        "errors": [{"field": f"field-{name}", "text": text} for name, text in wrong.items()],
    }  # fmt: skip
    return render(request, "access/reviews/finding.html", context, status=422 if wrong else 200)
