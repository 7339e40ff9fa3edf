"""The custodian's desk: two records that may be one person's. Compared side by side, merged with a reason, and taken apart again."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from journal.selectors import merging as selectors
from journal.services import merging
from journal.services.errors import JournalError
from journal.views.common import is_uuid
from journal.views.typed import Typed

DONE = {
    "merged": gettext_noop("Journalene er slått sammen. Enhetene som behandler pasienten nå, har fått en oppgave om å gå gjennom dem."),
    "refused": gettext_noop("Avslaget er registrert. Journalene er fortsatt to."),
    "undone": gettext_noop("Sammenslåingen er opphevet. Alt som fulgte med, står der det sto."),
}


def merge_list(request: HttpRequest) -> HttpResponse:
    """What waits, what is decided, and the custodian's own proposal by two numbers."""
    typed = Typed(request)
    if typed.posted:
        try:
            made = merging.merge_ask(gate=request.gate, numbers=(typed.text("one"), typed.text("other")), reason=typed.text("reason"))
            return HttpResponseRedirect(reverse("record_merge", args=[made]))
        except JournalError as error:
            typed.refuse(error)
    decided = request.GET.get("vis") == "avgjort"
    here = reverse("record_merges")
    context = {
        "merges": selectors.merges(request.gate, waiting=not decided), "decided": decided, "errors": typed.error_list(), "actor": request.gate.user_id,
        "chips": [{"label": _("Venter"), "url": here, "active": not decided}, {"label": _("Avgjort"), "url": f"{here}?vis=avgjort", "active": decided}],
        "fields": [
            typed.field("one", _("Nummer i den ene journalen"), maxlength=14, autocomplete="off", hint=_("Fødselsnummer, D-nummer eller midlertidig nummer.")),
            typed.field("other", _("Nummer i den andre"), maxlength=14, autocomplete="off"),
            typed.field("reason", _("Hvorfor er dette én person?"), rows=2, maxlength=1000),
        ],
    }  # fmt: skip
    return render(request, "journal/record_merges.html", context, status=typed.status)


def merge_page(request: HttpRequest, merge: UUID) -> HttpResponse:
    """The comparison, and what may be done: merge, refuse, or take apart."""
    typed = Typed(request)
    if typed.posted:
        try:
            done = _act(request, merge, typed)
            return HttpResponseRedirect(f"{reverse('record_merge', args=[merge])}?gjort={done}")
        except JournalError as error:
            typed.refuse(error)
    found = selectors.merge(request.gate, merge)
    if found is None:
        raise Http404
    done_text = DONE.get(request.GET.get("gjort", ""), "")
    chosen = typed.text("survivor") or selectors.suggested(found)
    context = {
        "merge": found, "actor": request.gate.user_id, "errors": typed.error_list(), "chosen": chosen, "confirmed_error": typed.errors.get("confirmed", ""),
        "fields": [typed.field("reason", _("Begrunnelse"), rows=3, maxlength=1000, required=True, hint=_("Hvordan du vet det. Står i loggen til begge journalene."))],
        "messages": [{"text": _(done_text)}] if done_text and not typed.posted else [],
    }  # fmt: skip
    return render(request, "journal/record_merge.html", context, status=typed.status)


def _act(request: HttpRequest, merge: UUID, typed: Typed) -> str:
    gate, reason, act = request.gate, typed.text("reason"), typed.text("act")
    if act == "undo":
        merging.merge_undo(gate=gate, merge=merge, reason=reason)
        return "undone"
    if act == "refuse":
        merging.merge_refuse(gate=gate, merge=merge, reason=reason)
        return "refused"
    survivor = typed.text("survivor")
    if not is_uuid(survivor):
        raise JournalError("survivor", _("Velg hvilken journal som skal gjelde."), {"survivor": _("Velg hvilken journal som skal gjelde.")})
    seen, confirmed = typed.text("seen").split(), bool(typed.text("confirmed"))
    merging.records_merge(gate=gate, merge=merge, survivor=UUID(survivor), reason=reason, seen=seen, confirmed=confirmed)
    return "merged"
