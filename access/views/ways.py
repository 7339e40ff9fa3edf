"""The forms of the lawful ways in, and the end of emergency access. Each shows what it opens before it is done."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from access import gate
from access.services import ways
from access.services.ways import UnknownPerson, WayError
from access.views.common import text_field, url
from access.views.denied import denied_page, number_of, number_token, person_of, subject_key
from lms_epj.core.clock import oslo_date

Fields = list[dict[str, Any]]


def arrival(request: HttpRequest) -> HttpResponse:
    """A patient who is on the way here: who told, and why."""
    number, form = number_of(request), request.POST
    fields = _arrival_fields(request)
    return _step(
        request, number, "arrival", fields,
        lambda: ways.arrival_register(gate=request.gate, number=number, caller=form.get("caller", ""), reason=form.get("reason", "")),
        title=_("Registrer ankomst"), label=_("Registrer ankomst"), template="NOTIFIED",
        text=_("Journalen åpnes for alle som arbeider på %(unit)s, i %(hours)s timer eller til pasienten er tatt imot. Pasienten ser det i loggen.")
        % {"unit": request.gate.unit["name"], "hours": gate.call("setting", "arrival_hours")},
    )  # fmt: skip


def participation(request: HttpRequest) -> HttpResponse:
    """Taking part in the treatment: personal, a day, reviewed."""
    return _personal(request, "participation", "PARTICIPATION", _("Delta i behandlingen"),
                     _("Journalen åpnes for deg i 24 timer. Begrunnelsen blir kontrollert, og pasienten ser den i loggen."))  # fmt: skip


def finishing(request: HttpRequest) -> HttpResponse:
    """Finishing one's work after the record has closed: what the own unit charted, a day."""
    return _personal(request, "finishing", "FINISHING", _("Gjør ferdig arbeid"),
                     _("Det enheten din har ført, åpnes for deg i 24 timer. Begrunnelsen blir kontrollert, og pasienten ser den i loggen."))  # fmt: skip


def _personal(request: HttpRequest, name: str, template: str, title: str, text: str) -> HttpResponse:
    number, reason = number_of(request), request.POST.get("reason", "")
    return _step(
        request, number, name, [_reason_field(reason)],
        lambda: ways.personal_open(gate=request.gate, template=template, number=number, reason=reason),
        title=title, label=_("Åpne journalen"), template=template, text=text,
    )  # fmt: skip


def _step(
    request: HttpRequest, number: str, name: str, fields: Fields, act: Callable[[], UUID], *, title: str, label: str, template: str, text: str
) -> HttpResponse:
    """The form the first time, the act when it was sent, the form with errors when it could not be done."""
    ways.check_decides(request.gate, template)
    errors: list[dict[str, str]] = []
    if "save" in request.POST:
        try:
            return _opened(request, act(), template)
        except WayError as refused:
            errors = _mark(fields, refused)
    context = {
        "title": title, "text": text, "label": label, "patient": person_of(number), "url": url(name), "fields": fields, "errors": errors,
        "back_url": url("search"), "number": number_token(request, number), "subject": subject_key(number),
    }  # fmt: skip
    return render(request, "access/arrival.html", context, status=422 if errors else 200)


def arrival_unknown(request: HttpRequest) -> HttpResponse:
    """A patient whose number is not known: unconscious, foreign, newborn."""
    ways.check_decides(request.gate, "NOTIFIED")
    form, today = request.POST, oslo_date(request.gate.now)
    fields = [
        text_field("family_name", _("Etternavn"), form.get("family_name", ""), required=True, maxlength=100, autocomplete="off",
                   hint=_("Vet du det ikke, så skriv «Ukjent».")),
        text_field("given_name", _("Fornavn"), form.get("given_name", ""), maxlength=100, autocomplete="off"),
        text_field("birth_date", _("Fødselsdato"), form.get("birth_date", ""), maxlength=10, autocomplete="off",
                   hint=_("dd.mm.åååå. La feltet stå tomt når den ikke er kjent.")),
        text_field("sex", _("Kjønn"), options=[
            {"value": code, "label": word, "selected": form.get("sex", "U") == code}
            for code, word in (("U", _("Ukjent")), ("K", _("Kvinne")), ("M", _("Mann")))]),
        text_field("age", _("Anslått alder"), form.get("age", ""), maxlength=7, autocomplete="off", hint=_("For eksempel 60 eller 55-65, når fødselsdatoen ikke er kjent.")),
        text_field("marks", _("Kjennetegn"), form.get("marks", ""), rows=2, maxlength=1000, hint=_("Høyde, hår, arr, tatoveringer, klær, eiendeler. Ikke diagnoser.")),
        text_field("found", _("Hvor og hvordan funnet"), form.get("found", ""), rows=2, maxlength=500),
        *_arrival_fields(request),
    ]  # fmt: skip
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            person = UnknownPerson(
                form.get("family_name", ""), form.get("given_name", ""), _birth_date(form.get("birth_date", ""), today),
                form.get("sex", "U") if form.get("sex") in ("K", "M") else "U", *_age(form.get("age", "")), form.get("marks", ""), form.get("found", ""),
            )  # fmt: skip
            patient = ways.unknown_arrival_register(gate=request.gate, person=person, caller=form.get("caller", ""), reason=form.get("reason", ""))
            return _opened(request, patient, "NOTIFIED")
        except WayError as refused:
            errors = _mark(fields, refused)
    context = {
        "title": _("Registrer pasient uten fødselsnummer"), "label": _("Registrer ankomst"), "fields": fields, "errors": errors,
        "text": _("Bruk dette bare når fødselsnummeret ikke kan skaffes nå. Pasienten får et midlertidig nummer. Det riktige legges til senere, så journalen blir den samme."),
        "url": url("arrival_unknown"), "back_url": url("search"), "subject": "unknown",
    }  # fmt: skip
    return render(request, "access/arrival.html", context, status=422 if errors else 200)


def emergency(request: HttpRequest) -> HttpResponse:
    """The emergency form of the denial page."""
    number, form = number_of(request), request.POST
    try:
        patient = ways.emergency_open(
            gate=request.gate, number=number, reason_code=form.get("reason_code", ""), reason=form.get("reason", ""),
            scope=form.getlist("scope"), confirmed="confirmed" in form,
        )  # fmt: skip
    except WayError as refused:
        person = gate.call("lookup_number", number)
        if person["patient_id"]:
            return HttpResponseRedirect(url("patient", person["patient_id"]))
        return denied_page(request, person, refused.errors)
    return HttpResponseRedirect(url("patient", patient))


def emergency_end(request: HttpRequest, patient: UUID) -> HttpResponse:
    """«Avslutt nå»."""
    if request.method == "POST":
        ways.emergency_end(gate=request.gate, patient=patient)
        return HttpResponseRedirect(url("home"))
    return HttpResponseRedirect(url("patient", patient))


def _opened(request: HttpRequest, patient: UUID, template: str) -> HttpResponse:
    """On to the patient; on the ward an arrival goes on to what is expected, and when."""
    ward = request.gate.unit["kind"] == "observation_ward"
    expect = url("stay_expect", patient) if template == "NOTIFIED" and ward else ""
    return HttpResponseRedirect(expect or url("patient", patient))


def _arrival_fields(request: HttpRequest) -> Fields:
    caller = text_field("caller", _("Hvem meldte fra?"), request.POST.get("caller", ""), required=True, maxlength=200, autocomplete="off",
                        hint=_("For eksempel legevakten, AMK, fastlegen, hjemmesykepleien eller pårørende."))  # fmt: skip
    return [caller, _reason_field(request.POST.get("reason", ""))]


def _reason_field(value: str) -> dict[str, Any]:
    return text_field("reason", _("Hvorfor?"), value, rows=3, required=True, maxlength=1000, hint=_("Pasienten kan lese det du skriver."))


def _birth_date(text: str, today: date) -> date | None:
    """dd.mm.yyyy, or None for an empty field.

    Raises WayError.
    """
    if not text.strip():
        return None
    try:
        day, month, year = (int(part) for part in text.strip().split("."))
        born = date(year, month, day)
    except ValueError:
        raise WayError({"birth_date": _("Datoen finnes ikke. Skriv den som dd.mm.åååå.")}) from None
    if born.year < 1900 or born > today:
        raise WayError({"birth_date": _("Fødselsdatoen kan ikke stemme. Kontroller den.")})
    return born


def _age(text: str) -> tuple[int | None, int | None]:
    """«60» or «55-65» as years; both None for an empty field.

    Raises WayError.
    """
    if not text.strip():
        return None, None
    parts = [part.strip() for part in text.replace("–", "-").split("-")]
    if not 1 <= len(parts) <= 2 or not all(part.isascii() and part.isdigit() and len(part) <= 3 for part in parts):
        raise WayError({"age": _("Skriv alderen i år, for eksempel 60 eller 55-65.")})
    low, high = int(parts[0]), int(parts[-1])
    if low > high or high > 120:
        raise WayError({"age": _("Alderen kan ikke stemme. Kontroller den.")})
    return low, high


def _mark(fields: Fields, refused: WayError) -> list[dict[str, str]]:
    """Puts each message at its field and returns the summary."""
    for item in fields:
        item["error"] = refused.errors.get(item["name"], "")
    return [{"field": f"field-{name}", "text": text} for name, text in refused.errors.items()]
