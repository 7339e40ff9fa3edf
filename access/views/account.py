"""«Min konto»: password, telephone for codes, PIN, and where one is logged in. The person's own, in whatever role."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access import gate
from access.services.account import factor_change, own_session_end, password_change
from access.services.sessions import SessionError
from access.views.common import go, next_of, text_field, url, with_error
from access.views.home import gate_context, onward
from access.views.language import languages
from access.views.second_factor import enrolment

DONE = {
    "passord": gettext_noop("Passordet er byttet, og du er logget ut alle andre steder."),
    "kodeapp": gettext_noop("Kodeappen er byttet, og du er logget ut alle andre steder."),
    "okt": gettext_noop("Økten er avsluttet."),
    "sprak": gettext_noop("Språket er byttet. Det gjelder deg, på alle maskiner."),
    "okter": gettext_noop("Du er logget ut alle andre steder."),
}


def account(request: HttpRequest) -> HttpResponse:
    """All of it on one page."""
    if request.epj_facts["state"] != "ok" or request.epj_facts["authorisation"] is None:
        return onward(request, request.epj_secret)
    text = DONE.get(request.GET.get("gjort", ""))
    sessions = gate.rows("my_sessions", request.epj_secret)
    return render(request, "access/account/account.html", {
        "mine": gate.rows("my_account", request.epj_secret)[0], "user": request.epj_facts["user"], "sessions": sessions, "others": len(sessions) - 1,
        "factors": bool(settings.EPJ_FIELD_KEYS), "messages": [{"text": _(text)}] if text else [],
        "languages": languages(),
    })  # fmt: skip


def password(request: HttpRequest) -> HttpResponse:
    """Another password: when one wishes, and at the first log-in with a start password."""
    state = request.epj_facts["state"]
    if state not in ("ok", "new_password"):
        return onward(request, request.epj_secret)
    starting = state == "new_password"
    fields = [
        text_field("old", _("Startpassordet") if starting else _("Passordet du har nå"), type="password", required=True,
                   autocomplete="current-password", maxlength=200),
        text_field("new", _("Nytt passord"), type="password", required=True, autocomplete="new-password", maxlength=200,
                   hint=_("Minst 12 tegn. Flere ord etter hverandre er lettere å huske og vanskeligere å gjette enn tegn og tall.")),
        text_field("again", _("Gjenta det nye passordet"), type="password", required=True, autocomplete="new-password", maxlength=200),
    ]  # fmt: skip
    errors = _change_password(request, fields) if request.method == "POST" else []
    if request.method == "POST" and not errors:
        return onward(request, request.epj_secret) if starting else HttpResponseRedirect(reverse("account") + "?gjort=passord")
    lead = _("Velg ditt eget passord") if starting else _("Et nytt passord")
    return _page(request, "access/account/password.html", fields, errors, starting=starting, lead=lead, own_url=url("account_password"))


def _change_password(request: HttpRequest, fields: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Changes it, or returns what was wrong."""
    form = request.POST
    if form.get("new") != form.get("again"):
        return with_error(fields, "again", _("De to nye passordene er ikke like. Skriv dem på nytt."))
    try:
        password_change(secret=request.epj_secret, user=request.epj_facts["user"], old=form.get("old", ""), new=form.get("new", ""))
    except SessionError as refused:
        return with_error(fields, "new" if refused.code == "weak" else "old", refused.message)
    return []


def factor(request: HttpRequest) -> HttpResponse:
    """Another telephone for codes."""
    if request.epj_facts["state"] != "ok" or not settings.EPJ_FIELD_KEYS:
        return onward(request, request.epj_secret)
    fields = [
        text_field("password", _("Passordet ditt"), type="password", required=True, autocomplete="current-password", maxlength=200),
        text_field("code", _("Engangskode fra den nye appen"), request.POST.get("code", ""), inputmode="numeric", autocomplete="one-time-code",
                   required=True, maxlength=7),
    ]  # fmt: skip
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            factor_change(
                secret=request.epj_secret, username=request.epj_facts["user"]["username"], password=request.POST.get("password", ""),
                offer=request.POST.get("offer", ""), code=request.POST.get("code", ""),
            )  # fmt: skip
            return HttpResponseRedirect(reverse("account") + "?gjort=kodeapp")
        except SessionError as refused:
            errors = with_error(fields, "password" if refused.code == "password" else "code", refused.message)
    lead = _("En ny telefon")
    return _page(request, "access/account/factor.html", fields, errors, lead=lead, own_url=url("account_factor"), **enrolment(request))


def _page(request: HttpRequest, template: str, fields: list[dict[str, Any]], errors: list[dict[str, str]], **more: Any) -> HttpResponse:
    text = _("Bare du skal kunne åpne journaler i ditt navn. Del aldri passord eller koder, heller ikke med IKT-vakt.")
    context = gate_context(text=text, fields=fields, errors=errors, next=next_of(request), cancel_url=url("account"), logout_url=url("logout"))
    return render(request, template, context | more, status=422 if errors else 200)


def end_sessions(request: HttpRequest) -> HttpResponse:
    """Ends one of the other sessions, or all of them («alle»)."""
    wanted = request.POST.get("session", "")
    if request.method == "POST" and (wanted == "alle" or _is_id(wanted)):
        own_session_end(secret=request.epj_secret, session=None if wanted == "alle" else UUID(wanted))
        return HttpResponseRedirect(reverse("account") + ("?gjort=okter" if wanted == "alle" else "?gjort=okt"))
    return go("account")


def _is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False
