"""What bookings put on the page of a stay."""

from typing import Any

from django.urls import reverse

from access.gate import Gate
from journal.models import Note, Stay
from telemed.models import BookingPatient


def sessions_of(gate: Gate, row: Stay | Note) -> dict[str, Any] | None:
    """The video sessions of the stay, the newest first."""
    if not isinstance(row, Stay):
        return None
    parts = BookingPatient.objects.filter(stay=row.pk).select_related("booking", "decision").order_by("-booking__starts_at")[:10]
    rows = [{"part": part, "booking": part.booking, "url": reverse("video_session", args=[part.patient_id, part.pk])} for part in parts]
    return {"template": "telemed/stay_panel.html", "rows": rows} if rows else None
