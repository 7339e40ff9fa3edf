"""One person in the register: roles over time, licences, courses, sessions; and the acts on them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from access.gate import call, rows
from access.models import Course
from access.models.identity import Licence
from access.selectors.register import held_units, person_card
from access.services.authorisations import AuthorisationError, authorisation_end, authorisation_give, holding_set
from access.services.courses import course_completed, course_strike
from access.services.leaving import leaving_close, leaving_undo, sessions_end
from access.views.common import text_field, with_error
from access.views.register import role_choices, unit_choices
from access.views.register_common import WrongDate, after, crumbs, options, page, read_date, read_id
from lms_epj.core.clock import end_of_day, oslo_date, start_of_day

PROFESSIONS = dict(Licence.Profession.choices)


def card_or_404(user: UUID) -> dict[str, Any]:
    """What the register holds of somebody; one whom the acting person has nothing to do with does not exist."""
    card = person_card(user)
    if card is None:
        raise Http404
    for one in card["licences"]:
        one["name"] = PROFESSIONS.get(one["profession"], one["profession"])
    return card


def name_of(card: dict[str, Any]) -> str:
    return f"{card['user']['given_name']} {card['user']['family_name']}"


def person(request: HttpRequest, person: UUID) -> HttpResponse:
    """All of it on one page."""
    card = card_or_404(person)
    left = next((one for one in card["departures"] if one["returned_at"] is None), None)
    return page(
        request, "person", "register", card=card, name=name_of(card), left=left, crumbs=way_to(),
        live=[one for one in card["authorisations"] if not one["ended"]],
        former=[one for one in card["authorisations"] if one["ended"]],
        may_give=bool(held_units(request.gate)) and card["user"]["active"] and person != request.gate.user_id,
        may_change=card["may_act"] and not card["user"]["system"] and not left,
        course_fields=course_fields(request), hold_field=_hold_field(request, card),
        hold_url=reverse("register_holding", args=[person]) if person != request.gate.user_id else "",
    )  # fmt: skip


def _hold_field(request: HttpRequest, card: dict[str, Any]) -> dict[str, Any] | None:
    """Units that may be handed on to this administrator; None for others and for oneself."""
    if not card["administers"] or card["user"]["id"] == str(request.gate.user_id):
        return None
    held = {one["unit_id"] for one in card["holds"]}
    units = {row["holdable"] for row in rows("holdable")}
    choices = [choice for choice in unit_choices() if choice[0] in units and str(choice[0]) not in held]
    return text_field("unit", _("Enhet"), options=options(choices, None, _("Velg enhet")), required=True) if choices else None


def holding(request: HttpRequest, person: UUID) -> HttpResponse:
    """Which units' registers another administrator holds."""
    unit = read_id(request.POST.get("unit"))
    card_or_404(person)
    if request.method == "POST" and unit is not None:
        try:
            holding_set(user=person, unit=unit, held="take" not in request.POST)
            return after("register_person", "forvalter", person)
        except AuthorisationError:
            pass
    return after("register_person", "", person)


def way_to(card: dict[str, Any] | None = None) -> list[dict[str, str]]:
    steps = [(_("Personer"), reverse("register"))]
    if card:
        steps.append((name_of(card), reverse("register_person", args=[card["user"]["id"]])))
    return crumbs(*steps)


def give(request: HttpRequest, person: UUID) -> HttpResponse:
    """A role in one of the units one holds, from a day, to a day or for good."""
    card, form, today = card_or_404(person), request.POST, oslo_date(request.gate.now)
    fields = [
        text_field("role", _("Rolle"), options=options(role_choices(), form.get("role"), _("Velg rolle")), required=True),
        text_field("unit", _("Enhet"), options=options(_held(request), form.get("unit"), _("Velg enhet")), required=True,
                   hint=_("Bare enheter du forvalter tilganger for.")),
        text_field("from", _("Gjelder fra"), form.get("from", ""), maxlength=10, autocomplete="off", hint=_("dd.mm.åååå. Tomt felt betyr nå.")),
        text_field("to", _("Til og med"), form.get("to", ""), maxlength=10, autocomplete="off", hint=_("Tomt felt betyr inntil videre.")),
        text_field("reason", _("Hvorfor rollen gis"), form.get("reason", ""), required=True, maxlength=300, autocomplete="off"),
    ]  # fmt: skip
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            first = read_date(form["from"]) if form.get("from", "").strip() else today
            last = read_date(form["to"]) if form.get("to", "").strip() else None
            role, unit = read_id(form.get("role")), read_id(form.get("unit"))
            if role is None or unit is None:
                raise AuthorisationError(_("Velg rolle og enhet."))
            start = start_of_day(first) if first > today else request.gate.now
            authorisation_give(gate=request.gate, user=person, role=role, unit=unit, valid_from=start,
                               valid_to=end_of_day(last) if last else None, reason=form.get("reason", ""))  # fmt: skip
            return after("register_person", "gitt", person)
        except WrongDate as wrong:
            name = "from" if not _is_date(form.get("from", "")) else "to"
            errors = with_error(fields, name, str(wrong))
        except AuthorisationError as refused:
            errors = with_error(fields, "reason" if not form.get("reason", "").strip() else "role", str(refused))
    return page(request, "act", "", title=_("Gi en rolle til %(name)s") % {"name": name_of(card)}, fields=fields, errors=errors,
                submit=_("Gi rollen"), cancel_url=reverse("register_person", args=[person]), crumbs=way_to(card))  # fmt: skip


def _is_date(text: str) -> bool:
    try:
        return not text.strip() or bool(read_date(text))
    except WrongDate:
        return False


def _held(request: HttpRequest) -> list[tuple[UUID, str]]:
    return [(unit.id, f"{unit.name}, {unit.legal_entity.name}") for unit in held_units(request.gate)]


def end(request: HttpRequest, person: UUID, authorisation: UUID) -> HttpResponse:
    """One role, from now on."""
    card = card_or_404(person)
    held = next((one for one in card["authorisations"] if one["id"] == str(authorisation) and one["mine"]), None)
    if held is None:
        raise Http404
    return confirm(
        request, card, lambda reason: authorisation_end(gate=request.gate, authorisation=authorisation, unit=UUID(held["unit_id"]), reason=reason),
        "avsluttet", title=_("Avslutt rollen %(role)s, %(unit)s?") % held, label=_("Hvorfor rollen avsluttes"), submit=_("Avslutt rollen"),
        lead=_("%(name)s mister tilgangen med en gang. Det som er ført, blir stående, og registeret viser at rollen har vært.") % {"name": name_of(card)},
    )  # fmt: skip


def sessions(request: HttpRequest, person: UUID) -> HttpResponse:
    """Logs the person out everywhere: a lost tablet, a shared password."""
    card = card_or_404(person)
    return confirm(
        request, card, lambda reason: sessions_end(user=person, reason=reason), "okter", label=_("Hvorfor øktene avsluttes"),
        title=_("Logg ut %(name)s overalt?") % {"name": name_of(card)}, submit=_("Logg ut overalt"),
        lead=_("Alle økter og API-nøkler avsluttes nå. Personen kan logge inn igjen. Kladder er tatt vare på."),
    )  # fmt: skip


def back(request: HttpRequest, person: UUID) -> HttpResponse:
    """One who had left is taken in again."""
    card = card_or_404(person)
    return confirm(
        request, card, lambda reason: leaving_undo(user=person, reason=reason), "tilbake", label=_("Hvorfor personen tas inn igjen"),
        title=_("Ta inn %(name)s igjen?") % {"name": name_of(card)}, submit=_("Ta inn igjen"), danger=False,
        lead=_("Personen kan logge inn, men har ingen rolle før du gir en. De gamle rollene kommer ikke tilbake."),
    )  # fmt: skip


def strike(request: HttpRequest, person: UUID, completion: UUID) -> HttpResponse:
    """A course that was registered by mistake."""
    card = card_or_404(person)
    course = next((one for one in card["courses"] if one["id"] == str(completion) and one["live"]), None)
    if course is None:
        raise Http404
    return confirm(
        request, card, lambda reason: course_strike(completion=completion, reason=reason), "strok", label=_("Hva som er feil"),
        title=_("Stryk kurset %(name)s?") % course, submit=_("Stryk kurset"),
        lead=_("Roller som krever kurset, åpner ikke noe før det er tatt på nytt."),
    )  # fmt: skip


def confirm(
    request: HttpRequest, card: dict[str, Any], act: Callable[[str], Any], done: str, *, label: str, route: str = "register_person",
    way: list[dict[str, str]] | None = None, arguments: tuple[Any, ...] | None = None, **words: Any,
) -> HttpResponse:  # fmt: skip
    """A page that asks for the reason of one act, does it, and goes back with a line that says so."""
    arguments = (UUID(card["user"]["id"]),) if arguments is None else arguments
    fields = [text_field("reason", label, request.POST.get("reason", ""), required=True, maxlength=300, autocomplete="off")]
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            answer = act(request.POST.get("reason", ""))
            return after(route, answer if isinstance(answer, str) else done, *arguments)
        except AuthorisationError as refused:
            errors = with_error(fields, "reason", str(refused))
    return page(request, "act", "", fields=fields, errors=errors, cancel_url=reverse(route, args=arguments),
                crumbs=way_to(card) if way is None else way, **({"danger": True} | words))  # fmt: skip


def course_fields(request: HttpRequest) -> list[dict[str, Any]]:
    courses = Course.objects.order_by("name").values_list("id", "name")
    return [
        text_field("course", _("Kurs"), options=options(courses, request.POST.get("course"), _("Velg kurs")), required=True),
        text_field("on", _("Tatt dato"), request.POST.get("on", ""), required=True, maxlength=10, autocomplete="off"),
    ]


def course(request: HttpRequest, person: UUID, route: str = "register_person", way: list[dict[str, str]] | None = None) -> HttpResponse:
    """A course that the person has taken."""
    card, fields = card_or_404(person), course_fields(request)
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            chosen = read_id(request.POST.get("course"))
            if chosen is None:
                raise AuthorisationError(_("Velg kurs."))
            course_completed(gate=request.gate, user=person, course=chosen, on=read_date(request.POST.get("on", "")))
            return after(route, "kurs", person)
        except WrongDate as wrong:
            errors = with_error(fields, "on", str(wrong))
        except AuthorisationError as refused:
            errors = with_error(fields, "on" if read_id(request.POST.get("course")) else "course", str(refused))
    return page(request, "act", "", title=_("Registrer kurs for %(name)s") % {"name": name_of(card)}, fields=fields, errors=errors,
                submit=_("Registrer kurs"), cancel_url=reverse(route, args=[person]), crumbs=way_to(card) if way is None else way)  # fmt: skip


def leave(request: HttpRequest, person: UUID) -> HttpResponse:
    """One who leaves, closed in one act."""
    card = card_or_404(person)
    return leaving_page(request, card, way=way_to(card), route="register_person")


def leaving_page(
    request: HttpRequest, card: dict[str, Any], *, way: list[dict[str, str]], route: str, arguments: tuple[Any, ...] | None = None
) -> HttpResponse:
    """What will be closed, what stays elsewhere, what is left undone; and the act."""
    user = UUID(card["user"]["id"])
    found = call("leaving_preview", user)
    if found is None:
        raise Http404

    def act(reason: str) -> str:
        return "sluttet" if leaving_close(user=user, reason=reason)["closed"] else "delvis"

    return confirm(
        request, card, act, "sluttet", route=route, way=way, arguments=arguments, leaving=found,
        title=_("%(name)s slutter") % {"name": name_of(card)}, label=_("Hvorfor tilgangene avsluttes"), submit=_("Avslutt alt"),
        lead=_("Alt under avsluttes nå, i ett. Det som er ført i journalen, blir stående med navnet."),
    )  # fmt: skip
