"""Tables of this app: what can be booked, and what is booked."""

from .booking import ABOUT_ONE, MEETINGS, Booking, BookingPatient, ChecklistItem, Kind, Participant, Series, Slot, WaitingEntry
from .equipment import Equipment, EquipmentMove, Fault, FunctionCheck
from .feed import FeedLink, Reminder
from .question import QuestionLink, SpecialistQuestion
from .resource import Duty, Opening, OpeningException, Resource
from .rollout import Evaluation, Experience, FeaturePeriod, RollOutPlan
from .session import Guest, SharedItem

__all__ = [
    "ABOUT_ONE", "MEETINGS", "Booking", "BookingPatient", "ChecklistItem", "Duty", "Equipment", "EquipmentMove",
    "Evaluation", "Experience", "Fault", "FeaturePeriod", "FeedLink", "FunctionCheck", "Guest", "Kind", "Opening", "OpeningException", "Participant", "QuestionLink", "Reminder", "Resource", "RollOutPlan", "Series",
    "SharedItem", "Slot", "SpecialistQuestion", "WaitingEntry",
]  # fmt: skip
