"""Tables of this app: who we write to, what was written, and the rows that the engine works on."""

from .alarm import DailyReport, Incident, Notice
from .exchange import ExchangeRefusal, InformationGap
from .heartbeat import Heartbeat
from .lab import LabResult
from .message import Message, Receipt
from .queue import Attempt, CircuitBreaker, InboxItem, OutboxItem
from .reading import Reading
from .register import CommunicationParty

__all__ = [
    "Attempt", "CircuitBreaker", "CommunicationParty", "DailyReport", "ExchangeRefusal", "Heartbeat", "InboxItem", "Incident", "InformationGap",
    "LabResult", "Message", "Notice", "OutboxItem", "Reading", "Receipt",
]  # fmt: skip
