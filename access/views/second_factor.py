"""One-time codes: asked for at log-in, and set up the first time with a QR code."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from access import gate
from access.services import secrets
from access.services.qr import qr_path
from access.services.sessions import SessionError, second_factor_check, second_factor_enrol
from access.views.common import go, next_of, text_field, url, with_error
from access.views.home import gate_context, onward


def second_factor(request: HttpRequest) -> HttpResponse:
    """The code, or the setting up of one for a person who has none."""
    if request.epj_facts["session"]["second_factor"]:
        return onward(request, request.epj_secret)
    enrolled = bool(gate.call("second_factor_secret", request.epj_secret))
    fields = [text_field("code", _("Engangskode"), inputmode="numeric", autocomplete="one-time-code", required=True, maxlength=7,
                         hint=_("Seks sifre fra kodeappen på telefonen din."))]  # fmt: skip
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            _submit(request, enrolled)
        except SessionError as refused:
            if refused.code == "ended":
                return go("login", next_of(request))
            errors = with_error(fields, "code", refused.message)
        else:
            return onward(request, request.epj_secret)
    context = enrolment(request) if not enrolled else {}
    page = "access/second_factor_new.html" if not enrolled else "access/second_factor.html"
    return render(request, page, _context(request, fields, errors) | context, status=422 if errors else 200)


def _submit(request: HttpRequest, enrolled: bool) -> None:
    code = request.POST.get("code", "")
    if enrolled:
        second_factor_check(secret=request.epj_secret, code=code)
    else:
        second_factor_enrol(secret=request.epj_secret, offer=request.POST.get("offer", ""), code=code)


def enrolment(request: HttpRequest) -> dict[str, Any]:
    """A key to take in use: kept by the page, sealed, until its first code has held. A wrong code keeps the same key."""
    offer = request.POST.get("offer", "")
    key = secrets.unseal(offer, max_age=900) if offer else None
    if key is None:
        key = secrets.new_factor()
        offer = secrets.seal(key)
    address = secrets.factor_address(key, request.epj_facts["user"]["username"])
    return {"offer": offer, "key": " ".join(key[i : i + 4] for i in range(0, len(key), 4)), "address": address, "qr": qr_path(address)}


def _context(request: HttpRequest, fields: list[dict[str, Any]], errors: list[dict[str, str]]) -> dict[str, Any]:
    return gate_context(
        lead=_("To trinn, så det er deg"),
        text=_("Passordet kan komme på avveier. Koden fra telefonen gjør at bare du kommer inn."),
        second_factor_url=url("second_factor"),
        logout_url=url("logout"),
        next=next_of(request),
        fields=fields,
        errors=errors,
    )
