"""Who is calling: the session secret from the cookie, or a system client's bearer token."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from access.outside import serving
from access.pace import pace
from access.views import refused
from lms_epj.core import language

# With TLS the browser itself holds them to this host and to TLS.
SESSION_COOKIE = f"{settings.COOKIE_PREFIX}epj_session"
DEVICE_COOKIE = f"{settings.COOKIE_PREFIX}epj_device"
# The language of who is logged in here, laid down at log-in and unlocking, so that no request asks the database for it. «next-en» is one picked
# on the log-in page, for whoever logs in next. Every value there may be, and the language it means:
LANGUAGE_COOKIE = f"{settings.COOKIE_PREFIX}epj_language"
PICKED = "next-"
LANGUAGES = {prefix + code: code for code, _ in settings.LANGUAGES for prefix in ("", PICKED)}


class SessionMiddleware:
    """Puts ``request.epj_secret`` on the request, and says that from here on patient data need the gate.

    A bearer token is not sent by a browser on its own, so a request that carries one needs no CSRF token –
    and then the cookie does not count.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer" and token:
            request.epj_secret = token
            request._dont_enforce_csrf_checks = True
        else:
            request.epj_secret = request.COOKIES.get(SESSION_COOKIE, "")
        request.gate = None
        request.epj_facts = {}
        # What the browser would prefer is not asked: on a ward's PC that is nobody's choice.
        language.begin(LANGUAGES.get(request.COOKIES.get(LANGUAGE_COOKIE, ""), settings.LANGUAGE_CODE))
        with serving():
            goes_on, first = pace.take(request.epj_secret, settings.EPJ_REQUESTS_PER_MINUTE)
            if not goes_on:
                return refused.too_fast(request, first=first)
            return self.get_response(request)
