"""What an act in the record can be refused with. The view turns it into an answer; nothing has been saved."""

from typing import Any


class JournalError(Exception):
    """A refusal in plain words (422).

    code: stable, for tests and logs. fields: field name → what is wrong with it.
    """

    status = 422

    def __init__(self, code: str, message: str, fields: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.fields = fields or {}


class Conflict(JournalError):
    """Somebody stored something else meanwhile (409). ``theirs`` is what stands now; the caller still has its own."""

    status = 409

    def __init__(self, message: str, theirs: Any) -> None:
        super().__init__("conflict", message)
        self.theirs = theirs
