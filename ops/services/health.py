"""A check of our own: does the log-in page answer? Whoever is on call for the record is told when it does not, and the incident closes when it does."""

import time
import urllib.request

from django.conf import settings
from django.utils.translation import gettext as _

from access.gate import call

TRIES, PAUSE, SECONDS = 3, 5.0, 5.0  # a restart of the web server wakes nobody


def web_answers(address: str, *, pause: float = PAUSE) -> bool:
    for number in range(TRIES):
        if number:
            time.sleep(pause)
        try:
            with urllib.request.urlopen(address, timeout=SECONDS):  # noqa: S310 - the installation's own address
                return True
        except (OSError, ValueError):
            continue
    return False


def health_check() -> bool:
    """Whether it answers; true also where no address is set to be looked at."""
    if not settings.EPJ_HEALTH_URL:
        return True
    well = web_answers(settings.EPJ_HEALTH_URL)
    call("monitor_tell", "epj", "web", not well, "critical", _("Journalen svarer ikke"), _("Innloggingssiden svarte ikke på tre forsøk."))
    return well
