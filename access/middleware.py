"""Who is calling: the session secret from the cookie, or a system client's bearer token."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import activate

from access.outside import serving

# With TLS the browser itself holds them to this host and to TLS.
SESSION_COOKIE = f"{settings.COOKIE_PREFIX}epj_session"
DEVICE_COOKIE = f"{settings.COOKIE_PREFIX}epj_device"


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
        # There is one language so far. Django looks for the thread's own at every word, and what it does when there is none costs more.
        activate(settings.LANGUAGE_CODE)
        with serving():
            return self.get_response(request)
