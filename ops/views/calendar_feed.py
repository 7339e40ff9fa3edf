"""Shifts as a calendar (RFC 5545), behind an address that is its own key. Times are UTC, so no reader can get a change of the clock wrong."""

import json
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse

from access.gate import call
from access.views import refused
from ops.domain.resolver import joined
from ops.domain.rules import Segment

STAMP = "%Y%m%dT%H%M%SZ"


def ics(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar of whoever made the address; 404 for any other, and for one that was ended."""
    found = call("duty_feed_read", secret)
    if found is None:
        return refused.unknown(request)
    response = HttpResponse(calendar_of(json.loads(found) if isinstance(found, str) else found), content_type="text/calendar; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response


def calendar_of(found: dict[str, Any]) -> bytes:
    by_line: dict[tuple[str, int, str, str], list[Segment]] = {}
    for row in found["shifts"]:
        begins, ends = (datetime.fromisoformat(row[edge]).astimezone(UTC) for edge in ("begins", "ends"))
        name = f"{row['name']} – {row['level']}" + (f" ({row['party']})" if row["party"] else "")
        by_line.setdefault((row["roster"], row["number"], row["key"], name), []).append(Segment(begins, ends, "me"))
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Fellesjournalen//Vakt//NO",
        "CALSCALE:GREGORIAN",
        "X-WR-CALNAME:Vakter",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    ]
    for (roster, level, key, name), line in by_line.items():
        for one in joined(line):
            lines += [
                "BEGIN:VEVENT", f"UID:{roster}-{level}-{key}-{one.begins:{STAMP}}@fellesjournalen", f"DTSTAMP:{one.begins:{STAMP}}", f"DTSTART:{one.begins:{STAMP}}",
                f"DTEND:{one.ends:{STAMP}}", f"SUMMARY:{escaped('Vakt: ' + name)}", "TRANSP:TRANSPARENT", "END:VEVENT",
            ]  # fmt: skip
    return "".join(folded(line) for line in [*lines, "END:VCALENDAR"]).encode()


def escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\r", "").replace("\n", "\\n")


def folded(line: str) -> str:
    """Lines of at most 75 octets; what goes on begins with a space. No character is cut in two."""
    parts, size = [""], 0
    for character in line:
        octets = len(character.encode())
        if size + octets > 75:
            parts.append(" ")
            size = 1
        parts[-1] += character
        size += octets
    return "\r\n".join(parts) + "\r\n"
