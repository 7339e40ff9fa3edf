"""What can be wrong with the exchange, in the words it is told with. No patient, and nothing of what is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from lms_epj.core.words import gettext_noop

CHANNELS = ("mailto", "sms")
# kind of incident → (what, what to do); {label} is the partner or the unit, {count} how many
WORDS = {
    "worker_silent": (
        gettext_noop("Ingen arbeidsprosess for meldinger gir livstegn"),
        gettext_noop("Meldinger verken sendes eller tas inn. Se om prosessen «messages» går."),
    ),
    "tasks_silent": (
        gettext_noop("Oppgaver kommer ikke fram gjennom køen"),
        gettext_noop("Megleren eller tidsplanen er nede. Se om «beat» og megleren går."),
    ),
    "inbox_slow": (
        gettext_noop("{count} innkommende har ventet for lenge"),
        gettext_noop("De er trygt lagret, men ikke journalført. Se meldingsvakten."),
    ),
    "outbox_slow": (gettext_noop("{count} utgående har ventet for lenge"), gettext_noop("De er trygt lagret, men ikke sendt. Se meldingsvakten.")),
    "set_aside": (gettext_noop("{count} innkommende er satt til side"), gettext_noop("De kunne ikke tas inn. Åpne dem i meldingsvakten.")),
    "unreceipted": (gettext_noop("{count} uten kvittering fra {label}"), gettext_noop("Ring mottakeren og hør om de er kommet fram.")),
    "refused": (gettext_noop("{count} avvist av {label}"), gettext_noop("Den som sendte, må rette og sende på nytt.")),
    "undelivered": (gettext_noop("{count} ikke levert til {label}"), gettext_noop("Prøv igjen eller lukk dem i meldingsvakten, og ring mottakeren.")),
    "resting": (gettext_noop("{label} får hvile etter gjentatte feil"), gettext_noop("Én melding prøves av og til. Ring mottakeren om det varer.")),
    "unmatched": (
        gettext_noop("{count} uten sikker pasient nær svarfristen hos {label}"),
        gettext_noop("Be enheten koble eller avvise dem før fristen på 96 timer."),
    ),
    "unread": (gettext_noop("{count} ikke vurdert innen tiden hos {label}"), gettext_noop("Be enheten se på innboksen.")),
}


@dataclass(frozen=True)
class Address:
    """Where somebody is told: ``channel`` mailto or sms."""

    channel: str
    place: str


def addresses_of(told: list[str]) -> list[Address]:
    """From «mailto:vakt@example.no» and «sms:+4790000000». ValueError for anything else."""
    found = []
    for one in told:
        channel, _, place = one.partition(":")
        if channel not in CHANNELS or not place.strip():
            raise ValueError(f"«{one}» is no address for alarms (mailto:… or sms:…)")
        found.append(Address(channel, unquote(place.strip())))
    return found


def words(row: Mapping[str, Any], translated: Any = str) -> tuple[str, str]:
    """(what is wrong, what to do) of an incident: {kind, label, count}."""
    what, act = WORDS.get(str(row["kind"]), ("Noe er galt med meldingene: {label}", "Se meldingsvakten."))
    places = {"count": row["count"], "label": row["label"] or "ukjent"}
    return translated(what).format(**places), translated(act)


def notice(row: Mapping[str, Any], since: datetime | None, shown: str) -> tuple[str, str]:
    """(subject, text) of what is told. ``shown``: ``since`` as a person reads it."""
    what, act = words(row)
    lead = "Ingen har kvittert for varselet. " if row["step"] == 2 else ""
    return f"Meldingsvakt: {what}", f"{lead}{what}{f' siden {shown}' if since else ''}. {act} Kvitter i meldingsvakten når du tar tak i det."
