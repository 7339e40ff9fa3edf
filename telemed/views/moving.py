"""The form that moves a booking: a new day and time, with the next free times for what it has."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from journal.services.errors import JournalError
from journal.views.typed import Typed
from lms_epj.core.formatting import format_date, format_time
from telemed.models import Booking, Slot
from telemed.selectors.times import free_starts
from telemed.services.bookings import booking_move
from telemed.services.errors import NotFree
from telemed.views.typed_wish import offered, parse_start


class Moving:
    """``done`` moves when that was asked for and could be done."""

    def __init__(self, request: HttpRequest, booking: Booking) -> None:
        self.gate, self.booking, self.request = request.gate, booking, request
        self.typed = Typed(request, {"day": format_date(booking.starts_at), "time": format_time(booking.starts_at)})
        self.lock_version = booking.lock_version
        self.starts: list[datetime] = []

    def done(self) -> bool:
        if not self.typed.posted:
            self.starts = self._free(max(self.gate.now, self.booking.starts_at))
            return False
        starts_at = self._starts_at()
        if not self.typed.ready or starts_at is None:
            return False
        try:
            booking_move(gate=self.gate, booking=self.booking, lock_version=self.typed.number("lock_version"), starts_at=starts_at)
        except JournalError as error:
            self.typed.refuse(error)
            self.starts = error.starts if isinstance(error, NotFree) else []
            return False
        return True

    def context(self) -> dict[str, Any]:
        typed = self.typed
        return {
            "title": _("Flytt timen"), "submit": _("Flytt"), "errors": typed.error_list(), "booking": self.booking,
            "starts": offered(self.starts, self.gate.now), "searched": bool(self.starts) or typed.posted,
            "day": typed.field("day", _("Ny dag"), inputmode="numeric") | {"error": typed.errors.get("starts_at", "")},
            "time": typed.field("time", _("Klokken"), inputmode="numeric"),
        }  # fmt: skip

    def _starts_at(self) -> datetime | None:
        picked = self.request.POST.get("pick", "")
        day, clock = picked.split(" ") if picked.count(" ") == 1 else (self.typed.text("day"), self.typed.text("time"))
        try:
            return parse_start(day, clock)
        except ValueError:
            self.typed.errors["starts_at"] = _("Skriv dag og klokkeslett, for eksempel 24.11.2026 og 13:00.")
            return None

    def _free(self, not_before: datetime) -> list[datetime]:
        resources = [slot.resource for slot in Slot.objects.filter(booking=self.booking, active=True).select_related("resource")]
        minutes = int((self.booking.ends_at - self.booking.starts_at).total_seconds() // 60)
        found = free_starts(resources, minutes, not_before, but=self.booking.pk, count=6)
        return [one for one in found if one != self.booking.starts_at]
