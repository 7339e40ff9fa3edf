"""The register of authorisations, for those who administer access: who held which role where on a date."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from access.gate import rows as rows_of
from access.models import OrgUnit, RoleTemplate
from access.selectors.register import PAGE, authorisations_on
from access.views.common import text_field, with_error
from access.views.register_common import WrongDate, options, page, read_date, read_id
from lms_epj.core.clock import oslo_date
from lms_epj.core.folding import sort_key
from lms_epj.core.formatting import format_date


def register(request: HttpRequest) -> HttpResponse:
    """Filters by name, unit, role and date (today unless another is asked for)."""
    form = request.GET
    words, unit, role = form.get("navn", "").strip()[:80], read_id(form.get("enhet")), read_id(form.get("rolle"))
    text = form.get("dato", "").strip() or format_date(request.gate.now)
    fields = _fields(words, unit, role, text)
    try:
        day = read_date(text)
    except WrongDate as wrong:
        return page(request, "people", "register", fields=fields, errors=with_error(fields, "dato", str(wrong)), rows=[], day=None)
    number = max(1, int(form["side"])) if form.get("side", "").isascii() and form.get("side", "").isdigit() and len(form["side"]) < 6 else 1
    rows, total = authorisations_on(day, words=words, unit=unit, role=role, page=number, now=request.gate.now)
    roleless = rows_of("people_without_role", words.split()) if number == 1 and not unit and not role else []
    chosen = {"navn": words, "enhet": unit or "", "rolle": role or "", "dato": text}
    return page(request, "people", "register", fields=fields, rows=rows, roleless=roleless, total=total, day=day, today=day == oslo_date(request.gate.now),
                pager=_pager(chosen, number, total), filtered=bool(words or unit or role), reset_url=reverse("register"))  # fmt: skip


def _fields(words: str, unit: Any, role: Any, day: str) -> list[dict[str, Any]]:
    return [
        text_field("navn", _("Navn eller brukernavn"), words, maxlength=80, autocomplete="off"),
        text_field("enhet", _("Enhet"), options=options(unit_choices(), unit, _("Alle enheter"))),
        text_field("rolle", _("Rolle"), options=options(role_choices(), role, _("Alle roller"))),
        text_field("dato", _("Dato"), day, maxlength=10, autocomplete="off"),
    ]


def unit_choices() -> list[tuple[Any, str]]:
    """Every unit there has been, closed ones too: the register answers for the past."""
    units = OrgUnit.objects.select_related("legal_entity")
    return sorted(((unit.id, f"{unit.name}, {unit.legal_entity.name}") for unit in units), key=lambda one: sort_key(one[1]))


def role_choices() -> list[tuple[Any, str]]:
    return sorted(RoleTemplate.objects.values_list("id", "name"), key=lambda one: sort_key(one[1]))


def _pager(chosen: dict[str, Any], number: int, total: int) -> dict[str, Any]:
    pages = max(1, -(-total // PAGE))

    def address(to: int) -> str:
        return "?" + urlencode({name: value for name, value in (chosen | {"side": to}).items() if value})

    return {
        "page": number, "pages": pages, "previous_url": address(number - 1) if number > 1 else "",
        "next_url": address(number + 1) if number < pages else "",
    }  # fmt: skip
