"""Changing who answers: override, take, and hand-over notes. The database checks who may and paints; see ops/policies/duty.sql."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from access.gate import call
from ops.services.acting import DutyError, acting, must_be_ok, must_name_nobody


def duty_override(*, roster: UUID, level: int, begins: datetime, ends: datetime, party: UUID, reason: str) -> None:
    """Whoever keeps the roster puts somebody in. Raises DutyError and PermissionDenied."""
    if ends <= begins:
        raise DutyError(_("Vakten må slutte etter at den begynner."))
    if not reason.strip():
        raise DutyError(_("Skriv hvorfor vakten endres."))
    with acting():
        must_be_ok(call("duty_override", roster, level, begins, ends, party, reason.strip()))


def duty_take(*, roster: UUID, level: int, begins: datetime, ends: datetime, party: UUID, seen: UUID | None, reason: str = "") -> None:
    """Takes a shift or a gap for oneself, or for the party one acts for. ``seen``: who answered as the page showed it."""
    with acting():
        must_be_ok(call("duty_take", roster, level, begins, ends, party, seen, reason.strip()))


def handover_write(*, roster: UUID, text: str) -> None:
    """What the next one on call should know."""
    if not text.strip():
        raise DutyError(_("Skriv det neste vakt trenger å vite."))
    must_name_nobody(text)
    with acting():
        call("handover_write", roster, text)


def handover_read(*, handover: UUID) -> None:
    """Whoever comes on has read it."""
    with acting():
        if not call("handover_read", handover):
            raise DutyError(_("Beskjeden er alt lest, eller den er din egen."))
