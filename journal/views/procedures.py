"""The procedure library and links to knowledge: read by all who work here, written and approved by leaders."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from journal.models import KnowledgeLink, Procedure
from journal.selectors.procedures import as_typed, knowledge_context, library_context, procedure_context
from journal.services import procedures
from journal.services.errors import JournalError
from journal.services.procedures import Proposal
from journal.views.typed import Typed

DONE = {
    "foreslatt": gettext_noop("Forslaget er lagret. En annen leder må godkjenne det før det gjelder."),
    "godkjent": gettext_noop("Godkjent. Denne versjonen gjelder fra nå."),
    "trukket": gettext_noop("Trukket tilbake. Den kan fortsatt leses i historikken."),
    "lagret": gettext_noop("Lenken er lagt til."),
    "fjernet": gettext_noop("Lenken er fjernet."),
}


def library(request: HttpRequest) -> HttpResponse:
    """All procedures in force, or those that hold every word sought for."""
    return render(request, "journal/procedures.html", library_context(request.gate, request.GET.get("sok", "")[:100]) | _done(request))


def procedure(request: HttpRequest, procedure: UUID) -> HttpResponse:
    """One version. A version that no longer counts says so."""
    return _shown(request, _procedure_or_404(procedure))


def procedure_new(request: HttpRequest) -> HttpResponse:
    return _form(request, None)


def procedure_change(request: HttpRequest, series: UUID) -> HttpResponse:
    """The next version, from the newest there is."""
    newest = Procedure.objects.filter(series=series).order_by("-number").first()
    if newest is None:
        raise Http404
    return _form(request, newest)


def procedure_approve(request: HttpRequest, procedure: UUID) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    row = _procedure_or_404(procedure)
    try:
        procedures.procedure_approve(gate=request.gate, procedure=row.pk)
    except JournalError as error:
        return _shown(request, row, error)
    return HttpResponseRedirect(f"{reverse('procedure', args=[row.pk])}?gjort=godkjent")


def procedure_withdraw(request: HttpRequest, procedure: UUID) -> HttpResponse:
    """Asks for the reason first."""
    row, typed = _procedure_or_404(procedure), Typed(request)
    if typed.ready:
        try:
            procedures.procedure_withdraw(gate=request.gate, procedure=row.pk, reason=typed.text("reason"))
            return HttpResponseRedirect(f"{reverse('procedure', args=[row.pk])}?gjort=trukket")
        except JournalError as error:
            typed.refuse(error)
    return _act(
        request, typed, title=_("Trekk tilbake"), submit=_("Trekk tilbake"), danger=True, lead=row.title, back=reverse("procedure", args=[row.pk]),
        fields=[typed.field("reason", _("Hvorfor?"), rows=3, maxlength=500)],
    )  # fmt: skip


def knowledge(request: HttpRequest) -> HttpResponse:
    """Where to read more about a code. The address holds the code and never a patient."""
    system, code = request.GET.get("system", "")[:8], request.GET.get("kode", "").strip()[:8]
    return render(request, "journal/knowledge.html", knowledge_context(request.gate, system, code) | _done(request))


def knowledge_new(request: HttpRequest) -> HttpResponse:
    typed = Typed(request, {"address": "https://"})
    if typed.ready:
        try:
            procedures.knowledge_add(
                gate=request.gate,
                system=typed.text("system"),
                prefix=typed.text("prefix")[:8],
                title=typed.text("title"),
                address=typed.text("address")[:300],
            )
            return HttpResponseRedirect(f"{reverse('knowledge')}?gjort=lagret")
        except JournalError as error:
            typed.refuse(error)
    return _act(
        request, typed, title=_("Ny lenke"), submit=_("Legg til lenken"), back=reverse("knowledge"),
        fields=[
            typed.select("system", _("Kodeverk"), KnowledgeLink.System.choices, empty=_("Velg")),
            typed.field("prefix", _("Koden begynner med"), maxlength=8, hint=_("For eksempel L89 eller B01. Tomt gjelder alle koder i kodeverket")),
            typed.field("title", _("Navn på lenken"), maxlength=120),
            typed.field("address", _("Nettadresse"), maxlength=300, hint=_("Skriv {code} der koden skal inn i adressen")),
        ],
    )  # fmt: skip


def knowledge_end(request: HttpRequest, link: UUID) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        procedures.knowledge_end(gate=request.gate, link=link)
    except JournalError as error:
        return render(request, "journal/knowledge.html", knowledge_context(request.gate, "", "") | {"refused": error.message}, status=error.status)
    return HttpResponseRedirect(f"{reverse('knowledge')}?gjort=fjernet")


def _form(request: HttpRequest, newest: Procedure | None) -> HttpResponse:
    typed = Typed(request, as_typed(newest))
    review_on = typed.day("review_on")
    if typed.ready:
        proposal = Proposal(
            title=typed.text("title"), text=typed.text("text"), steps=typed.text("steps"), keywords=typed.text("keywords"), codes=typed.text("codes"),
            changed=typed.text("changed"), review_on=review_on,
        )  # fmt: skip
        try:
            made = procedures.procedure_propose(
                gate=request.gate, typed=proposal, series=newest.series if newest else None, base=typed.number("base")
            )
            return HttpResponseRedirect(f"{reverse('procedure', args=[made])}?gjort=foreslatt")
        except JournalError as error:
            typed.refuse(error)
    return _act(
        request, typed, title=_("Ny versjon av %(title)s") % {"title": newest.title} if newest else _("Ny prosedyre"), submit=_("Lagre forslaget"),
        lead=_("En annen leder i samarbeidet godkjenner forslaget. Til da gjelder versjonen som er i bruk."), hidden={"base": typed.text("base")},
        back=reverse("procedure", args=[newest.pk]) if newest else reverse("procedures"),
        fields=[
            typed.field("title", _("Navn"), maxlength=120), typed.field("text", _("Framgangsmåte"), rows=12, maxlength=20000),
            typed.field("steps", _("Sjekkliste"), rows=8, maxlength=20000, hint=_("Ett punkt per linje. Begynn linjen med ! når punktet må besvares")),
            typed.field("keywords", _("Søkeord"), maxlength=200), typed.field("codes", _("Gjelder koder"), maxlength=200, hint=_("For eksempel icd10:L89 atc:B01")),
            typed.field("changed", _("Hva er nytt, og hvorfor?"), rows=2, maxlength=300),
            typed.field("review_on", _("Gås gjennom igjen innen"), hint=_("For eksempel 24.11.2027")),
        ],
    )  # fmt: skip


def _act(request: HttpRequest, typed: Typed, **context: object) -> HttpResponse:
    more = {"errors": typed.error_list(), "actor": request.gate.user_id}
    return render(request, "journal/leader_act.html", {**context, **more}, status=typed.status)


def _shown(request: HttpRequest, row: Procedure, error: JournalError | None = None) -> HttpResponse:
    context = procedure_context(request.gate, row) | _done(request) | {"refused": error.message if error else "", "actor": request.gate.user_id}
    return render(request, "journal/procedure.html", context, status=error.status if error else 200)


def _procedure_or_404(procedure: UUID) -> Procedure:
    row = Procedure.objects.filter(pk=procedure).select_related("written_by", "approved_by", "withdrawn_by").first()
    if row is None:
        raise Http404
    return row


def _done(request: HttpRequest) -> dict[str, object]:
    text = DONE.get(request.GET.get("gjort", ""), "")
    return {"messages": [{"text": _(text)}] if text else []}
