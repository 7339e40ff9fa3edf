"""The language of the pages: picked on the log-in page for whoever logs in next, or chosen on the account page for oneself."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language

from access import gate
from access.middleware import PICKED
from access.views.common import go, next_of, remember_language

# Each in its own language, whatever the page is in: who cannot read the page must find the way out of it.
NAMES = {"nb": ("Norsk bokmål", "Bruk bokmål"), "en": ("English", "Use English")}
# The log-in page goes back to the installation's own when nobody has logged in for a while.
PICKED_SECONDS = 600


def languages() -> list[dict[str, Any]]:
    """[{code, name, use: the words of the button, active}], as the templates take them."""
    now = get_language()
    return [{"code": code, "name": NAMES[code][0], "use": NAMES[code][1], "active": code == now} for code, _ in settings.LANGUAGES]


def pick(request: HttpRequest) -> HttpResponse:
    """The switch of the log-in page."""
    response = go("login", next_of(request))
    wanted = request.POST.get("language")
    if request.method == "POST" and wanted in NAMES:
        remember_language(response, PICKED + wanted, PICKED_SECONDS)
    return response


def choose(request: HttpRequest) -> HttpResponse:
    """The person's own choice. It holds at once here, and elsewhere from the next log-in or unlocking."""
    wanted = request.POST.get("language")
    if request.method != "POST" or wanted not in NAMES or not gate.call("choose_language", request.epj_secret, wanted):
        return go("account")
    response = HttpResponseRedirect(reverse("account") + "?gjort=sprak")
    remember_language(response, wanted)
    return response
