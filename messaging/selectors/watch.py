"""What the watch page shows: whether messages flow, and where they do not."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from access.gate import rows
from lms_epj.core.formatting import format_near_moment, format_time
from messaging.formats.outcome import ERROR_TEXTS

SILENT_WORKER, SILENT_TASKS, SLOW_QUEUE = timedelta(seconds=60), timedelta(seconds=60), timedelta(minutes=5)
BAR = 120  # height of the graph, in its own units


def alive(now: datetime) -> list[dict[str, Any]]:
    """{label, ok, text} of worker, broker and the two queues."""
    found = rows("watch_alive")
    newest = {
        kind: max((row["at"] for row in found if row["kind"] == kind and row["at"]), default=None) for kind in ("worker", "tasks", "inbox", "outbox")
    }
    workers = sum(1 for row in found if row["kind"] == "worker" and now - row["at"] < SILENT_WORKER)
    return [
        _sign(_("Arbeidsprosess"), newest["worker"], now, SILENT_WORKER, _("%(count)s i gang") % {"count": workers}),
        _sign(_("Kø (megler og tidsplan)"), newest["tasks"], now, SILENT_TASKS, _("oppgaver kommer fram")),
        _queue(_("Innkommende"), newest["inbox"], now),
        _queue(_("Utgående"), newest["outbox"], now),
    ]


def _sign(label: str, at: datetime | None, now: datetime, silent: timedelta, fine: str) -> dict[str, Any]:
    if at is None:
        return {"label": label, "ok": False, "text": _("ingen livstegn det siste døgnet")}
    if now - at >= silent:
        return {"label": label, "ok": False, "text": _("stille siden %(at)s") % {"at": format_near_moment(at, now)}}
    return {"label": label, "ok": True, "text": _("%(fine)s, sist kl. %(at)s") % {"fine": fine, "at": format_time(at, seconds=True)}}


def _queue(label: str, oldest: datetime | None, now: datetime) -> dict[str, Any]:
    if oldest is None:
        return {"label": label, "ok": True, "text": _("ingenting venter")}
    return {"label": label, "ok": now - oldest < SLOW_QUEUE, "text": _("eldste har ventet siden %(at)s") % {"at": format_near_moment(oldest, now)}}


def refused() -> list[dict[str, Any]]:
    """What we have refused of what came, each with ``why`` and what the sender knows of it."""
    return [row | {"why": row["reason"] or f"{ERROR_TEXTS.get(row['code'], '')}.", "told": _told(row["answered"])} for row in rows("watch_refused")]


def _told(answered: bool) -> str:
    if answered:
        return _("Avsenderen har fått beskjed og må rette og sende på nytt.")
    return _("Avsenderen kan ikke få kvittering. Ring, om det haster.")


def figures(partners: list[dict[str, Any]], units: list[dict[str, Any]], aside: int) -> list[dict[str, Any]]:
    """The strip at the top: {label, value, alarm, hint}."""

    def total(listed: list[dict[str, Any]], name: str) -> int:
        return sum(row[name] for row in listed)

    shown = (
        (_("Uten kvittering etter 96 t"), total(partners, "missing"), True, _("%(n)s venter innen fristen") % {"n": total(partners, "awaited")}),
        (_("Avvist"), total(partners, "refused"), True, _("ikke fulgt opp")),
        (_("Ikke levert"), total(partners, "undelivered"), True, _("%(n)s i kø") % {"n": total(partners, "waiting")}),
        (_("Uten sikker pasient"), total(units, "tray"), False, _("svarfrist 96 t")),
        (_("Ikke vurdert"), total(units, "unread"), False, _("%(n)s over tiden") % {"n": total(units, "overdue")}),
        (_("Satt til side"), aside, True, _("må ses på")),
    )
    return [{"label": label, "value": value, "alarm": bool(value) and alarm, "hint": hint} for label, value, alarm, hint in shown]


def graph(now: datetime) -> dict[str, Any]:
    """Bars of the last 24 hours: {most, hours: [{label, received, sent, failed, heights}]}."""
    hours = rows("watch_hours")
    most = max([1, *(max(row["received"], row["sent"]) for row in hours)])
    return {
        "most": most,
        "hours": [
            {"x": place * 40, "label": f"{format_time(row['hour'])[:2]}", "received": row["received"], "sent": row["sent"], "failed": row["failed"],
             "in_height": round(row["received"] * BAR / most), "out_height": round(row["sent"] * BAR / most),
             "in_y": BAR - round(row["received"] * BAR / most), "out_y": BAR - round(row["sent"] * BAR / most)}
            for place, row in enumerate(hours)
        ],
    }  # fmt: skip
