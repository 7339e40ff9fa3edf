"""«Spørsmål om innsyn»: the employee who was asked reads the question and answers. Opens no record; takes no role of a certain kind."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access import gate
from access.selectors.reviews import KINDS, MESSAGES
from access.services.reviews import ReviewError, question_answer
from access.views import refused
from access.views.common import go, text_field
from lms_epj.core.words import gettext_noop

VERDICTS = {
    "lawful": gettext_noop("Innsynet var i orden."),
    "mistake": gettext_noop("Feil, i god tro."),
    "unlawful": gettext_noop("Urettmessig. Lederen din har fått beskjed."),
}


def questions(request: HttpRequest) -> HttpResponse:
    """Those that wait first."""
    if not _works(request):
        return go("home")
    found = [_told(row, request) for row in gate.rows("my_questions", request.epj_secret, None, _request(request))]
    return render(request, "access/reviews/questions.html", {"questions": found, "answered": request.GET.get("gjort") == "svart"})


def answer(request: HttpRequest, case: UUID) -> HttpResponse:
    """One question with the thread; POST answers it."""
    if not _works(request):
        return go("home")
    wrong: dict[str, str] = {}
    if request.method == "POST":
        if request.POST.get("actor") != request.epj_facts["user"]["id"]:
            return refused.mismatch(request)
        try:
            question_answer(secret=request.epj_secret, case=case, text=request.POST.get("answer", ""))
            return HttpResponseRedirect(reverse("questions") + "?gjort=svart")
        except ReviewError as error:
            wrong = error.errors
    found = gate.rows("my_questions", request.epj_secret, case, _request(request))
    if not found:
        raise Http404
    thread = [row | {"kind_text": _(MESSAGES[row["kind"]])} for row in gate.rows("my_thread", request.epj_secret, case)]
    hint = _("Skriv hva du skulle gjøre for pasienten. Svaret går til den som spurte, og blir stående i saken.")
    field = text_field("answer", _("Svaret ditt"), request.POST.get("answer", ""), rows=5, maxlength=2000, hint=hint, error=wrong.get("answer", ""))
    context: dict[str, Any] = {
        "question": _told(found[0], request), "thread": thread, "field": field, "waits": found[0]["state"] == "asked",
        "errors": [{"field": f"field-{name}", "text": text} for name, text in wrong.items()],
    }  # fmt: skip
    return render(request, "access/reviews/question.html", context, status=422 if wrong else 200)


def _works(request: HttpRequest) -> bool:
    """A person with a chosen role: before that there is no page to show it in. System clients are asked nothing."""
    facts = request.epj_facts
    return facts["state"] == "ok" and facts["authorisation"] is not None and not facts["session"]["purpose"]


def _request(request: HttpRequest) -> str:
    return gate.Request(action="case_asked", route=request.resolver_match.url_name, purpose="case_answer").as_json()


def _told(row: dict[str, Any], request: HttpRequest) -> dict[str, Any]:
    name, icon = KINDS[row["kind"]]
    return row | {
        "kind_text": _(name), "icon": icon, "url": reverse("question", args=[row["id"]]), "waits": row["state"] == "asked",
        "verdict_text": _(VERDICTS[row["verdict"]]) if row["verdict"] else "",
    }  # fmt: skip
