"""What the pages of roles and rights share: the row of pages, words for cells, and who gains and loses."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.domain import levels
from access.models import InfoCategory, MeasureTemplate, RoleTemplate
from access.selectors import rights as selectors
from access.selectors.rights import Cell

DONE = {
    "i-kraft": gettext_noop("Endringen gjelder nå, også for dem som er logget inn."),
    "venter": gettext_noop("Forslaget er sendt. Det gjelder ikke før en annen administrator har godkjent det."),
    "delt": gettext_noop("Det som tar bort tilgang, gjelder nå. Det som gir mer, venter på en annen administrator."),
    "godkjent": gettext_noop("Endringen er godkjent og gjelder nå, også for dem som er logget inn."),
    "avslatt": gettext_noop("Forslaget er avslått. Ingenting er endret."),
    "trukket": gettext_noop("Forslaget er trukket. Ingenting er endret."),
    "ny-rolle": gettext_noop("Rollen er laget. Ingen har den ennå: gi den til folk i registeret."),
    "ny-kategori": gettext_noop("Kategorien er laget. Ingen ser den før rettighetene er gitt i matrisen."),
    "journaltype": gettext_noop("Journaltypen er lagret og kan brukes nå."),
}


def messages(request: HttpRequest) -> list[dict[str, Any]]:
    """What the last act led to, from the address."""
    text = DONE.get(request.GET.get("gjort", ""))
    return [{"text": _(text)}] if text else []


def pages(active: str) -> list[dict[str, Any]]:
    """The row of pages under «Roller», as chips."""
    waiting = selectors.waiting()
    return [
        {"label": _("Roller"), "url": reverse("rights"), "active": active == "roles"},
        {"label": _("Endringer"), "url": reverse("rights_changes"), "active": active == "changes", "count": waiting or None},
        {"label": _("Journaltyper"), "url": reverse("document_types"), "active": active == "document_types"},
    ]


class Names:
    """What roles, measure templates and categories are called, read once for a page."""

    def __init__(self) -> None:
        self.roles: dict[UUID, str] = dict(RoleTemplate.objects.values_list("id", "name"))
        self.templates: dict[UUID, str] = dict(MeasureTemplate.objects.values_list("id", "name"))
        self.categories: dict[int, str] = dict(InfoCategory.objects.values_list("code", "name"))

    def cell(self, cell: Cell) -> dict[str, Any]:
        """One changed cell as access/rights/cells.html shows it."""
        way = _("Gir og tar") if cell.gives and cell.takes else _("Gir mer") if cell.gives else _("Tar bort")
        return {
            "role": self.roles.get(cell.role, ""), "template": self.templates.get(cell.template, ""),
            "category": self.categories.get(cell.category, ""), "before": shown(cell.before), "after": shown(cell.after), "way": way, "gives": cell.gives,
        }  # fmt: skip

    def cells(self, cells: Iterable[Cell]) -> list[dict[str, Any]]:
        return [self.cell(cell) for cell in sorted(cells, key=lambda c: (self.roles.get(c.role, ""), c.category, self.templates.get(c.template, "")))]


def shown(actions: int) -> dict[str, Any]:
    """A set of actions as a word and a look."""
    return {"value": actions, "word": levels.word(actions, _), "look": levels.look(actions)}


def sides(effect: dict[str, Any]) -> list[dict[str, Any]]:
    """Who gains and who loses, as access/rights/effect.html shows them."""
    return [
        {"key": "gain", "title": _("Får mer"), "nobody": _("Ingen får mer nå."), **effect["gain"]},
        {"key": "lose", "title": _("Får mindre"), "nobody": _("Ingen får mindre nå."), **effect["lose"]},
    ]
