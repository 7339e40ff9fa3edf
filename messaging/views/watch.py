"""For whoever watches that messages get through: what was set aside, opened, tried again or closed with a reason."""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.gate import call, rows
from access.views.common import text_field
from messaging.formats.read import read
from messaging.formats.showing.document import as_document, title_of
from messaging.models import OutboxItem
from messaging.selectors import alarms, watch

DONE = {
    "igjen": gettext_noop("Meldingen prøves igjen nå."),
    "lukket": gettext_noop("Meldingen er lukket med begrunnelsen din. Den er tatt vare på."),
    "tatt": gettext_noop("Noen andre har behandlet meldingen."),
    "kvittert": gettext_noop("Du har tatt tak i varselet. Det sendes ikke videre til vakt."),
    "varsel-tatt": gettext_noop("Noen andre har tatt tak i varselet."),
}
SHORTEST = 5


def aside_item(request: HttpRequest, message: UUID) -> HttpResponse:
    """One that could not be taken in, or not be handed over. What came in is shown as far as it can be read; what goes out is the unit's own to read."""
    listed = [row for row in rows("messages_aside") if row["message"] == message]
    if not listed:
        if request.method == "POST":
            return HttpResponseRedirect(reverse("message_watch") + "?gjort=tatt")
        raise Http404
    row, reason, error = listed[0], request.POST.get("reason", "").strip(), ""
    if request.method == "POST":
        if len(reason) >= SHORTEST:
            settled = [call("aside_settle", message, one["item"], "again" in request.POST, reason) for one in listed]
            code = "tatt" if not any(settled) else "igjen" if "again" in request.POST else "lukket"
            return HttpResponseRedirect(reverse("message_watch") + f"?gjort={code}")
        error = _("Skriv med noen ord hva du har funnet ut eller gjort.")
    opened = rows("aside_open", message) if row["direction"] == "in" else []
    content = read(bytes(opened[0]["raw"])).message if opened else None
    raw = bytes(opened[0]["raw"]) if opened else b""
    context = {
        "row": row | {"why": aside_words(row)}, "listed": listed, "title": title_of(content) if content else row["title"], "sections": as_document(content) if content else (),
        "text": raw[:4000].decode("utf-8", "replace") if content and not content.standard.known else "", "hidden": {"actor": request.gate.user_id},
        "errors": [{"field": "field-reason", "text": error}] if error else [], "now": request.gate.now, "list_url": reverse("message_watch"),
        "field": text_field("reason", _("Hva er gjort?"), reason, rows=3, maxlength=300, error=error, hint=_("Står i loggen sammen med navnet ditt.")),
    }  # fmt: skip
    return render(request, "messaging/aside.html", context, status=422 if error else 200)


def aside_words(row: dict[str, object]) -> str:
    """Where it stopped, in words."""
    if row["direction"] == "in":
        return str(row["reason"] or _("Den kunne ikke tas inn."))
    state = OutboxItem.State(row["state"]).label
    return f"{state}: {row['reason']}" if row["reason"] else str(state)


def overview(request: HttpRequest) -> HttpResponse:
    """Whether messages flow, and where they do not: per partner, per unit, over the day; and what waits for a person."""
    now = request.gate.now
    aside = [row | {"why": aside_words(row), "url": reverse("message_aside", args=[row["message"]])} for row in rows("messages_aside")]
    partners, units = rows("watch_partners"), rows("watch_units")
    done = DONE.get(request.GET.get("gjort", ""))
    standing, over = alarms.incidents()
    context = {
        "incidents": standing, "over": over, "reports": alarms.reports(), "hidden": {"actor": request.gate.user_id},
        "told_nobody": not settings.EPJ_ALARM_TO, "aside": aside, "refused": watch.refused(), "now": now, "messages": [{"text": _(done)}] if done else [], "alive": watch.alive(now),
        "figures": watch.figures(partners, units, len(aside)), "graph": watch.graph(now), "units": units,
        "partners": [row | {"rests": bool(row["rests_until"] and row["rests_until"] > now)} for row in partners],
    }  # fmt: skip
    return render(request, "messaging/watch.html", context)
