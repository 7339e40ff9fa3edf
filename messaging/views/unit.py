"""A unit's messages, and its tray of those that only a person can say whose they are."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.gate import Gate, call, rows
from access.models import OrgUnit
from access.selectors.patients import patient_rows
from access.views.common import text_field
from access.views.search import parse_query
from lms_epj.core.clock import oslo_date
from lms_epj.core.formatting import format_date, format_list_name
from messaging.formats.read import read
from messaging.formats.showing.document import as_document, title_of
from messaging.selectors.lists import FOLDERS, folders, groups, in_folder, last_day, unit_messages
from messaging.selectors.states import reading_order

DONE = {
    "vurdert": gettext_noop("Meldingen er markert som vurdert av deg. Oppgaven om den er gjort."),
    "fulgt-opp": gettext_noop("Oppfølgingen er lagret med navnet ditt."),
    "koblet": gettext_noop("Meldingen er koblet. Den journalføres og kvitteres i løpet av noen sekunder."),
    "avvist": gettext_noop("Meldingen avvises. Avsenderen får kvittering med begrunnelsen."),
    "avslatt": gettext_noop("Svaret er sendt. Pasienten er ikke lenger meldt til posten."),
    "tatt": gettext_noop("Noen andre har behandlet meldingen."),
}


def messages_view(request: HttpRequest) -> HttpResponse:
    """What waits for the unit, failures first, and the last day's."""
    folder = request.GET.get("mappe", "")
    folder = folder if folder in FOLDERS else ""
    listed = unit_messages(request.gate)
    context = {
        "unit": request.gate.unit, "folders": folders(listed, folder), "groups": groups(in_folder(listed, folder)), "now": request.gate.now,
        "tray": _tray_link(request.gate), "messages": done(request), "day": last_day(listed),
        "gap_url": reverse("gap_report") if request.gate.unit["kind"] == OrgUnit.Kind.OBSERVATION_WARD else "",
    }  # fmt: skip
    return render(request, "messaging/unit.html", context)


def done(request: HttpRequest) -> list[dict[str, Any]]:
    text = DONE.get(request.GET.get("gjort", ""))
    return [{"text": _(text)}] if text else []


def _tray_link(gate: Gate) -> dict[str, Any] | None:
    """Who charts has a tray."""
    return {"url": reverse("message_tray"), "count": len(rows("tray"))} if gate.role["may_chart"] else None


def tray_view(request: HttpRequest) -> HttpResponse:
    """«Meldinger uten sikker pasient»: who sent, when, why, and how long is left to answer. Not whom they are about."""
    found = [
        row | {"left": left(row["answer_due_at"], request.gate.now, row["answered"]), "url": reverse("message_tray_item", args=[row["message"]])}
        for row in rows("tray")
    ]
    context = {"unit": request.gate.unit, "rows": found, "now": request.gate.now, "messages": done(request)}
    return render(request, "messaging/tray.html", context)


def left(due_at: Any, now: Any, answered: bool) -> dict[str, Any]:
    """What remains of the 96 hours, in words: {text, color, late}. Only an emergency is answered while it lies here."""
    if answered:
        return {"text": _("Ø-hjelp, avklar straks"), "color": "danger", "late": True}
    if due_at is None:
        return {"text": _("uten frist"), "color": "neutral", "late": False}
    hours = int((due_at - now).total_seconds() // 3600)
    if hours < 0:
        return {"text": _("Fristen er ute"), "color": "danger", "late": True}
    color = "danger" if hours < 24 else "oransje" if hours < 72 else "neutral"
    return {"text": _("%(hours)s t igjen av 96") % {"hours": hours}, "color": color, "late": False}


@dataclass
class Choice:
    """What the person has typed: a number, whose it is, or why it is refused; and what is wrong with it."""

    number: str = ""
    refusal: str = ""
    person: dict[str, Any] | None = None
    error: str = ""
    field: str = "number"


def tray_item(request: HttpRequest, message: UUID) -> HttpResponse:
    """One message, read in full; matched in two steps, so that the name is compared before it is filed, or refused with words for the sender."""
    found = rows("tray_open", message)
    if not found:
        if request.method == "POST":
            return HttpResponseRedirect(reverse("message_tray") + "?gjort=tatt")
        raise Http404
    choice = Choice(request.POST.get("number", "").strip(), request.POST.get("refusal", "").strip())
    if request.method == "POST":
        answer = _decide(request, message, choice, answered=found[0]["answered"])
        if answer:
            return answer
    row = found[0]
    content = read(bytes(row["raw"])).message
    person, nameless = content.header.patient, numberless(request.gate)
    context = {
        "message_id": message, "title": title_of(content), "reason": row["reason"], "left": left(row["answer_due_at"], request.gate.now, row["answered"]),
        "answered": row["answered"], "due_at": row["answer_due_at"], "sections": reading_order(as_document(content), whose_first=True), "named": person.shown if person else "", "now": request.gate.now,
        "born": person.born.shown if person and person.born else "", "choice": choice, "hidden": {"actor": request.gate.user_id},
        "errors": [{"field": f"field-{choice.field}", "text": choice.error}] if choice.error else [],
        "field": text_field("number", _("Fødselsnummer eller D-nummer"), choice.number, inputmode="numeric", maxlength=14, autocomplete="off",
                            error=choice.error if choice.field == "number" else "", hint=_("Søk opp pasienten i en egen fane om du er i tvil.")),
        "refusal": text_field("refusal", _("Hvorfor avvises den?"), choice.refusal, rows=3, maxlength=300,
                              error=choice.error if choice.field == "refusal" else "", hint=_("Avsenderen får lese dette. Skriv ikke navn eller nummer.")),
        "own": text_field("patient_without", _("Pasient på enheten uten nummer"), error=choice.error if choice.field == "patient_without" else "",
                          options=[{"value": str(one["id"]), "label": _without(one)} for one in nameless]) if nameless else None,
        "list_url": reverse("message_tray"), "search_url": reverse("search"),
    }  # fmt: skip
    return render(request, "messaging/tray_item.html", context, status=422 if choice.error else 200)


def _decide(request: HttpRequest, message: UUID, choice: Choice, *, answered: bool) -> HttpResponse | None:
    """The next page, or None when the page is shown again with ``choice``."""
    if "refuse" in request.POST and not answered:
        if len(choice.refusal) < 5:
            choice.error, choice.field = _("Skriv med noen ord hvorfor."), "refusal"
            return None
        decided = call("tray_decide", message, "", choice.refusal)
        return HttpResponseRedirect(reverse("message_tray") + f"?gjort={'avvist' if decided else 'tatt'}")
    choice.refusal = ""
    if "own" in request.POST:
        chosen = next((one for one in numberless(request.gate) if str(one["id"]) == request.POST.get("patient_without")), None)
        if chosen is None:
            choice.error, choice.field = _("Velg hvilken pasient meldingen gjelder."), "patient_without"
            return None
        decided = call("tray_decide", message, "", "", chosen["id"])
        return HttpResponseRedirect(reverse("message_tray") + f"?gjort={'koblet' if decided else 'tatt'}")
    query = parse_query(choice.number, oslo_date(request.gate.now))
    choice.person = whose(request.gate, query.number) if query.number else None
    if choice.person is None:
        unknown = _("Nummeret finnes verken her eller i folkeregisteret. Sjekk sifrene.")
        choice.error = unknown if query.number else query.error or _("Skriv hele nummeret.")
        return None
    # Matched only when the number is still the one whose name was shown.
    if "match" not in request.POST or request.POST.get("shown") != query.number:
        return None
    decided = call("tray_decide", message, query.number, "")
    return HttpResponseRedirect(reverse("message_tray") + f"?gjort={'koblet' if decided else 'tatt'}")


def _without(one: dict[str, Any]) -> str:
    born = _("født %(day)s") % {"day": format_date(one["birth_date"])} if one["birth_date"] else _("fødselsdato ikke kjent")
    return f"{format_list_name(one['family_name'], one['given_name'])}, {born}"


def numberless(gate: Gate) -> list[dict[str, Any]]:
    """Patients of the unit whom nobody has a number for yet, as people read them. Logged."""
    found = call("unit_numberless")
    return patient_rows(gate.disclose(found)) if found else []


def whose(gate: Gate, number: str) -> dict[str, Any] | None:
    """The person behind a number as the population register or our own list has it: {family_name, given_name, birth_date, number}. Logged."""
    person = call("lookup_number", number)
    if person is None:
        return None
    if not person["patient_id"]:
        return person | {"birth_date": date.fromisoformat(person["birth_date"])}
    own = patient_rows(gate.disclose([UUID(person["patient_id"])]))
    return own[0] | {"number": number} if own else None
