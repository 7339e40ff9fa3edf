"""The matrix of one role, changing it with who gains and loses shown first, how it was on a day, its history, and all of it as a file (R11, R12)."""

import csv
import io
import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import SuspiciousOperation
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.domain import levels
from access.models import Licence, RoleTemplate
from access.selectors import rights as selectors
from access.selectors.rights import Cell, Matrix
from access.services.rights import RightsError, rights_propose
from access.views.common import text_field, with_error
from access.views.log_review import safe_cell
from access.views.rights_common import Names, messages, pages, shown, sides
from lms_epj.core.clock import end_of_day, oslo_date, plausible
from lms_epj.core.formatting import format_date


def first_role(request: HttpRequest) -> HttpResponse:
    """The first role of the list, or the first that the search finds."""
    found = selectors.roles(request.GET.get("q", ""))
    if not found:
        return render(request, "access/rights/none.html", {"query": request.GET.get("q", ""), "pages": pages("roles")})
    return _matrix_page(request, found[0]["role"])


def role(request: HttpRequest, role: UUID) -> HttpResponse:
    """GET: the matrix, now or as it was on ``dato``. POST ``preview``: who would gain and lose; ``save``: the change; ``edit``: back to the matrix."""
    found = get_object_or_404(RoleTemplate, id=role)
    if request.method != "POST":
        return _matrix_page(request, found)
    act = request.POST.get("act", "")
    if act == "save":
        return _save(request, found)
    cells = _posted_cells(request, found) if act == "edit" else _changed_cells(request, found)
    if act == "edit" or not cells:
        return _matrix_page(request, found, cells, nothing=act == "preview")
    return _preview_page(request, found, cells)


def _matrix_page(request: HttpRequest, found: RoleTemplate, cells: list[Cell] | None = None, nothing: bool = False) -> HttpResponse:
    today = oslo_date(request.gate.now)
    text, error, past = request.GET.get("dato", "").strip(), "", None
    if text:
        try:
            # Only the date is wanted: the zone plays no part.
            day = plausible(datetime.strptime(text, "%d.%m.%Y").date())  # noqa: DTZ007
            past = day if day < today else None
        except ValueError:
            error = _("Datoen finnes ikke. Skriv den som dd.mm.åååå.")
    standing = selectors.matrix(found.id, end_of_day(past) if past else None)
    wished = {(cell.template, cell.category): cell.after for cell in cells or []}
    templates, categories = selectors.templates(), selectors.categories()
    for template in templates:
        template.tail_text = tail_text(template.tail_hours)
    context = {
        "role": found, "facts": role_facts(found), "query": request.GET.get("q", ""), "roles": selectors.roles(request.GET.get("q", "")),
        "templates": templates, "lines": [_line(category, templates, standing, wished) for category in categories],
        "people": selectors.people(found.id), "pages": pages("roles"), "messages": messages(request), "past": past, "day_text": text or format_date(today),
        "error": error, "nothing": nothing, "legend": [{"word": _(word), "look": look, "text": _(text)} for word, look, text in levels.LEVELS.values()],
    }  # fmt: skip
    return render(request, "access/rights/matrix.html", context, status=422 if error else 200)


def tail_text(hours: int) -> str:
    """How long one reads after the measure has ended."""
    if not hours:
        return ""
    if hours % 24:
        return _("leser %(n)s t etter") % {"n": hours}
    return _("leser %(n)s døgn etter") % {"n": hours // 24}


def role_facts(found: RoleTemplate) -> str:
    """What holds for the role beside the matrix, in a sentence."""
    facts = []
    if found.required_profession:
        facts.append(_("Krever autorisasjon som %(profession)s.") % {"profession": Licence.Profession(found.required_profession).label.lower()})
    facts.append(_("Fører journal.") if found.may_chart else _("Fører ikke journal: skriverett i matrisen virker ikke."))
    if found.needs_cosign:
        facts.append(_("Notater skal kontrasigneres."))
    return " ".join(facts)


def _line(category: Any, templates: list[Any], standing: Matrix, wished: Matrix) -> dict[str, Any]:
    return {"category": category, "cells": [_cell(category.code, template, standing, wished) for template in templates]}


def _cell(category: int, template: Any, standing: Matrix, wished: Matrix) -> dict[str, Any]:
    held = standing.get((template.id, category), 0)
    wanted = wished.get((template.id, category), held)
    offered = [shown(one) | {"selected": one == wanted} for one in dict.fromkeys((*levels.LEVELS, held))]
    return {"name": cell_name(template.id, category), "template": template, "held": shown(held), "wanted": shown(wanted), "options": offered}


def cell_name(template: UUID, category: int) -> str:
    """What a cell's field is called in the form."""
    return f"c-{template}-{category}"


def _changed_cells(request: HttpRequest, found: RoleTemplate) -> list[Cell]:
    """The cells in which the form says something else than what stands."""
    standing = selectors.matrix(found.id)
    changed = []
    for category in selectors.categories():
        for template in selectors.templates():
            held = standing.get((template.id, category.code), 0)
            wanted = request.POST.get(cell_name(template.id, category.code), str(held))
            if wanted not in {str(one) for one in (*levels.LEVELS, held)}:
                raise SuspiciousOperation("not a level of the matrix")
            if int(wanted) != held:
                changed.append(Cell(found.id, template.id, category.code, held, int(wanted)))
    return changed


def _posted_cells(request: HttpRequest, found: RoleTemplate) -> list[Cell]:
    """The cells that the page with who gains and loses carried along."""
    try:
        cells = [Cell.from_json(x) for x in json.loads(request.POST.get("cells", ""))]
    except (KeyError, TypeError, ValueError):
        raise SuspiciousOperation("not cells of the matrix") from None
    if any(cell.role != found.id for cell in cells):
        raise SuspiciousOperation("cells of another role")
    return cells


def _preview_page(request: HttpRequest, found: RoleTemplate, cells: list[Cell], error: str = "") -> HttpResponse:
    field = text_field("reason", _("Hvorfor endres rettighetene?"), request.POST.get("reason", ""), rows=2, required=True, maxlength=500)
    fields = [field]
    context = {
        "role": found, "fields": fields, "errors": with_error(fields, "reason", error) if error else [], "cells": Names().cells(cells),
        "cells_json": json.dumps([cell.as_json() for cell in cells]), "sides": sides(selectors.effect(cells)),
        "gives": sum(cell.gives for cell in cells), "takes": sum(cell.takes for cell in cells),
    }  # fmt: skip
    return render(request, "access/rights/preview.html", context, status=422 if error else 200)


def _save(request: HttpRequest, found: RoleTemplate) -> HttpResponse:
    cells = _posted_cells(request, found)
    try:
        with transaction.atomic():
            made = rights_propose(cells=cells, reason=request.POST.get("reason", ""))
    except RightsError as error:
        return _preview_page(request, found, cells, str(error))
    done = "delt" if made.in_force and made.proposed else "i-kraft" if made.in_force else "venter"
    if made.proposed:
        return HttpResponseRedirect(f"{reverse('rights_change', args=[made.proposed])}?gjort={done}")
    return HttpResponseRedirect(f"{reverse('rights_role', args=[found.id])}?gjort={done}")


def history(request: HttpRequest, role: UUID) -> HttpResponse:
    """What the role could do and since when: everything, or one line, column or cell of the matrix (``kategori``, ``mal``)."""
    found = get_object_or_404(RoleTemplate, id=role)
    names = Names()
    category, template = _asked(request.GET.get("kategori", ""), names.categories), _asked(request.GET.get("mal", ""), names.templates)
    lines = [
        row | names.cell(Cell(found.id, row["template_id"], row["category"], row["before"], row["after"]))
        for row in selectors.history(found.id, template, category)
    ]
    context = {
        "role": found, "lines": [line for line in lines if line["change_id"]], "pages": pages("roles"),
        "start": [line for line in lines if not line["change_id"]], "narrowed": category is not None or template is not None,
        "fields": [
            _choice("kategori", _("Informasjonskategori"), names.categories, category),
            _choice("mal", _("Tiltak"), {one.id: one.name for one in selectors.templates()}, template),
        ],
    }  # fmt: skip
    return render(request, "access/rights/history.html", context)


def _asked(text: str, known: dict[Any, str]) -> Any:
    """The key among the known ones that an address names; none is all.

    Raises Http404 for one that is not there.
    """
    if not text:
        return None
    for key in known:
        if str(key) == text:
            return key
    raise Http404


def _choice(name: str, label: str, options: dict[Any, str], chosen: Any) -> dict[str, Any]:
    every = [{"value": "", "label": _("Alle"), "selected": chosen is None}]
    return text_field(name, label, options=every + [{"value": key, "label": text, "selected": key == chosen} for key, text in options.items()])


def export(request: HttpRequest) -> HttpResponse:
    """The whole matrix now as a CSV file: one line per role, measure and category that gives something."""
    names, out = Names(), io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([_("Rolle"), _("Tiltak"), _("Informasjonskategori"), _("Rettighet")])
    for role_id, matrix in sorted(selectors.whole_matrix().items(), key=lambda item: names.roles[item[0]]):
        for (template, category), actions in sorted(matrix.items(), key=lambda item: (names.templates[item[0][0]], item[0][1])):
            row = (names.roles[role_id], names.templates[template], names.categories[category], levels.word(actions, _))
            writer.writerow([safe_cell(one) for one in row])
    response = HttpResponse(out.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="roller-og-tilganger-{oslo_date(request.gate.now)}.csv"'
    return response
