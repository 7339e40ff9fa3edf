"""What can be wrong with the exchange, in the words it is told with. No patient, and nothing of what is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote

CHANNELS = ("mailto", "sms")
# kind of incident → (what, what to do); {label} is the partner or the unit, {count} how many
WORDS = {
    "worker_silent": ("Ingen arbeidsprosess for meldinger gir livstegn", "Meldinger verken sendes eller tas inn. Se om prosessen «messages» går."),
    "tasks_silent": ("Oppgaver kommer ikke fram gjennom køen", "Megleren eller tidsplanen er nede. Se om «beat» og megleren går."),
    "inbox_slow": ("{count} innkommende har ventet for lenge", "De er trygt lagret, men ikke journalført. Se meldingsvakten."),
    "outbox_slow": ("{count} utgående har ventet for lenge", "De er trygt lagret, men ikke sendt. Se meldingsvakten."),
    "set_aside": ("{count} innkommende er satt til side", "De kunne ikke tas inn. Åpne dem i meldingsvakten."),
    "unreceipted": ("{count} uten kvittering fra {label}", "Ring mottakeren og hør om de er kommet fram."),
    "refused": ("{count} avvist av {label}", "Den som sendte, må rette og sende på nytt."),
    "undelivered": ("{count} ikke levert til {label}", "Prøv igjen eller lukk dem i meldingsvakten, og ring mottakeren."),
    "resting": ("{label} får hvile etter gjentatte feil", "Én melding prøves av og til. Ring mottakeren om det varer."),
    "unmatched": ("{count} uten sikker pasient nær svarfristen hos {label}", "Be enheten koble eller avvise dem før fristen på 96 timer."),
    "unread": ("{count} ikke vurdert innen tiden hos {label}", "Be enheten se på innboksen."),
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
