"""What administrators make themselves: a role as a copy of another, and an information category (R11, R13)."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.selectors import rights as selectors
from access.selectors.rights import Cell
from access.services import classification
from access.services.classification import ClassificationError
from access.services.rights import rights_propose
from access.views.common import text_field, with_error
from access.views.rights_common import pages


def role_new(request: HttpRequest) -> HttpResponse:
    """A new role with everything of another; from then on it is changed in the matrix."""
    known = {str(row["role"].id): row["role"] for row in selectors.roles()}
    source = request.POST.get("source", request.GET.get("fra", ""))
    fields = [
        text_field("name", _("Hva heter rollen?"), request.POST.get("name", ""), required=True, maxlength=80, autocomplete="off",
                   hint=_("Slik den ansatte skal se den, for eksempel «Sykepleier, rehabilitering».")),
        text_field("mark", _("Merke på skjermen"), request.POST.get("mark", ""), maxlength=2, autocomplete="off", hint=_("En eller to bokstaver. Kan stå tomt.")),
        text_field("source", _("Kopi av"), hint=_("Den nye rollen får de samme rettighetene, kravene og journaltypene. Endre dem i matrisen etterpå."),
                   options=[{"value": key, "label": one.name, "selected": key == source} for key, one in known.items()]),
        _reason(request, _("Hvorfor trengs rollen?")),
    ]  # fmt: skip
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            if source not in known:
                raise ClassificationError("source", _("Velg rollen som den nye skal ligne på."))
            with transaction.atomic():
                made = classification.role_new(
                    name=request.POST.get("name", ""), mark=request.POST.get("mark", ""), source=UUID(source), reason=request.POST.get("reason", "")
                )
            return HttpResponseRedirect(f"{reverse('rights_role', args=[made])}?gjort=ny-rolle")
        except ClassificationError as error:
            errors = with_error(fields, error.field, str(error))
    return _form(request, _("Ny rolle"), _("Lag rollen"), fields, errors, "roles", reverse("rights"))


def category_new(request: HttpRequest) -> HttpResponse:
    """A new category: closed to all, or with a proposal that roles get the same rights as in another category."""
    known = {str(one.code): one for one in selectors.categories()}
    like = request.POST.get("like", "")
    fields = [
        text_field("name", _("Hva heter kategorien?"), request.POST.get("name", ""), required=True, maxlength=80, autocomplete="off",
                   hint=_("Det slags opplysninger som skal styres for seg, for eksempel «Rus og avhengighet».")),
        text_field("strict", _("Er opplysningene særlig følsomme?"), hint=_("Følsomme kategorier er lukket mens pasienten bare er meldt."),
                   options=[{"value": "", "label": _("Nei"), "selected": False}, {"value": "1", "label": _("Ja"), "selected": request.POST.get("strict") == "1"}]),
        text_field("like", _("Hvem skal se den?"), hint=_("Uansett valg er den lukket for alle til en annen administrator har godkjent."),
                   options=[{"value": "", "label": _("Ingen ennå: jeg gir rettigheter i matrisen"), "selected": not like},
                            *({"value": key, "label": _("Foreslå samme rettigheter som i «%(name)s»") % {"name": one.name}, "selected": key == like}
                              for key, one in known.items())]),
        _reason(request, _("Hvorfor trengs kategorien?")),
    ]  # fmt: skip
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            with transaction.atomic():
                made = classification.category_new(
                    name=request.POST.get("name", ""), strict=request.POST.get("strict") == "1", reason=request.POST.get("reason", "")
                )
                cells = _cells_like(int(like), made) if like in known else []
                proposed = rights_propose(cells=cells, reason=request.POST.get("reason", "")).proposed if cells else None
            address = reverse("rights_change", args=[proposed]) if proposed else reverse("document_types")
            return HttpResponseRedirect(f"{address}?gjort={'venter' if proposed else 'ny-kategori'}")
        except ClassificationError as error:
            errors = with_error(fields, error.field, str(error))
    return _form(request, _("Ny informasjonskategori"), _("Lag kategorien"), fields, errors, "document_types", reverse("document_types"))


def _cells_like(known: int, made: int) -> list[Cell]:
    """The new category opened to each role as a known one is."""
    return [
        Cell(role, template, made, 0, actions)
        for role, matrix in selectors.whole_matrix().items()
        for (template, category), actions in matrix.items()
        if category == known
    ]


def _reason(request: HttpRequest, label: str) -> dict[str, Any]:
    return text_field("reason", label, request.POST.get("reason", ""), rows=2, required=True, maxlength=500)


def _form(
    request: HttpRequest, title: str, button: str, fields: list[dict[str, Any]], errors: list[dict[str, str]], page: str, back: str
) -> HttpResponse:
    context = {"title": title, "button": button, "fields": fields, "errors": errors, "pages": pages(page), "back": back}
    return render(request, "access/rights/form.html", context, status=422 if errors else 200)
