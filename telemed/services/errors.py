"""What a booking can be refused with beyond a field that is wrong."""

from collections.abc import Sequence
from datetime import datetime

from journal.services.errors import JournalError


class NotFree(JournalError):
    """Somebody has the resource, or it is not open. ``starts``: the next times that suit; nothing has been stored."""

    status = 409

    def __init__(self, code: str, message: str, starts: Sequence[datetime]) -> None:
        super().__init__(code, message, {"starts_at": message})
        self.starts = list(starts)
