"""Incidents and daily reports as the watch page shows them."""

import csv
import io
import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.gate import rows
from messaging.domain.alarms import words

CHANNEL_NAMES = {"mailto": gettext_lazy("e-post"), "sms": gettext_lazy("SMS")}
REPORTS = 14
# key of `gate.report_rows` → heading; times come as seconds
COLUMNS = (
    ("partner", gettext_lazy("Partner")), ("unit", gettext_lazy("Tjeneste")), ("received", gettext_lazy("Mottatt")), ("sent", gettext_lazy("Sendt")),
    ("refused_by_us", gettext_lazy("Avvist av oss")), ("refused_by_them", gettext_lazy("Avvist av dem")), ("unreceipted", gettext_lazy("Uten kvittering")),
    ("unmatched", gettext_lazy("Uten sikker pasient")), ("receipt_median", gettext_lazy("Til kvittering, median")),
    ("receipt_p95", gettext_lazy("Til kvittering, p95")), ("read_median", gettext_lazy("Til lest, median")), ("read_p95", gettext_lazy("Til lest, p95")),
)  # fmt: skip
TIMES = ("receipt_median", "receipt_p95", "read_median", "read_p95")
TOTALS = ("received", "sent", "refused_by_us", "refused_by_them", "unreceipted", "unmatched")


def incidents() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(open, closed the last week): {what, act, told: [text], …} beside what the row holds."""
    found = [row | {"told": _told(row["told"]), "url": reverse("message_alarm", args=[row["incident"]])} for row in rows("watch_incidents")]
    for row in found:
        row["what"], row["act"] = words(row, _)
    return [row for row in found if not row["closed_at"]], [row for row in found if row["closed_at"]]


def _told(told: Any) -> list[str]:
    """Whom it was told and by what; an address is for those who set it up."""
    names = {1: _("meldingsansvarlig"), 2: _("vakt")}
    states = {"sent": _("varslet"), "waiting": _("varsles"), "dead": _("ikke nådd")}
    listed = json.loads(told) if isinstance(told, str) else told
    return [f"{names[one['step']]} {states[one['state']]} ({CHANNEL_NAMES[one['channel']]} {one['address']})" for one in listed]


def reports(day: date | None = None) -> list[dict[str, Any]]:
    """The newest, or the one of a day: {day, made_at, rows, totals, url, file_url}."""
    made = []
    for row in rows("watch_reports", day, REPORTS):
        lines = json.loads(row["rows"]) if isinstance(row["rows"], str) else row["rows"]
        url = reverse("message_report", args=[row["day"].isoformat()])
        totals = {name: sum(line[name] for line in lines) for name in TOTALS}
        made.append({"day": row["day"], "made_at": row["made_at"], "rows": lines, "totals": totals, "url": url, "file_url": f"{url}?fil=csv"})
    return made


def table(lines: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Cells as people read them, in the order of COLUMNS."""
    return [[{"heading": heading, "text": _duration(line[key]) if key in TIMES else str(line[key] or _without(key))} for key, heading in COLUMNS]
            for line in lines]  # fmt: skip


def _without(key: str) -> str:
    return {"partner": _("Ukjent avsender"), "unit": _("Ingen enhet")}.get(key, "0")


def _duration(seconds: float | None) -> str:
    """Seconds as «12 s», «4 min» or «3 t 20 min»; an empty place says that there was nothing to measure."""
    if seconds is None:
        return "–"
    whole = round(float(seconds))
    if whole < 100:
        return _("%(n)s s") % {"n": whole}
    minutes = round(whole / 60)
    return _("%(n)s min") % {"n": minutes} if minutes < 100 else _("%(h)s t %(m)s min") % {"h": minutes // 60, "m": minutes % 60}


def as_csv(report: dict[str, Any]) -> bytes:
    """Semicolons and comma as decimal mark, as a Norwegian spreadsheet opens it; times in seconds."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([_("Dag"), *(f"{heading} (s)" if key in TIMES else str(heading) for key, heading in COLUMNS)])
    for line in report["rows"]:
        cells = [
            "" if line[key] is None else str(line[key]).replace(".", ",") if key in TIMES else _safe(str(line[key])) for key, _heading in COLUMNS
        ]
        writer.writerow([report["day"].strftime("%d.%m.%Y"), *cells])
    return out.getvalue().encode("utf-8-sig")


def _safe(text: str) -> str:
    """A name that a spreadsheet would take for a formula is shown as text."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text
