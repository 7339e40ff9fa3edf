"""The custodian's desk: demands to delete, and notes on the wrong patient. Read, decided and carried out here, for this purpose alone."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from journal.models import RecordClaim
from journal.selectors.claims import GROUNDS, custodian_claim, custodian_claims
from journal.services import claims
from journal.services.errors import JournalError
from journal.views.claims import told_field
from journal.views.typed import Typed

DONE = {
    "erased": gettext_noop("Notatet er slettet. De som hadde lest det, er varslet."),
    "moved": gettext_noop("Notatet er tatt bort og står nå i riktig journal. De som hadde lest det, er varslet."),
    "refused": gettext_noop("Avslaget er ført i journalen med begrunnelsen."),
}


def claim_list(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, or what has been decided."""
    decided = request.GET.get("vis") == "avgjort"
    here = reverse("custodian_claims")
    chips = [{"label": _("Venter"), "url": here, "active": not decided}, {"label": _("Avgjort"), "url": f"{here}?vis=avgjort", "active": decided}]
    return render(
        request, "journal/custodian_claims.html", {"claims": custodian_claims(request.gate, waiting=not decided), "chips": chips, "decided": decided}
    )


def claim_page(request: HttpRequest, asked: UUID) -> HttpResponse:
    """One demand with its note, and the decision. A page left open too long answers that it is decided."""
    claim = custodian_claim(request.gate, asked)
    if claim is None:
        raise Http404
    typed = Typed(request)
    if typed.posted:
        decision = claims.Decision(
            typed.text("outcome") == "granted",
            typed.text("ground"),
            typed.text("reason"),
            typed.text("told"),
            typed.text("heard"),
            bool(typed.text("weighed")),
        )
        try:
            done = claims.claim_decide(gate=request.gate, claim=asked, kind=claim["kind"], wish_of=claim["wish_of"], decision=decision)
            return HttpResponseRedirect(f"{reverse('custodian_claim', args=[asked])}?gjort={done}")
        except JournalError as error:
            typed.refuse(error)
    done_text = DONE.get(request.GET.get("gjort", ""), "")
    context = {
        "claim": claim, "fields": _fields(claim, typed), "errors": typed.error_list(), "weighed": typed.text("weighed"), "weighed_error": typed.errors.get("weighed", ""),
        "messages": [{"text": _(done_text)}] if done_text and not typed.posted else [], "actor": request.gate.user_id,
    }  # fmt: skip
    return render(request, "journal/custodian_claim.html", context, status=typed.status)


def _fields(claim: dict[str, Any], typed: Typed) -> list[dict[str, Any]]:
    grounds = [(one, GROUNDS[one]) for one in claims.GROUNDS[RecordClaim.Kind(claim["kind"])]]
    fields = [
        typed.select("ground", _("Vilkår, når kravet tas til følge"), grounds, empty=_("Velg")),
        typed.field("heard", _("Hva mente forfatteren?"), rows=2, maxlength=1000, hint=_("Kunne forfatteren ikke spørres, så skriv hvorfor.")),
        typed.field("reason", _("Begrunnelse"), rows=3, maxlength=2000, hint=_("Blir stående. Gjengi ikke det som slettes.")),
    ]
    return fields if claim["wish_of"] == RecordClaim.WishOf.OWN else [*fields, told_field(typed)]
