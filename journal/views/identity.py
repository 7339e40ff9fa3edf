"""Who the patient is: numbers now and before, what is seen of one without a number, and the act of saying who it turned out to be."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.domain.codes import Action
from access.domain.decide import decide_patient
from access.gate import call
from access.models import PatientIdentity, UnknownIdentity
from access.selectors.patients import patient_rows
from access.services import identifying
from access.services.ways import WayError
from journal.domain.moments import parse_day
from journal.selectors.frame import patient_frame
from journal.selectors.merging import NUMBER_KINDS, age_text
from journal.views.typed import Typed

DONE = {
    "known": gettext_noop("Nummeret og navnet er registrert. Det midlertidige nummeret finner fortsatt denne journalen."),
    "proposed": gettext_noop("Nummeret har en journal fra før. Det er foreslått for journalansvarlig å slå de to sammen. Før videre her imens."),
    "withdrawn": gettext_noop("Nummeret og navnet er tatt av. Pasienten har det midlertidige nummeret igjen."),
}


def identity(request: HttpRequest, patient: UUID) -> HttpResponse:
    """GET: who it is. POST: first a look at whose number it is, then – confirmed – the act."""
    typed = Typed(request)
    person: dict[str, Any] | None = None
    if typed.posted:
        try:
            if typed.text("act") == "withdraw":
                identifying.identity_withdraw(gate=request.gate, patient=patient, reason=typed.text("reason"))
                return _to(patient, "withdrawn")
            number = identifying.number_of(typed.text("number")).normalised
            person = _behind(request, number)
            if typed.text("confirmed") and typed.text("shown") == number:
                done = identifying.identity_set(
                    gate=request.gate, patient=patient, number=number, basis=typed.text("basis"), person=_typed_person(typed)
                )
                return _to(patient, done)
            if len(typed.text("basis").strip()) < identifying.SHORTEST_BASIS:
                raise WayError({"basis": _("Skriv hvordan du vet hvem det er.")})
        except WayError as error:
            typed.errors |= error.errors
            typed.status = 422
    numbers = list(PatientIdentity.objects.filter(patient=patient).order_by(F("valid_to").desc(nulls_first=True), "-valid_from"))
    seen = UnknownIdentity.objects.filter(patient=patient).select_related("registered_by", "identified_by").first()
    done_text = DONE.get(request.GET.get("gjort", ""), "")
    may = decide_patient(request.gate.known, Action.WRITE, None).allow
    context = patient_frame(request.gate, patient, "patient") | {
        "numbers": [{"kind": _(NUMBER_KINDS.get(one.kind, one.kind)), "value": one.value, "valid_from": one.valid_from, "valid_to": one.valid_to} for one in numbers],
        "seen": seen, "age": age_text(seen.age_from, seen.age_to) if seen else "", "person": person, "shown": typed.text("number") if person is not None else "",
        "may_identify": may and not any(one.kind == "FNR" and one.valid_to is None for one in numbers), "may_withdraw": may and bool(seen and seen.identified_at),
        "fields": _fields(typed, person), "reason_field": typed.field("reason", _("Hvorfor er nummeret feil?"), rows=2, maxlength=500, required=True),
        "errors": typed.error_list(), "messages": [{"text": _(done_text)}] if done_text and not typed.posted else [],
    }  # fmt: skip
    return render(request, "journal/identity.html", context, status=typed.status)


def _to(patient: UUID, done: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('patient_identity', args=[patient])}?gjort={done}")


def _behind(request: HttpRequest, number: str) -> dict[str, Any]:
    """Whose number it is: {name?, birth_date?}; empty when the register here does not know it. What is one's own is disclosed, and logged."""
    found = call("lookup_number", number)
    if found and found["patient_id"]:
        key = UUID(found["patient_id"])
        (row,) = patient_rows(request.gate.disclose([key])) or ({},)
        return {"name": f"{row['given_name']} {row['family_name']}", "birth_date": row["birth_date"]} if row else {}
    return {"name": f"{found['given_name']} {found['family_name']}", "birth_date": date.fromisoformat(found["birth_date"])} if found else {}


def _typed_person(typed: Typed) -> identifying.Person:
    text = typed.text("birth_date").strip()
    try:
        born = parse_day(text) if text else None
    except ValueError:
        raise WayError({"birth_date": _("Skriv datoen som 24.11.2026.")}) from None
    return identifying.Person(typed.text("family_name"), typed.text("given_name"), born, typed.text("sex") if typed.text("sex") in ("K", "M") else "")


def _fields(typed: Typed, person: dict[str, Any] | None) -> list[dict[str, Any]]:
    fields = [
        typed.field("number", _("Fødselsnummer eller annet nummer"), maxlength=14, autocomplete="off", required=True, hint=_("Fødselsnummer, D-nummer, felles hjelpenummer eller DUF-nummer.")),
        typed.field("basis", _("Hvordan vet du hvem det er?"), maxlength=300, required=True, hint=_("For eksempel legitimasjon, pårørende, politiet eller pasienten selv.")),
    ]  # fmt: skip
    if person == {}:
        fields += [
            typed.field("family_name", _("Etternavn"), maxlength=100, required=True, autocomplete="off"),
            typed.field("given_name", _("Fornavn"), maxlength=100, autocomplete="off"),
            typed.field("birth_date", _("Fødselsdato"), maxlength=10, autocomplete="off", hint=_("dd.mm.åååå")),
            typed.select("sex", _("Kjønn"), [("", _("Ukjent")), ("K", _("Kvinne")), ("M", _("Mann"))]),
        ]
    return fields
