"""What the views of this app share: the device, cookies, form fields, and where to go next."""

import uuid
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from access import gate
from access.domain.codes import Action
from access.domain.decide import decide_patient
from access.domain.facts import Facts
from access.middleware import DEVICE_COOKIE, LANGUAGE_COOKIE, LANGUAGES, PICKED, SESSION_COOKIE
from access.services import secrets
from access.services.sessions import Device
from lms_epj.core.addresses import path_to

DEVICE_DAYS = 400  # the longest that browsers keep a cookie


def device_of(request: HttpRequest) -> Device:
    """The browser; one seen for the first time gets a secret, which ``remember_device`` sends."""
    secret = request.COOKIES.get(DEVICE_COOKIE) or secrets.new_secret()
    return Device(secret, request.headers.get("User-Agent", "")[:200], _address(request))


def _address(request: HttpRequest) -> str:
    """The caller's address. Behind our own proxy its last hop is the one who called the proxy; nobody else's word counts."""
    if settings.SECURE_PROXY_SSL_HEADER:
        return request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return request.META.get("REMOTE_ADDR", "")


def remember_device(response: HttpResponse, device: Device) -> None:
    _cookie(response, DEVICE_COOKIE, device.secret, max_age=DEVICE_DAYS * 24 * 3600)


def remember_session(request: HttpRequest, response: HttpResponse, secret: str) -> None:
    """The browser is this person's from here on, and so is the language of its pages."""
    _cookie(response, SESSION_COOKIE, secret)
    sent = request.COOKIES.get(LANGUAGE_COOKIE, "")
    remember_language(response, gate.call("settle_language", secret, LANGUAGES[sent] if sent in LANGUAGES and sent.startswith(PICKED) else ""))


def remember_language(response: HttpResponse, value: str, max_age: int | None = None) -> None:
    """``value``: one of LANGUAGES; '' is the installation's own."""
    if value:
        _cookie(response, LANGUAGE_COOKIE, value, max_age)
    else:
        response.delete_cookie(LANGUAGE_COOKIE, samesite="Strict")


def _cookie(response: HttpResponse, name: str, value: str, max_age: int | None = None) -> None:
    response.set_cookie(name, value, max_age=max_age, httponly=True, secure=not settings.PLAIN_HTTP, samesite="Strict")


def forget_session(response: HttpResponse) -> None:
    response.delete_cookie(SESSION_COOKIE, samesite="Strict")
    remember_language(response, "")


def url(name: str, *arguments: Any) -> str:
    """The address of a route, or '' where this installation does not have it."""
    try:
        return path_to(name, *arguments)
    except NoReverseMatch:
        return ""


def local_path(request: HttpRequest, path: str | None) -> str:
    """``path`` when it is an address of this site, else ''. What comes in a query could lead anywhere."""
    if not path or not path.startswith("/"):
        return ""
    return path if url_has_allowed_host_and_scheme(path, allowed_hosts=None, require_https=False) else ""


def next_of(request: HttpRequest) -> str:
    return local_path(request, request.POST.get("next") or request.GET.get("next"))


def patient_in(path: str) -> uuid.UUID | None:
    """The patient that an address of ours is about."""
    try:
        return resolve(urlsplit(path).path).kwargs.get("patient")
    except Resolver404:
        return None


def may_land(secret: str, path: str) -> bool:
    """Whether this person, in this role, would be let in: another's patient page is not for the one who takes over."""
    patient = patient_in(path)
    if patient is None:
        return True
    facts = gate.read_facts(secret, patient)
    if facts["state"] != "ok" or facts["authorisation"] is None:
        return False
    return decide_patient(Facts.from_json(facts, patient), Action.READ, None).allow


def go(name: str, next_path: str = "") -> HttpResponseRedirect:
    """Redirects to a route, with the way back."""
    query = f"?{urlencode({'next': next_path})}" if next_path else ""
    return HttpResponseRedirect(reverse(name) + query)


def text_field(name: str, label: str, value: str = "", **more: Any) -> dict[str, Any]:
    """A field as the templates take it (see templatetags/epj.py)."""
    return {"id": f"field-{name}", "name": name, "label": label, "value": value, **more}


def with_error(fields: list[dict[str, Any]], name: str, text: str) -> list[dict[str, str]]:
    """Marks the field and returns the summary of errors."""
    for item in fields:
        if item["name"] == name:
            item["error"] = text
    return [{"field": f"field-{name}", "text": text}]
