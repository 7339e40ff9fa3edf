"""Changes of rights: those that wait for a second administrator, and what became of the others."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.models import RightsChange
from access.selectors import rights as selectors
from access.services.rights import RightsError, refusal, rights_decide
from access.views.common import text_field
from access.views.rights_common import Names, messages, pages, sides

VERDICTS = {"approve": "godkjent", "reject": "avslatt", "withdraw": "trukket"}
COLORS = {"proposed": "warning", "in_force": "success", "rejected": "neutral", "withdrawn": "neutral"}


def changes(request: HttpRequest) -> HttpResponse:
    """Those that wait first, then the newest."""
    names = Names()
    rows = [_shown(row, names) for row in selectors.changes()]
    waiting = [row for row in rows if row["state"] == "proposed"]
    context = {"waiting": waiting, "decided": [row for row in rows if row not in waiting], "pages": pages("changes"), "messages": messages(request)}
    return render(request, "access/rights/changes.html", context)


def change(request: HttpRequest, change: UUID) -> HttpResponse:
    """One change, with who gains and loses if it came into force now. POST ``verdict``: approve, reject or withdraw."""
    row = selectors.change(change)
    if row is None:
        raise Http404
    if request.method == "POST" and (verdict := request.POST.get("verdict", "")) in VERDICTS:
        try:
            with transaction.atomic():
                rights_decide(change=change, verdict=verdict, reason=request.POST.get("reason", ""))
        except RightsError as error:
            return _page(request, row, str(error))
        return HttpResponseRedirect(f"{reverse('rights_changes')}?gjort={VERDICTS[verdict]}")
    return _page(request, row)


def _page(request: HttpRequest, row: dict[str, Any], error: str = "") -> HttpResponse:
    waits = row["state"] == RightsChange.State.PROPOSED
    hindrance = selectors.hindrance(row["id"]) if waits else "decided"
    names = Names()
    context = {
        "change": _shown(row, names), "cells": names.cells(row["cells"]), "sides": sides(selectors.effect(row["cells"])) if waits else [], "error": error,
        "waits": waits, "own": hindrance == "own", "may_approve": hindrance == "", "hindrance": refusal(hindrance) if waits else "",
        "field": text_field("reason", _("Hvorfor avslås forslaget?"), request.POST.get("reason", ""), rows=2, maxlength=500),
        "pages": pages("changes"), "messages": messages(request),
    }  # fmt: skip
    return render(request, "access/rights/change.html", context, status=422 if error else 200)


def _shown(row: dict[str, Any], names: Names) -> dict[str, Any]:
    """A change as the list shows it: whose roles, how many cells."""
    roles = sorted({names.roles.get(cell.role, "") for cell in row["cells"]})
    return row | {
        "roles": ", ".join(roles), "count": len(row["cells"]), "state_word": _(RightsChange.State(row["state"]).label), "color": COLORS[row["state"]],
    }  # fmt: skip
