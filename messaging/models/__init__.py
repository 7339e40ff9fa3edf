"""Tables of this app: who we write to, what was written, and the rows that the engine works on."""

from .message import Message, Receipt
from .queue import Attempt, CircuitBreaker, InboxItem, OutboxItem
from .reading import Reading
from .register import CommunicationParty

__all__ = ["Attempt", "CircuitBreaker", "CommunicationParty", "InboxItem", "Message", "OutboxItem", "Reading", "Receipt"]
