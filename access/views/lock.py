"""Lock, unlock with PIN, and keeping awake. static/epj/js/lock.js knows these answers: 204, 401 gone, 403 wrong PIN."""

import base64
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from access import gate
from access.services.sessions import SessionError, session_unlock
from access.views.common import device_of, go, next_of, remember_session, url
from access.views.home import gate_context, onward
from access.views.login import locked_session

GONE = ("ended", "no_pin")


def lock(request: HttpRequest) -> HttpResponse:
    """Locks this browser's session: by F9, by the button, or left idle."""
    if request.method == "POST":
        gate.call("lock", request.epj_secret)
    return HttpResponse(status=204) if _by_script(request) else go("login")


def unlock(request: HttpRequest, session: uuid.UUID | None = None) -> HttpResponse:
    """The locked page and its PIN. Without ``session``: the session of this browser's cookie."""
    device = device_of(request).secret
    facts = gate.read_facts(request.epj_secret, active=False)
    own = uuid.UUID(facts["session"]["id"]) if facts["session"].get("id") else None
    if request.method == "POST":
        if session in (None, own) and facts["state"] not in ("none", "locked"):
            # The screen was locked without net: the server hears of it now, before it is opened again.
            gate.call("lock", request.epj_secret)
        return _open(request, device, session or own)
    if session in (None, own) and facts["state"] not in ("none", "locked"):
        return onward(request, request.epj_secret, facts)
    return _page(request, device, session or own)


def _open(request: HttpRequest, device: str, session: uuid.UUID | None) -> HttpResponse:
    try:
        if session is None:
            raise SessionError("ended", _("Økten er avsluttet. Logg inn på nytt. Kladdene dine er tatt vare på."))
        secret = session_unlock(device=device, session=session, pin=request.POST.get("pin", ""))
    except SessionError as refused:
        if _by_script(request):
            return JsonResponse({"detail": refused.message, "tries_left": refused.tries_left}, status=401 if refused.code in GONE else 403)
        if refused.code in GONE:
            return go("login", next_of(request))
        return _page(request, device, session, refused)
    response = HttpResponse(status=204) if _by_script(request) else onward(request, secret)
    remember_session(request, response, secret)
    return response


def _page(request: HttpRequest, device: str, session: uuid.UUID | None, refused: SessionError | None = None) -> HttpResponse:
    row = next((row for row in gate.rows("locked_here", device) if row["session_id"] == session), None)
    if row is None:
        return go("login", next_of(request))
    response = render(request, "access/lock.html", _context(request, row, refused), status=403 if refused else 200)
    response.headers["Cache-Control"] = "no-store"
    return response


def _context(request: HttpRequest, row: dict[str, Any], refused: SessionError | None) -> dict[str, Any]:
    return gate_context(
        lead=_("Skjermen er låst"),
        text=_("Du fortsetter der du slapp. En annen kan logge inn uten å røre det du holdt på med."),
        person=locked_session(row),
        unlock_url=url("locked_session", row["session_id"]),
        logout_url=url("login"),
        next=next_of(request),
        error=refused.message if refused else "",
        tries_left=refused.tries_left if refused else None,
    )


def extend(request: HttpRequest) -> HttpResponse:
    """One who reads without asking for anything says that he is there; the asking itself has been counted as use."""
    return HttpResponse(status=204)


def draft_key(request: HttpRequest) -> HttpResponse:
    """The key of the person's own unsent text on a device (static/epj/js/vault.js). Never stored there, only in memory."""
    key = salted_hmac("access.draft_key", request.epj_facts["user"]["id"], algorithm="sha256").digest()
    return JsonResponse({"key": base64.b64encode(key).decode()})


def _by_script(request: HttpRequest) -> bool:
    return bool(request.headers.get("X-EPJ-Overlay")) or request.headers.get("X-Requested-With") == "XMLHttpRequest"
