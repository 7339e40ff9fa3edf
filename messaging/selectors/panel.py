"""The messages of a stay, and those taken from a note, with where each stands: on the stay's page and the note's."""

from typing import Any

from access.gate import Gate
from journal.models import Note, Stay
from messaging.models import Message
from messaging.selectors.lists import message_row, whole


def messages_of(gate: Gate, row: Stay | Note) -> dict[str, Any] | None:
    """{template, rows}: what went and came, newest first; None where there is nothing."""
    found = whole().filter(patient=row.patient_id, direction=Message.Direction.OUT)
    found = found.filter(stay=row.pk) if isinstance(row, Stay) else found.filter(origin_id=row.pk)
    rows = [message_row(gate, one) for one in found.order_by("-event_at", "-id")]
    return {"template": "messaging/panel.html", "rows": rows} if rows else None
