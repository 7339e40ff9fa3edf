"""The agreement of the record community: who takes part, on what terms, and how it has changed. No patient is shown."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.models import CommunityChange, ExportRule, RecordExport
from access.selectors import community as reading
from access.services.community import CommunityError, change_cancel
from access.views.community_input import Posted

DONE = {
    "agreement": gettext_noop("Versjonen er registrert."),
    "join": gettext_noop("Deltakeren er registrert."),
    "merge": gettext_noop("Sammenslåingen er registrert."),
    "exit": gettext_noop("Utmeldingen er registrert."),
    "cancel": gettext_noop("Endringen er avlyst."),
}


def community(request: HttpRequest) -> HttpResponse:
    """Every agreement; an installation has mostly one."""
    now = request.gate.now
    shown = [
        {
            **one,
            "version": reading.version_at(one, now),
            "parties": reading.parties(one, now),
            "coming": [change for change in one["changes"] if _coming(change, now)][::-1],
            "past": [change for change in one["changes"] if not _coming(change, now)],
        }
        for one in reading.communities()
    ]
    for one in shown:
        for change in one["changes"]:
            change.update(_describe(change, now))
    return render(request, "access/community/community.html", {"communities": shown, "messages": messages(request)})


def _coming(change: dict[str, Any], now: Any) -> bool:
    """Not over yet: it has a moment ahead, or an exit is not done."""
    return change["state"] == "registered" and (change["effective_at"] > now or change["kind"] == "exit")


def _describe(change: dict[str, Any], now: Any) -> dict[str, Any]:
    """Kind and state in words; a change that needs no sweep is in force from its moment on."""
    state = CommunityChange.State(change["state"]).label
    if change["state"] == "registered" and change["effective_at"] <= now:
        state = _("Gjelder. Enhetene stenges senere") if change["kind"] == "exit" else _("Gjelder")
    return {"kind_name": CommunityChange.Kind(change["kind"]).label, "state_name": state}


def agreement(request: HttpRequest, version: UUID) -> HttpResponse:
    """One version of the agreement with its signatures, as it was registered."""
    found = reading.version_of(version)
    if found is None:
        raise Http404
    context = {"community": found[0], "version": found[1], "holds": reading.holds(found[1], request.gate.now)}
    context["export_rule"] = ExportRule(found[1]["export_rule"]).label
    return render(request, "access/community/agreement.html", context)


def community_change(request: HttpRequest, change: UUID) -> HttpResponse:
    """One change: what it does, what an exit leaves hanging, how far it has come; and the way to call it off."""
    return _change_page(request, change, Posted(request))


def cancel(request: HttpRequest, change: UUID) -> HttpResponse:
    """Calls off a change that has not begun."""
    form = Posted(request)
    if not form.posted:
        return HttpResponseRedirect(reverse("community_change", args=[change]))
    reason = form.text("reason", _("Skriv hvorfor endringen avlyses."))
    if not form.errors:
        try:
            change_cancel(gate=request.gate, change=change, reason=reason)
            return HttpResponseRedirect(reverse("community_change", args=[change]) + "?gjort=cancel")
        except CommunityError as error:
            form.errors |= error.errors
    return _change_page(request, change, form, status=422)


def _change_page(request: HttpRequest, change: UUID, form: Posted, status: int = 200) -> HttpResponse:
    found = reading.change_of(change)
    if found is None:
        raise Http404
    one, shown = found
    now = request.gate.now
    shown |= _describe(shown, now)
    context = {
        "community": one, "change": shown, "errors": form.summary(), "messages": messages(request),
        "may_cancel": one["held"] and shown["state"] == "registered" and shown["effective_at"] > now,
        "fields": [form.field("reason", _("Hvorfor avlyses endringen?"), required=True)],
        "predecessors": [party["name"] for party in _named(one, shown["details"].get("predecessors", []))],
    }  # fmt: skip
    if shown["kind"] == "exit":
        context |= _exit_context(shown)
    return render(request, "access/community/change.html", context, status=status)


def _exit_context(change: dict[str, Any]) -> dict[str, Any]:
    handled = change["details"].get("handled")
    hanging = reading.describe_hanging(handled) if handled else reading.hanging(change["legal_entity_id"], change["closes_at"])
    return {
        "hanging": [] if change["state"] == "cancelled" else hanging,
        "handled": handled is not None,
        "rule": ExportRule(change["export"]["rule"]).label,
        "export_state": RecordExport.State(change["export"]["state"]).label,
    }


def _named(one: dict[str, Any], ids: list[str]) -> list[dict[str, Any]]:
    """Parties of any time by id, once each."""
    names = {row["legal_entity_id"]: row["entity"] for row in one["participations"]}
    return [{"id": id, "name": names[id]} for id in ids if id in names]


def messages(request: HttpRequest) -> list[dict[str, str]]:
    """What the last act led to, by the word in the address."""
    done = DONE.get(request.GET.get("gjort", ""))
    return [{"text": _(done)}] if done else []
