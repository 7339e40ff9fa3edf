"""A question to a specialist: asked at the wound; read and answered by whoever holds the link and the code."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.gate import call
from journal.models import Wound
from journal.selectors.attachments import parts
from journal.selectors.frame import patient_frame
from journal.selectors.wound_words import wound_words
from journal.services.errors import JournalError
from journal.views.common import after, row_or_404
from journal.views.typed import Typed, act_page
from journal.views.wounds import wound_view
from telemed.models import SpecialistQuestion
from telemed.selectors.questions import chosen, showable
from telemed.services import questions
from telemed.views.guest import readable, shown_image

PROOF = "epj_sporsmal"


def ask(request: HttpRequest, patient: UUID, wound: UUID) -> HttpResponse:
    """Chooses what is shown, asks, and shows the link and the code – this once."""
    row: Wound = row_or_404(Wound, patient, wound)
    shown = showable(request.gate, row)
    newest = [item for one in shown[:1] for item in (one, *one["images"])]
    wanted = set(request.POST.getlist("entry")) if request.method == "POST" else {str(item["id"]) for item in newest}
    typed = Typed(request, {"days": "7"})
    if typed.ready:
        try:
            way = questions.question_ask(
                wound=row, entries=chosen(shown, wanted), question=typed.text("question"), name=typed.text("name"), organisation=typed.text("organisation"),
                days=typed.number("days"),
            )  # fmt: skip
        except JournalError as error:
            typed.refuse(error)
        else:
            context = patient_frame(request.gate, patient, "notes") | {
                "address": request.build_absolute_uri(reverse("specialist", args=[way.secret])), "code": f"{way.code[:3]} {way.code[3:]}",
                "name": typed.text("name"), "back": reverse("wound", args=[patient, wound]), "days": typed.number("days"),
            }  # fmt: skip
            return render(request, "telemed/question_link.html", context)
    for one in shown:
        for item in (one, *one["images"]):
            item["chosen"] = str(item["id"]) in wanted
    return act_page(
        request, patient, typed, title=_("Spør spesialist"), submit=_("Lag lenke"), active="notes", template="telemed/question_new.html", lead=wound_words(row),
        wound_id=row.pk, shown=shown, cancel_url=reverse("wound", args=[patient, wound]), parts=parts(request.gate, patient, "wounds"),
        fields=[
            typed.field("question", _("Hva vil du spørre om?"), rows=5, maxlength=4000),
            typed.field("name", _("Hvem spør du?"), maxlength=80, hint=_("Navn eller funksjon, for eksempel «Sårsykepleier på vakt»")),
            typed.field("organisation", _("Sted"), maxlength=80, hint=_("For eksempel «Ahus, hudavdelingen»")),
            typed.select("days", _("Lenken virker i"), [(days, _("%(days)s dager") % {"days": days}) for days in questions.DAYS]),
        ],
    )  # fmt: skip


def close(request: HttpRequest, patient: UUID, question: UUID) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    row: SpecialistQuestion = row_or_404(SpecialistQuestion, patient, question)
    try:
        questions.question_close(question=row.pk)
    except JournalError as error:
        return wound_view(request, patient, row.origin_id, error)
    return after("wound", patient, "trukket", args=[row.origin_id])


def specialist(request: HttpRequest, secret: str) -> HttpResponse:
    """The question to the one who is asked: first the code, then what is shown and the place for an answer."""
    proof = request.COOKIES.get(PROOF, "")
    typed = {name: request.POST.get(name, "") for name in ("answer", "name")}
    with transaction.atomic():
        state = call("specialist_state", secret, proof)
        if state is None:
            raise Http404
        if request.method == "POST" and state == "code":
            return _coded(request, secret, typed)
        error: JournalError | None = None
        if request.method == "POST" and state == "open":
            try:
                questions.question_answer(secret=secret, proof=proof, **typed)
                return HttpResponseRedirect(reverse("specialist", args=[secret]))
            except JournalError as refused:
                error = refused
        found = call("specialist_read", secret, proof) if state == "open" else None
    return _page(request, secret, state, found, error, typed)


def _coded(request: HttpRequest, secret: str, typed: dict[str, str]) -> HttpResponse:
    """The right code opens the page for an hour in this browser. An answer that took longer to write is carried along."""
    if "code" not in request.POST:
        return _page(
            request, secret, "code", None, JournalError("late", _("Tiden er ute. Skriv koden en gang til. Svaret ditt er tatt vare på.")), typed
        )
    proof = questions.proof_for(secret=secret, code=request.POST["code"])
    if proof is None:
        wrong = JournalError("code", _("Koden stemmer ikke. Etter fem forsøk slutter lenken å virke."))
        return _page(request, secret, call("specialist_state", secret, ""), None, wrong, typed)
    here = reverse("specialist", args=[secret])
    answer = _page(request, secret, "open", call("specialist_read", secret, proof), None, typed) if typed["answer"] else HttpResponseRedirect(here)
    answer.set_cookie(PROOF, proof, max_age=3600, path=here, httponly=True, secure=not settings.PLAIN_HTTP, samesite="Strict")
    return answer


def _page(
    request: HttpRequest, secret: str, state: str, found: dict[str, Any] | None, error: JournalError | None, typed: dict[str, str]
) -> HttpResponse:
    here = reverse("specialist", args=[secret])
    context: dict[str, Any] = {
        "state": state if found or state != "open" else "over",
        "error": error.message if error else "",
        "url": here,
        "typed": typed,
    }
    if found:
        faults = error.fields if error else {}
        items = [readable(one, lambda key: reverse("specialist_image", args=[secret, key])) for one in found["items"]]
        context |= found | {"items": items, "fields": [
            {"id": "f-answer", "name": "answer", "label": _("Svar"), "value": typed["answer"], "rows": 8, "maxlength": 10_000, "error": faults.get("answer", "")},
            {"id": "f-name", "name": "name", "label": _("Navn og stilling"), "value": typed["name"], "maxlength": 80, "error": faults.get("name", "")},
        ]}  # fmt: skip
    response = render(request, "telemed/specialist.html", context, status=422 if error else 200)
    response.headers["Cache-Control"] = "no-store"
    return response


def specialist_image(request: HttpRequest, secret: str, image: UUID) -> HttpResponse:
    """An image that was put before this specialist, as bytes. What was not, or may not be shown any longer, does not exist."""
    with transaction.atomic():
        content = call("specialist_image", secret, request.COOKIES.get(PROOF, ""), image)
    return shown_image(content)
