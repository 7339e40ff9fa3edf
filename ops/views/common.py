"""What the pages of the rosters share: parts, words for times, what was just done, and reading what was typed."""

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.gate import call
from lms_epj.core.formatting import format_near_moment
from ops.domain.wall import instant
from ops.models import Roster, RosterLevel
from ops.services.acting import DutyError
from ops.words import DAY, hours_words, span_words, until_words

__all__ = ["DAY", "after", "fault", "hours_words", "midnight", "page", "shift_query", "shift_url", "span_words", "until_words"]
TABS = (
    ("duty", gettext_noop("Uke")),
    ("duty_month", gettext_noop("Måned")),
    ("duty_year", gettext_noop("År")),
    ("duty_mine", gettext_noop("Mine vakter")),
    ("duty_swaps", gettext_noop("Bytter")),
    ("duty_gaps", gettext_noop("Udekket")),
    ("duty_balance", gettext_noop("Fordeling")),
    ("incidents", gettext_noop("Hendelser")),
    ("deviations", gettext_noop("Avvik")),
    ("service_levels", gettext_noop("Tjenestenivå")),
    ("duty_setup", gettext_noop("Oppsett")),
)
ADMINISTRATORS = {"duty_setup"}
# code in the address → what the page says
DONE = {
    "tatt": gettext_noop("Vakten er din. Den står i kalenderen din, og varsler går til deg fra nå av."),
    "spurt": gettext_noop("Spørsmålet er sendt. Vakten er uendret til noen sier ja."),
    "endret": gettext_noop("Vakten er endret."),
    "byttet": gettext_noop("Byttet er godtatt. Vaktplanen og kalenderne er endret."),
    "avslatt": gettext_noop("Du har sagt nei. Vakten er uendret."),
    "trukket": gettext_noop("Spørsmålet er trukket. Vakten er uendret."),
    "lagret": gettext_noop("Planen er lagret og gjelder fra nå av."),
    "overlevert": gettext_noop("Beskjeden til neste vakt er lagret."),
    "kalender-av": gettext_noop("Kalenderadressen virker ikke lenger."),
    "meldt": gettext_noop("Feilen er meldt. Den som har vakt, varsles nå."),
    "kvittert": gettext_noop("Du har kvittert. Ingen flere varsles."),
    "skrevet": gettext_noop("Lagret i hendelsen."),
    "lukket": gettext_noop("Hendelsen er lukket."),
    "lest": gettext_noop("Beskjeden er merket som lest."),
    "satt-opp": gettext_noop("Lagret."),
    "kilde-av": gettext_noop("Kilden er avsluttet. Det den sender, blir avvist."),
    "avvik": gettext_noop("Avviket er meldt. Den som behandler det, ser det nå."),
    "avvik-lagret": gettext_noop("Lagret i avviket."),
    "avvik-lukket": gettext_noop("Avviket er lukket."),
}


def page(request: HttpRequest, template: str, tab: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """A page of the rosters. 422 when ``errors`` stand on it."""
    text = DONE.get(request.GET.get("gjort", ""))
    administers = request.gate.role["administers_access"]
    shown = {
        "tabs": [
            {"label": _(label), "url": reverse(name), "active": name == tab} for name, label in TABS if administers or name not in ADMINISTRATORS
        ],
        "calls": [
            one
            | {"url": reverse("incident", args=[one["id"]]), "near": format_near_moment(datetime.fromisoformat(one["opened_at"]), request.gate.now)}
            for one in call("duty_calls")["incidents"]
        ],
        "messages": [{"text": _(text)}] if text else [],
        "errors": [],
    } | context
    return render(request, f"ops/{template}.html", shown, status=422 if shown["errors"] else status)


def after(route: str, code: str, *arguments: Any) -> HttpResponseRedirect:
    """The next page, with one line that says what was done."""
    return HttpResponseRedirect(f"{reverse(route, args=arguments)}?{urlencode({'gjort': code})}")


def fault(error: Exception, field: str = "form") -> list[dict[str, str]]:
    return [{"field": f"field-{field}", "text": str(error)}]


def read_day(text: str | None, otherwise: date) -> date:
    """A day of an address, yyyy-mm-dd; anything else is ``otherwise``."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return otherwise
    return day if 2000 <= day.year <= 2100 else otherwise


def read_moment(text: str | None) -> datetime | None:
    """An instant of an address, with its offset."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo and 2000 <= moment.year <= 2100 else None


def read_typed(day: str, clock: str) -> datetime:
    """What a person typed as date and time of the clock, as an instant. Raises DutyError."""
    try:
        found = datetime.strptime(day.strip(), "%d.%m.%Y").date()  # noqa: DTZ007 - only the date
        hours = datetime.strptime(clock.strip().replace(".", ":"), "%H:%M").time()  # noqa: DTZ007
    except ValueError:
        raise DutyError(_("Skriv datoen som dd.mm.åååå og klokkeslettet som tt:mm.")) from None
    if not 2000 <= found.year <= 2100:
        raise DutyError(_("Sjekk året.")) from None
    return instant(found, hours)


def read_uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


def read_level(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 3 else None


def midnight(day: date) -> datetime:
    return instant(day, time(0))


def shift_url(roster: Roster, level: RosterLevel | int, begins: datetime, ends: datetime) -> str:
    number = level if isinstance(level, int) else level.number
    return shift_query(reverse("duty_shift", args=[roster.id]), number, begins, ends)


def shift_query(path: str, level: int, begins: datetime, ends: datetime) -> str:
    """A page draws hundreds: only the plus of the offset needs another spelling in an address."""
    return f"{path}?trinn={level}&fra={begins.isoformat()}&til={ends.isoformat()}".replace("+", "%2B")
