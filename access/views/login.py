"""Log-in with password, log-out, and what a shared PC shows to the next person."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import render
from django.utils.translation import gettext as _

from access import gate
from access.services.sessions import SessionError, session_login
from access.views.common import device_of, forget_session, go, next_of, remember_device, remember_session, text_field, url
from access.views.home import gate_context, onward
from access.views.language import languages


def login(request: HttpRequest) -> HttpResponse:
    """GET shows the form and the locked sessions of this PC; POST logs in."""
    device = device_of(request)
    error, status = "", 200
    if request.method == "POST":
        try:
            secret = session_login(
                username=request.POST.get("username", ""), password=request.POST.get("password", ""), device=device,
                former=request.epj_secret,
            )  # fmt: skip
        except SessionError as refused:
            error, status = refused.message, 429 if refused.code == "wait" else 422
        else:
            rotate_token(request)
            response = onward(request, secret)
            remember_session(request, response, secret)
            remember_device(response, device)
            return response
    response = render(request, "access/login.html", _context(request, device.secret, error), status=status)
    response.headers["Cache-Control"] = "no-store"
    remember_device(response, device)
    return response


def _context(request: HttpRequest, device: str, error: str) -> dict[str, Any]:
    username = request.POST.get("username", "")
    fields = [
        text_field("username", _("Brukernavn"), username, required=True, autocomplete="username", maxlength=80, focus=not username),
        text_field("password", _("Passord"), type="password", required=True, autocomplete="current-password", maxlength=200, focus=bool(username)),
    ]
    return gate_context(
        lead=_("Én journal som følger pasienten"),
        text=_("For lokalmedisinsk senter og kommunene som fører journal sammen."),
        login_url=url("login"),
        next=next_of(request),
        fields=fields,
        languages=languages(),
        error=error,
        idle_minutes=max(1, settings.EPJ_IDLE_LOCK_SECONDS // 60),
        locked=[locked_session(row) for row in gate.rows("locked_here", device)],
        demo=_("Demonstrasjon med oppdiktede personer. Brukernavnene står i README, passordet er «demo».") if settings.EPJ_DEMO else "",
    )


def locked_session(row: dict[str, Any]) -> dict[str, Any]:
    """A locked session of this PC as the templates take it."""
    return {
        "initials": row["initials"],
        "name": row["display"],
        "profession": row["role_name"] or _("Ingen rolle valgt"),
        "unit": row["unit_name"] or "–",
        "locked_at": row["locked_at"],
        "url": url("locked_session", row["session_id"]),
    }


def logout(request: HttpRequest) -> HttpResponse:
    """Ends the session of this browser; other people's locked sessions here stay."""
    response = go("login")
    if request.method == "POST":
        gate.call("logout", request.epj_secret)
        forget_session(response)
    return response
