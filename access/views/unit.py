"""The unit leader's page: who holds a role in the unit, the periodic re-approval, and those who leave."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.gate import call
from access.gate import rows as gate_rows
from access.models import ReviewCase
from access.selectors.register import unit_staff
from access.services.authorisations import AuthorisationError
from access.services.leaving import reapprove
from access.views import register_person
from access.views.register_common import after, crumbs, page, read_id

KINDS = dict(ReviewCase.Kind.choices)
VERDICTS = {"lawful": gettext_noop("Rettmessig"), "mistake": gettext_noop("Feil, i god tro"), "unlawful": gettext_noop("Urettmessig")}


def staff(request: HttpRequest) -> HttpResponse:
    """Everyone with a role here; while a re-approval is open, with the answers that are lacking first."""
    return _staff(request)


def _staff(request: HttpRequest, error: str = "") -> HttpResponse:
    rows = unit_staff()
    waiting = [row for row in rows if row["asked"] and not row["myself"]]
    rows.sort(key=lambda row: not (row["asked"] and not row["myself"]))
    first: dict[str, Any] = rows[0] if rows else {}
    return page(
        request, "unit", "", rows=rows, waiting=len(waiting), due_at=first.get("due_at"), closed_at=first.get("closed_at"),
        open=bool(first.get("cycle_id")) and first.get("closed_at") is None, overdue=bool(waiting) and first["due_at"] < request.gate.now,
        lacking=sum(1 for row in rows if row["lacking"]), error=error, verdicts=_verdicts(), status=422 if error else 200,
    )  # fmt: skip


def _verdicts() -> list[dict[str, Any]]:
    """How control of the unit's own people has ended: not read first, read ones for a while."""
    return [row | {"kind_text": _(KINDS[row["kind"]]), "verdict_text": _(VERDICTS[row["verdict"]])} for row in gate_rows("unit_verdicts")]


def verdict_read(request: HttpRequest, case: UUID) -> HttpResponse:
    """The leader has read one."""
    if request.method == "POST" and call("verdict_read", case):
        return after("unit_staff", "lest")
    return after("unit_staff", "")


def approve(request: HttpRequest) -> HttpResponse:
    """One, or all that are left."""
    if request.method != "POST":
        return after("unit_staff", "")
    one = read_id(request.POST.get("authorisation"))
    asked = [one] if one else [row["authorisation_id"] for row in unit_staff() if row["asked"] and not row["myself"]]
    try:
        reapprove(unit=request.gate.unit_id, authorisations=asked, approved=True)
    except AuthorisationError as refused:
        return _staff(request, str(refused))
    return after("unit_staff", "godkjent" if one else "alle")


def withdraw(request: HttpRequest, authorisation: UUID) -> HttpResponse:
    """A role that is not approved ends now."""
    row = next((row for row in unit_staff() if row["authorisation_id"] == authorisation and row["asked"] and not row["myself"]), None)
    if row is None:
        raise Http404
    name = f"{row['given_name']} {row['family_name']}"
    return register_person.confirm(
        request, {}, lambda reason: reapprove(unit=request.gate.unit_id, authorisations=[authorisation], approved=False, reason=reason),
        "avsluttet", route="unit_staff", way=_way(), arguments=(), title=_("Avslutt rollen til %(name)s?") % {"name": name},
        label=_("Hvorfor rollen ikke godkjennes"), submit=_("Avslutt rollen"),
        lead=_("%(name)s mister rollen %(role)s i enheten med en gang. Slutter personen helt, så velg «Slutter» på personens side.")
        % {"name": name, "role": row["role_name"]},
    )  # fmt: skip


def person(request: HttpRequest, person: UUID) -> HttpResponse:
    """One of the unit's own: roles and courses, and the way out."""
    card = register_person.card_or_404(person)
    return page(request, "colleague", "", card=card, name=register_person.name_of(card), crumbs=_way(),
                live=[one for one in card["authorisations"] if one["live"]], course_fields=register_person.course_fields(request))  # fmt: skip


def course(request: HttpRequest, person: UUID) -> HttpResponse:
    card = register_person.card_or_404(person)
    return register_person.course(request, person, "unit_person", _way(card))


def leave(request: HttpRequest, person: UUID) -> HttpResponse:
    card = register_person.card_or_404(person)
    return register_person.leaving_page(request, card, way=_way(card), route="unit_staff", arguments=())


def _way(card: dict[str, Any] | None = None) -> list[dict[str, str]]:
    steps = [(_("Enheten"), reverse("unit_staff"))]
    if card:
        steps.append((register_person.name_of(card), reverse("unit_person", args=[card["user"]["id"]])))
    return crumbs(*steps)
