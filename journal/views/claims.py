"""Demands to correct or delete, at the patient: registered, followed, decided where they are about correction, and answered by letter (3.6)."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.domain.codes import Action
from access.domain.identity import Mode, check_identity
from access.gate import call
from journal.models import Note, RecordClaim
from journal.selectors.claims import GROUNDS, KINDS, WISHES, claim_row, claims_of
from journal.selectors.frame import patient_frame
from journal.services import claims
from journal.services.claim_letter import claim_letter
from journal.services.errors import JournalError
from journal.views.common import after, messages, row_or_404
from journal.views.typed import Typed, act_page


def claim_list(request: HttpRequest, patient: UUID) -> HttpResponse:
    """All demands about this patient's notes that this reader may know of, with what was decided; also of notes that are gone."""
    context = {**patient_frame(request.gate, patient, "notes"), "claims": claims_of(patient), "messages": messages(request, patient)}
    return render(request, "journal/claims.html", context)


def claim_new(request: HttpRequest, patient: UUID, note: UUID) -> HttpResponse:
    """Registers a demand about a note."""
    about = row_or_404(Note, patient, note, corrects=None)
    typed = Typed(request, {"kind": request.GET.get("krav", "")})
    right = _right_patient(request, typed) if typed.posted and typed.text("kind") == RecordClaim.Kind.WRONG_PATIENT else None
    if typed.ready:
        try:
            made = claims.claim_register(
                gate=request.gate, note=about, kind=typed.text("kind"), wish_of=typed.text("wish_of"), text=typed.text("text"), right_patient=right
            )
            return HttpResponseRedirect(f"{reverse('claim', args=[patient, made.pk])}?gjort=krav")
        except JournalError as error:
            typed.refuse(error)
    return act_page(
        request, patient, typed, title=_("Krav om notatet «%(title)s»") % {"title": about.title}, submit=_("Registrer kravet"), active="notes",
        lead=_("Kravet blir en del av journalen. Retting avgjøres av den som kan signere her. Sletting og feil pasient avgjøres av journalansvarlig."),
        cancel_url=reverse("note", args=[patient, note]), fields=[
            typed.select("kind", _("Hva kreves?"), KINDS.items(), empty=_("Velg")), typed.select("wish_of", _("Hvem krever det?"), WISHES.items(), empty=_("Velg")),
            typed.field("text", _("Hva kreves, og hvorfor?"), rows=4, maxlength=2000, hint=_("Slettes notatet, slettes også denne teksten.")),
            typed.field("number", _("Riktig pasients fødselsnummer"), inputmode="numeric", autocomplete="off",
                        hint=_("Bare når notatet står på feil pasient. Du må ha tilgang til den riktige journalen. Uten nummer slettes notatet, og må skrives på nytt.")),
        ],
    )  # fmt: skip


def _right_patient(request: HttpRequest, typed: Typed) -> UUID | None:
    """The patient whose number was typed, disclosed for writing; None when the field is empty or wrong."""
    number = typed.text("number").strip()
    if not number:
        return None
    checked = check_identity(number, Mode.TEST if settings.PLAIN_HTTP else Mode.PRODUCTION)
    person = call("lookup_number", checked.normalised) if checked.ok else None
    key = UUID(person["patient_id"]) if person and person["patient_id"] else None
    if key is None or key not in request.gate.disclose([key], Action.WRITE):
        typed.errors["number"] = _("Sjekk nummeret. Du må ha tilgang til å skrive i den riktige pasientens journal.")
        return None
    return key


def claim_page(request: HttpRequest, patient: UUID, claim: UUID) -> HttpResponse:
    """One demand: what was demanded, what was decided and why, and for a correction the decision itself."""
    return _claim(request, patient, _of(patient, claim), Typed(request))


def _of(patient: UUID, claim: UUID) -> RecordClaim:
    found = RecordClaim.objects.filter(patient=patient, pk=claim).select_related("author", "unit", "document_type", "decided_by").first()
    if found is None:
        raise Http404
    return found


def _claim(request: HttpRequest, patient: UUID, claim: RecordClaim, typed: Typed) -> HttpResponse:
    gate, target = request.gate, [patient, claim.pk]
    note = None if claim.erased_at else Note.objects.filter(pk=claim.about_id).first()
    here = claim.kind == RecordClaim.Kind.CORRECTION and claim.state == "open" and note is not None and gate.may(Action.SIGN, claim.category_id)
    grounds = [(one, GROUNDS[one]) for one in claims.GROUNDS[RecordClaim.Kind(claim.kind)]]
    context = {
        **patient_frame(gate, patient, "notes"), "claim": claim_row(claim), "messages": messages(request, patient), "errors": typed.error_list(),
        "note_url": reverse("note", args=[patient, note.pk]) if note else "", "note_title": note.title if note else "",
        "corrected": bool(note and note.corrected_at and note.corrected_at > claim.recorded_at),
        "correct_url": reverse("note_correct", args=[patient, note.pk]) if here and note else "",
        "decide_url": reverse("claim_decide", args=target) if here else "",
        "letter_url": reverse("claim_letter", args=target) if claim.state != "open" and claim.wish_of != "own" and gate.may(Action.PRINT, claim.category_id) else "",
        "fields": [typed.select("ground", _("Vilkår, når kravet tas til følge"), grounds, empty=_("Velg")),
                   typed.field("reason", _("Begrunnelse"), rows=3, maxlength=2000, hint=_("Må skrives når kravet avslås.")), told_field(typed)],
    }  # fmt: skip
    return render(request, "journal/claim.html", context, status=typed.status)


def told_field(typed: Typed) -> dict[str, Any]:
    return typed.field(
        "told",
        _("Hvordan fikk pasienten vite det?"),
        maxlength=500,
        hint=_("Brev eller samtale, og når. Ved avslag: også at det kan klages til statsforvalteren."),
    )


def claim_decide(request: HttpRequest, patient: UUID, claim: UUID) -> HttpResponse:
    """A demand to correct is granted, when the note has been corrected, or refused."""
    found, typed = _of(patient, claim), Typed(request)
    if found.kind != RecordClaim.Kind.CORRECTION:
        raise Http404
    if typed.posted:
        granted = typed.text("outcome") == "granted"
        try:
            claims.correction_decide(
                gate=request.gate, claim=found, decision=claims.Decision(granted, typed.text("ground"), typed.text("reason"), typed.text("told"))
            )
            return HttpResponseRedirect(f"{reverse('claim', args=[patient, claim])}?gjort=avgjort")
        except JournalError as error:
            typed.refuse(error)
    return _claim(request, patient, found, typed)


def claim_letter_view(request: HttpRequest, patient: UUID, claim: UUID) -> HttpResponse:
    """The answer to the one who demanded, as PDF."""
    found = _of(patient, claim)
    if found.state == RecordClaim.State.OPEN:
        raise Http404
    return HttpResponse(
        claim_letter(gate=request.gate, claim=found), content_type="application/pdf", headers={"Content-Disposition": "inline; filename=svar.pdf"}
    )


def withhold(request: HttpRequest, patient: UUID, note: UUID) -> HttpResponse:
    """Marks a note that is not to be given to the patient, with a reason; or takes the mark away."""
    row, typed = row_or_404(Note, patient, note, corrects=None), Typed(request)
    if typed.ready:
        try:
            if row.withheld_at:
                claims.note_give_again(gate=request.gate, note=row)
            else:
                claims.note_withhold(gate=request.gate, note=row, reason=typed.text("reason"))
            return after("notes", patient, "utlevering" if row.withheld_at is None else "ikke-utlevering")
        except JournalError as error:
            typed.refuse(error)
    title = _("Pasienten kan få notatet likevel") if row.withheld_at else _("Ikke gi notatet til pasienten")
    return act_page(
        request, patient, typed, title=title, submit=_("Fjern merket") if row.withheld_at else _("Merk notatet"), active="notes",
        lead=_("Innsyn kan bare nektes når det er påtrengende nødvendig for å hindre fare for liv eller alvorlig helseskade for pasienten selv, eller klart "
               "utilrådelig av hensyn til noen som står pasienten nær. Kolleger leser notatet som før."),
        cancel_url=reverse("note", args=[patient, note]),
        fields=[] if row.withheld_at else [typed.field("reason", _("Hvorfor?"), rows=3, maxlength=500)],
    )  # fmt: skip
