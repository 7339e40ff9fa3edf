"""The address register from a file: choose it, look through what it would change, confirm. All of it or nothing."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.views.common import text_field
from messaging.domain.register_rows import COLUMNS, Fault, RowsFault
from messaging.models import CommunicationParty
from messaging.selectors.addresses import shown_change, shown_fault
from messaging.services import addresses

LARGEST = 5_000_000  # bytes
MOST_SHOWN = 500


class UnreadableFile(ValueError):
    """What was chosen is no file of text."""


def import_view(request: HttpRequest) -> HttpResponse:
    """GET: choose a file. POST with a file: what it would change. POST with its text confirmed: written, if it is still what was looked through."""
    faults: list[Fault] = []
    context: dict[str, Any] = {"columns": ";".join(COLUMNS), "error": "", "changed": False, "hidden": {"actor": request.gate.user_id}}
    status = 200
    if request.method == "POST":
        try:
            text, name = _text(request)
            whole = "whole" in request.POST
            plan = addresses.addresses_plan(text=text, using="default", at=request.gate.now, whole=whole, ours_fixed=True)
            seen = request.POST.get("seen", "")
            if "confirm" in request.POST and seen == _digest(plan, request):
                addresses.addresses_write(changes=plan, file_name=name)
                return HttpResponseRedirect(reverse("message_addresses") + "?gjort=skrevet")
            context |= _preview(request, plan, text, name, whole) | {"changed": "confirm" in request.POST}
        except UnreadableFile as error:
            context["error"], status = str(error), 422
        except RowsFault as error:
            faults, status = error.faults, 422
    context |= {
        "faults": [shown_fault(one) for one in faults[:MOST_SHOWN]], "fault_count": len(faults), "done": request.GET.get("gjort") == "skrevet",
        "count": CommunicationParty.objects.filter(valid_to=None).exclude(transport="").count(), "list_url": reverse("message_watch"),
        "field": text_field("file", _("Fil"), type="file", required=True, error=context["error"], hint=_("CSV med semikolon, eller JSON.")),
    }  # fmt: skip
    return render(request, "messaging/addresses.html", context, status=status)


def _preview(request: HttpRequest, plan: list[addresses.Change], text: str, name: str, whole: bool) -> dict[str, Any]:
    counts = {what: sum(one.what == what for one in plan) for what in (addresses.NEW, addresses.CHANGED, addresses.ENDED, addresses.SAME)}
    listed = [one for one in plan if one.what != addresses.SAME]
    return {
        "previewed": True, "counts": counts, "writes": len(listed), "more": max(0, len(listed) - MOST_SHOWN), "text": text, "file_name": name, "whole": whole,
        "changes": [shown_change(one) for one in listed[:MOST_SHOWN]], "seen": _digest(plan, request),
    }  # fmt: skip


def _digest(plan: list[addresses.Change], request: HttpRequest) -> str:
    """Of what would be written; the moment of writing itself is no difference."""
    return addresses.digest(plan, but=request.gate.now)


def _text(request: HttpRequest) -> tuple[str, str]:
    """The file's text and name."""
    sent = request.FILES.get("file")
    if sent is None:
        if "text" in request.POST:
            return request.POST["text"], request.POST.get("name", "")[:200]
        raise UnreadableFile(_("Velg en fil."))
    if sent.size > LARGEST:
        raise UnreadableFile(_("Filen er for stor. Del den opp."))
    raw = sent.read()
    for coding in ("utf-8-sig", "cp1252"):
        try:
            text = raw.decode(coding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, (sent.name or "")[:200]
    raise UnreadableFile(_("Filen er ingen tekst som kan leses. Lagre den som «CSV UTF-8»."))
