"""A new person in the register, and what an administrator changes of one: licences, a lost password, a lost telephone."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from access.models.identity import Licence
from access.services.authorisations import AuthorisationError
from access.services.hiring import FieldError, NewLicence, factor_remove, licence_add, licence_change, start_password_give, user_create
from access.views.common import text_field, with_error
from access.views.register_common import WrongDate, after, crumbs, options, page, read_date
from access.views.register_person import card_or_404, confirm, name_of, way_to
from lms_epj.core.clock import end_of_day, oslo_date, start_of_day
from lms_epj.core.formatting import format_date, format_last_day

Field = dict[str, Any]


def new(request: HttpRequest) -> HttpResponse:
    """Name, user name and licence. The start password is shown once, on the answer to the form."""
    form = request.POST
    fields = [
        text_field("given_name", _("Fornavn og mellomnavn"), form.get("given_name", ""), required=True, maxlength=80, autocomplete="off"),
        text_field("family_name", _("Etternavn"), form.get("family_name", ""), required=True, maxlength=80, autocomplete="off"),
        text_field("username", _("Brukernavn"), form.get("username", ""), required=True, maxlength=80, autocomplete="off", spellcheck="false",
                   hint=_("Små bokstaver uten æ, ø og å, for eksempel kari.nordmann. Kan ikke endres siden.")),
        *_licence_fields(form, first=_("Ingen godkjenning")),
        _reason(form, _("Hvorfor personen legges inn")),
    ]  # fmt: skip
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            licence = _licence(request) if form.get("profession") else None
            user, password = user_create(
                username=form.get("username", "").strip().lower(), given_name=form.get("given_name", ""), family_name=form.get("family_name", ""),
                licence=licence, reason=form.get("reason", ""),
            )  # fmt: skip
            return _handed_over(request, user, password, new=True)
        except (FieldError, WrongDate, AuthorisationError) as wrong:
            errors = _marked(fields, wrong, form)
    return page(request, "new", "", fields=fields, errors=errors, crumbs=crumbs((_("Personer"), reverse("register"))), cancel_url=reverse("register"))


def _licence_fields(form: Any, first: str) -> list[Field]:
    return [
        text_field("profession", _("Godkjent som (HPR)"), options=options(Licence.Profession.choices, form.get("profession"), first)),
        text_field(
            "number", _("HPR-nummer"), form.get("number", ""), inputmode="numeric", maxlength=9, autocomplete="off", hint=_("Sju til ni sifre.")
        ),
        *_span_fields(form.get("from", ""), form.get("to", "")),
    ]


def _span_fields(first: str, last: str) -> list[Field]:
    return [
        text_field("from", _("Gjelder fra"), first, maxlength=10, autocomplete="off", hint=_("dd.mm.åååå. Tomt felt betyr i dag.")),
        text_field("to", _("Til og med"), last, maxlength=10, autocomplete="off", hint=_("Tomt felt betyr inntil videre.")),
    ]


def _reason(form: Any, label: str) -> Field:
    return text_field("reason", label, form.get("reason", ""), required=True, maxlength=300, autocomplete="off")


class _WrongField(WrongDate):
    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def _span(request: HttpRequest) -> tuple[Any, Any]:
    """(from, to) as moments. Raises WrongDate with the field that is wrong."""
    days: dict[str, date | None] = {}
    for name in ("from", "to"):
        text = request.POST.get(name, "").strip()
        try:
            days[name] = read_date(text) if text else None
        except WrongDate as wrong:
            raise _WrongField(name, str(wrong)) from None
    first, last = days["from"] or oslo_date(request.gate.now), days["to"]
    if last and last < first:
        raise _WrongField("to", _("Perioden kan ikke slutte før den begynner."))
    return start_of_day(first), end_of_day(last) if last else None


def _licence(request: HttpRequest) -> NewLicence:
    profession = request.POST.get("profession", "")
    if profession not in Licence.Profession.values:
        raise FieldError("profession", _("Velg hva personen er godkjent som."))
    return NewLicence(profession, request.POST.get("number", "").replace(" ", ""), *_span(request))


def _marked(fields: list[Field], wrong: Exception, form: Any) -> list[dict[str, str]]:
    return with_error(fields, getattr(wrong, "field", "reason" if form.get("reason", "").strip() == "" else fields[0]["name"]), str(wrong))


def _handed_over(request: HttpRequest, user: UUID, password: str, *, new: bool) -> HttpResponse:
    """The start password, this once: it is kept nowhere, and the page is not stored by the browser."""
    card = card_or_404(user)
    return page(request, "start_password", "", card=card, name=name_of(card), password=password, new=new, crumbs=way_to(card))


def licence_new(request: HttpRequest, person: UUID) -> HttpResponse:
    """One more licence."""
    card, form = _changeable(request, person), request.POST
    fields = [*_licence_fields(form, first=_("Velg")), _reason(form, _("Hvorfor den legges inn"))]
    return _act(request, card, fields, lambda: licence_add(user=person, licence=_licence(request), reason=form.get("reason", "")),
                title=_("Legg inn godkjenning for %(name)s") % {"name": name_of(card)}, submit=_("Lagre godkjenningen"))  # fmt: skip


def licence(request: HttpRequest, person: UUID, licence: UUID) -> HttpResponse:
    """Another span for a licence: renewed, ended, or wrongly typed."""
    card, form = _changeable(request, person), request.POST
    held = next((one for one in card["licences"] if one["id"] == str(licence)), None)
    if held is None:
        raise Http404
    last = format_last_day(held["valid_to"]) if held["valid_to"] else ""
    span = _span_fields(form.get("from", format_date(held["valid_from"])), form.get("to", last))
    fields = [*span, _reason(form, _("Hvorfor perioden endres"))]

    def change() -> None:
        first, end = _span(request)
        licence_change(user=person, licence=licence, valid_from=first, valid_to=end, reason=form.get("reason", ""))

    return _act(request, card, fields, change, title=_("Endre perioden: %(name)s, HPR %(number)s") % held, submit=_("Lagre perioden"),
                lead=_("Roller som krever godkjenningen, åpner bare i perioden. Det som sto her før, blir stående i loggen."))  # fmt: skip


def _changeable(request: HttpRequest, person: UUID) -> dict[str, Any]:
    card = card_or_404(person)
    if not card["may_act"] or card["user"]["system"]:
        raise Http404
    return card


def _act(request: HttpRequest, card: dict[str, Any], fields: list[Field], act: Callable[[], None], **words: Any) -> HttpResponse:
    person, errors = card["user"]["id"], []
    if request.method == "POST":
        try:
            act()
            return after("register_person", "godkjenning", person)
        except (FieldError, WrongDate, AuthorisationError) as wrong:
            errors = _marked(fields, wrong, request.POST)
    return page(request, "act", "", fields=fields, errors=errors, cancel_url=reverse("register_person", args=[person]), crumbs=way_to(card), **words)


def start_password(request: HttpRequest, person: UUID) -> HttpResponse:
    """For one who has forgotten the own."""
    card = _changeable(request, person)
    fields = [_reason(request.POST, _("Hvorfor personen trenger nytt passord, og hvordan du vet hvem det er"))]
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            password = start_password_give(user=person, reason=request.POST.get("reason", ""))
            return _handed_over(request, person, password, new=False)
        except AuthorisationError as refused:
            errors = with_error(fields, "reason", str(refused))
    return page(
        request, "act", "", fields=fields, errors=errors, danger=True, cancel_url=reverse("register_person", args=[person]), crumbs=way_to(card),
        title=_("Gi %(name)s et nytt startpassord?") % {"name": name_of(card)}, submit=_("Lag startpassord"),
        lead=_("Det gamle passordet og PIN-koden slutter å virke, og personen logges ut overalt. Startpassordet vises én gang og må byttes ved "
               "første innlogging. Kodeappen beholdes."),
    )  # fmt: skip


def factor(request: HttpRequest, person: UUID) -> HttpResponse:
    """For one who has lost the telephone."""
    card = _changeable(request, person)
    return confirm(
        request, card, lambda reason: factor_remove(user=person, reason=reason), "kodeapp",
        label=_("Hvorfor kodeappen tas bort, og hvordan du vet hvem det er"),
        title=_("Ta bort kodeappen for %(name)s?") % {"name": name_of(card)}, submit=_("Ta bort kodeappen"),
        lead=_("Personen logges ut overalt og setter opp en ny app ved neste innlogging, med passordet sitt. Den som har gitt personen "
               "startpassordet, kan ikke også ta bort kodeappen."),
    )  # fmt: skip
