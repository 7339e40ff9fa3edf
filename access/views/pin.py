"""A PIN of one's own: asked for once, may be skipped, and changed any time."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from access import gate
from access.services.sessions import SessionError, pin_set
from access.views.common import next_of, text_field, url, with_error
from access.views.home import gate_context, onward


def pin(request: HttpRequest) -> HttpResponse:
    if request.epj_facts["state"] != "ok":
        return onward(request, request.epj_secret)
    if request.method == "POST" and "skip" in request.POST:
        gate.call("skip_pin", request.epj_secret)
        return onward(request, request.epj_secret)
    fields = [
        text_field("pin", _("PIN-kode"), type="password", inputmode="numeric", autocomplete="new-password", maxlength=8,
                   hint=_("Fire til åtte sifre. Gjelder bare for å låse opp på en PC der du er logget inn.")),
        text_field("again", _("Gjenta PIN-koden"), type="password", inputmode="numeric", autocomplete="new-password", maxlength=8),
    ]  # fmt: skip
    if gate.call("pin_asks", request.epj_secret):
        fields.append(text_field("password", _("Passordet ditt"), type="password", required=True, autocomplete="current-password", maxlength=200,
                                 hint=_("Så ingen andre kan lage en PIN-kode for deg.")))  # fmt: skip
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        errors = _save(request, fields)
        if not errors:
            return onward(request, request.epj_secret)
    return render(request, "access/pin.html", _context(request, fields, errors), status=422 if errors else 200)


def _save(request: HttpRequest, fields: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Sets the PIN, or returns what was wrong."""
    if request.POST.get("pin") != request.POST.get("again"):
        return with_error(fields, "again", _("De to PIN-kodene er ikke like. Skriv dem på nytt."))
    try:
        pin_set(
            secret=request.epj_secret, pin=request.POST.get("pin", ""), username=request.epj_facts["user"]["username"],
            password=request.POST.get("password", ""),
        )  # fmt: skip
    except SessionError as refused:
        return with_error(fields, "password" if refused.code == "password" else "pin", refused.message)
    return []


def _context(request: HttpRequest, fields: list[dict[str, Any]], errors: list[dict[str, str]]) -> dict[str, Any]:
    return gate_context(
        lead=_("Lås opp på sekunder"),
        text=_("Når skjermen har låst seg, kommer du tilbake med en PIN-kode i stedet for passordet. Den gjelder bare din økt på denne PC-en."),
        pin_url=url("pin"),
        next=next_of(request),
        fields=fields,
        errors=errors,
        skip=gate.call("pin_state", request.epj_secret) == "",
    )
