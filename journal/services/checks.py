"""Checks that several acts share. Each refuses in words that belong to one field of the form."""

from datetime import datetime

from django.utils.translation import gettext as _

from access.gate import Gate
from journal.services.errors import JournalError


def refuse(code: str, message: str, field: str = "") -> JournalError:
    """A refusal that belongs to one field, or to the whole form."""
    return JournalError(code, message, {field: message} if field else None)


def require_text(value: str, field: str, message: str) -> str:
    """The text without surrounding space.

    Raises JournalError when nothing is left.
    """
    text = value.strip()
    if not text:
        raise refuse("missing", message, field)
    return text


def require_past(gate: Gate, moment: datetime, field: str) -> None:
    """What is charted as done has happened."""
    if moment > gate.now:
        raise refuse("future", _("Tidspunktet er fram i tid. Sjekk klokkeslettet."), field)
