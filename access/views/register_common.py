"""What the register's pages share: the tabs, dates as people write them, and the line after an act."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from lms_epj.core.clock import plausible
from lms_epj.core.formatting import format_date

TABS = (
    ("register", gettext_noop("Personer")),
    ("register_reapprovals", gettext_noop("Gjennomganger")),
    ("register_courses", gettext_noop("Kurs")),
    ("register_import", gettext_noop("Import")),
    ("register_question", gettext_noop("Hvem ser hva")),
)
# code in the address → what the page says
DONE = {
    "gitt": gettext_noop("Rollen er gitt. Den gjelder fra tidspunktet du valgte."),
    "avsluttet": gettext_noop("Rollen er avsluttet. Den åpner ikke noe lenger."),
    "sluttet": gettext_noop("Alle tilganger er avsluttet, og personen er logget ut overalt."),
    "delvis": gettext_noop("Rollene du har ansvar for, er avsluttet. Personen er logget ut og beholder rollene i andre virksomheter."),
    "tilbake": gettext_noop("Personen er tatt inn igjen. Gi en rolle for at noe skal åpnes."),
    "okter": gettext_noop("Personen er logget ut overalt."),
    "godkjenning": gettext_noop("Godkjenningen er lagret. Roller som krever den, åpner i perioden."),
    "kodeapp": gettext_noop("Kodeappen er tatt bort, og personen er logget ut overalt. Neste innlogging setter opp en ny."),
    "forvalter": gettext_noop("Hvilke enheter administratoren forvalter, er endret."),
    "kurs": gettext_noop("Kurset er registrert."),
    "strok": gettext_noop("Registreringen gjelder ikke lenger."),
    "nytt-kurs": gettext_noop("Kurset er lagret. Velg hvilke roller som skal kreve det."),
    "krav": gettext_noop("Kravet er lagret."),
    "foreslatt": gettext_noop("Forslaget om å ta bort kravet er lagret. En annen administrator må godkjenne det."),
    "borte": gettext_noop("Kravet gjelder ikke lenger."),
    "beholdt": gettext_noop("Kravet beholdes. Forslaget er tatt bort."),
    "importert": gettext_noop("Alle rollene i filen er registrert."),
    "angret": gettext_noop("Importen er angret. Det som var igjen av den, er avsluttet."),
    "lest": gettext_noop("Du har bekreftet at du har lest det."),
    "startet": gettext_noop("Gjennomgangen er startet. Lederen ser den på siden sin."),
    "godkjent": gettext_noop("Godkjent."),
    "alle": gettext_noop("Alle som gjensto, er godkjent."),
}


class WrongDate(ValueError):
    """In words for the one who typed it."""


def read_date(text: str) -> date:
    """dd.mm.yyyy. Raises WrongDate."""
    try:
        # Only the date is wanted: the zone plays no part.
        return plausible(datetime.strptime(text.strip(), "%d.%m.%Y").date())  # noqa: DTZ007
    except ValueError:
        raise WrongDate(_("Datoen finnes ikke. Skriv den som dd.mm.åååå.")) from None


def read_id(text: str | None) -> UUID | None:
    """An id of an address or a select; None for anything else."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


def tabs(active: str) -> list[dict[str, Any]]:
    return [{"label": _(label), "url": reverse(name), "active": name == active} for name, label in TABS]


def after(route: str, code: str, *arguments: Any) -> HttpResponseRedirect:
    """The next page with one line that says what was done."""
    return HttpResponseRedirect(reverse(route, args=arguments) + f"?gjort={code}")


def page(request: HttpRequest, template: str, tab: str, status: int = 200, **context: Any) -> HttpResponse:
    """A page of the register with its tabs and the line after the last act. Status 422 when ``errors`` stand on it."""
    text = DONE.get(request.GET.get("gjort", ""))
    shown = {"tabs": tabs(tab) if tab else [], "messages": [{"text": _(text)}] if text else [], "errors": []} | context
    return render(request, f"access/register/{template}.html", shown, status=422 if shown["errors"] else status)


def crumbs(*steps: tuple[str, str]) -> list[dict[str, str]]:
    """The way here: (label, address) from the outermost; the page itself is not among them."""
    return [{"label": label, "url": address} for label, address in steps]


def options(pairs: Any, chosen: Any = None, first: str | None = None) -> list[dict[str, Any]]:
    """Choices of a select: (value, label); ``first``: an empty choice before them."""
    listed = [{"value": str(value), "label": label, "selected": str(value) == str(chosen or "")} for value, label in pairs]
    return [{"value": "", "label": first, "selected": not chosen}, *listed] if first is not None else listed


def today_text(now: datetime) -> str:
    return format_date(now)
