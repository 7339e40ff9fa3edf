"""Tables of this app: what can be booked, and what is booked."""

from .booking import ABOUT_ONE, MEETINGS, Booking, BookingPatient, ChecklistItem, Kind, Participant, Series, Slot, WaitingEntry
from .resource import Duty, Opening, OpeningException, Resource

__all__ = [
    "ABOUT_ONE", "MEETINGS", "Booking", "BookingPatient", "ChecklistItem", "Duty", "Kind", "Opening", "OpeningException", "Participant", "Resource", "Series",
    "Slot", "WaitingEntry",
]  # fmt: skip
