"""Messages as lists show them: a patient's, and those of a unit."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.gate import Gate, rows
from journal.models import Note
from journal.selectors.frame import patients_among
from journal.selectors.timeline import decode_cursor, encode_cursor
from lms_epj.core.formatting import format_list_name
from messaging.models import Message
from messaging.selectors.states import shown_state

RECENT = timedelta(hours=24)
MOST = 120
PAGE = 30
# code in the address → label, icon
FOLDERS = {
    "oppfolging": (gettext_noop("Må følges opp"), "ExclamationmarkTriangle"),
    "inn": (gettext_noop("Innboks"), "Inbox"),
    "": (gettext_noop("Siste døgn"), "Clock"),
    "venter": (gettext_noop("Venter på kvittering"), "Hourglass"),
    "sendt": (gettext_noop("Sendt"), "ArrowRight"),
}


def whole() -> QuerySet[Message]:
    """Messages with all that says where they stand, ``origin_corrected`` among it: when the note they were taken from was put right since."""
    corrected = Note.objects.filter(pk=OuterRef("origin_id"), corrected_at__gt=OuterRef("recorded_at")).values("corrected_at")[:1]
    return (
        Message.objects.annotate(origin_corrected=Subquery(corrected))
        .select_related("unit")
        .prefetch_related("receipts", "outbox__party", "readings__user", "readings__unit")
        .defer("raw", "sha256")
    )


def of_patient(gate: Gate, patient: UUID, before: str = "", *, size: int = PAGE) -> tuple[list[dict[str, Any]], str]:
    """(one page of a patient's messages, newest first; cursor of the next older page or "")."""
    found = whole().filter(patient=patient)
    place = decode_cursor(before)
    if place:
        found = found.filter(Q(event_at__lt=place[0]) | Q(event_at=place[0], pk__lt=place[1]))
    page = list(found.order_by("-event_at", "-id")[: size + 1])
    return [message_row(gate, one) for one in page[:size]], encode_cursor(page[size - 1]) if len(page) > size else ""


def message_row(gate: Gate, message: Message) -> dict[str, Any]:
    incoming = message.direction == Message.Direction.IN
    return {
        "id": message.pk, "incoming": incoming, "title": message.title or message.standard, "at": message.event_at,
        "who": (_("Fra %(name)s") if incoming else _("Til %(name)s")) % {"name": message.sender_name if incoming else message.receiver_name},
        "unit": message.unit.name if message.unit else "", "state": shown_state(gate, message), "remarks": len(message.remarks),
        "url": reverse("patient_message", args=[message.patient_id, message.pk]),
    }  # fmt: skip


def unit_messages(gate: Gate) -> list[dict[str, Any]]:
    """What nobody of the unit has answered for, and the last day's, newest first; one line in the log for each patient."""
    found = rows("unit_messages", gate.now - RECENT, MOST)
    opened = gate.disclose(list(dict.fromkeys(row["patient"] for row in found)))
    names = {one.pk: one for one in patients_among(opened)}
    messages = whole().filter(pk__in=[row["message"] for row in found], patient__in=opened).order_by("-event_at", "-id")
    return [message_row(gate, one) | _whose(gate, names[one.patient_id]) | {"recent": one.recorded_at >= gate.now - RECENT} for one in messages]


def _whose(gate: Gate, patient: Any) -> dict[str, Any]:
    return {"name": format_list_name(patient.family_name, patient.given_name), "born": patient.birth_date, "sex": patient.sex}


def in_folder(listed: Iterable[dict[str, Any]], folder: str) -> list[dict[str, Any]]:
    keep = {
        "oppfolging": lambda row: row["state"]["follow_up"],
        "inn": lambda row: row["state"]["unread"],
        "": lambda row: row["recent"] or row["state"]["follow_up"],
        "venter": lambda row: row["state"]["awaits"],
        "sendt": lambda row: not row["incoming"],
    }[folder]
    return [row for row in listed if keep(row)]


def folders(listed: list[dict[str, Any]], active: str) -> list[dict[str, Any]]:
    here = reverse("unit_messages")
    return [
        {"label": _(label), "icon": icon, "url": f"{here}?mappe={code}" if code else here, "active": code == active,
         "count": len(in_folder(listed, code)), "alarm": code == "oppfolging"}
        for code, (label, icon) in FOLDERS.items()
    ]  # fmt: skip


def last_day(listed: Iterable[dict[str, Any]]) -> list[tuple[str, int]]:
    """What this reader can see of the unit's last 24 hours."""
    recent = [row for row in listed if row["recent"]]
    out = [row for row in recent if not row["incoming"]]
    refused = [row for row in out if row["state"]["follow_up"]]
    waiting = [row for row in out if row["state"]["awaits"]]
    return [
        (_("Mottatt"), len(recent) - len(out)), (_("Sendt"), len(out)), (_("Kvittert"), len(out) - len(refused) - len(waiting)),
        (_("Må følges opp"), len(refused)), (_("Uten svar"), len(waiting)),
    ]  # fmt: skip


def groups(listed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Failures first, as a group of their own."""
    follow = [row for row in listed if row["state"]["follow_up"]]
    rest = [row for row in listed if not row["state"]["follow_up"]]
    return [{"label": label, "rows": some} for label, some in ((_("Må følges opp"), follow), (_("Meldinger"), rest)) if some]
