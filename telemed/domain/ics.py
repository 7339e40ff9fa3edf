"""A calendar as text (RFC 5545): only when, where and that one is taken. Times are UTC, so that the reader's own clock shows them right."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

LINE = 75  # octets


@dataclass(frozen=True)
class Event:
    """``sequence`` rises with each change, so that calendars take the new time over."""

    uid: str
    start: datetime
    end: datetime
    summary: str
    place: str
    changed: datetime
    sequence: int
    cancelled: bool = False


def calendar(name: str, events: Iterable[Event]) -> str:
    """The whole file, with the line ends that the format asks for."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Fellesjournalen//Video//NO", "METHOD:PUBLISH", f"X-WR-CALNAME:{escaped(name)}"]
    for one in events:
        lines += [
            "BEGIN:VEVENT", f"UID:{one.uid}", f"DTSTAMP:{stamp(one.changed)}", f"DTSTART:{stamp(one.start)}", f"DTEND:{stamp(one.end)}",
            f"SEQUENCE:{one.sequence}", f"STATUS:{'CANCELLED' if one.cancelled else 'CONFIRMED'}", f"SUMMARY:{escaped(one.summary)}",
            *([f"LOCATION:{escaped(one.place)}"] if one.place else []), "CLASS:PRIVATE", "END:VEVENT",
        ]  # fmt: skip
    return "".join(f"{folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> str:
    """No line longer than 75 octets; a character is never cut in two."""
    parts: list[str] = []
    rest = line
    while len(rest.encode()) > LINE - bool(parts):
        cut = LINE - bool(parts)
        while len(rest[:cut].encode()) > LINE - bool(parts):
            cut -= 1
        parts.append(rest[:cut])
        rest = rest[cut:]
    return "\r\n ".join([*parts, rest])
