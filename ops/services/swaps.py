"""Shifts that change hands by consent; see ops/policies/swaps.sql."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from access.gate import call
from ops.services.acting import DutyError, acting, must_be_ok


@dataclass(frozen=True)
class Offered:
    """A piece of a roster."""

    level: int
    begins: datetime
    ends: datetime


def swap_ask(*, roster: UUID, offered: Offered, giver: UUID | None, receiver: UUID | None, back: Offered | None = None, note: str = "") -> UUID:
    """Asks one, or all of the roster. ``giver`` None: a gap. Returns the question. Raises DutyError and PermissionDenied."""
    with acting():
        answer = call(
            "swap_ask", roster, offered.level, offered.begins, offered.ends, giver, receiver, back and back.level, back and back.begins,
            back and back.ends, note,
        )  # fmt: skip
        must_be_ok(answer["state"])
    return UUID(answer["swap"])


def swap_answer(*, swap: UUID, yes: bool, party: UUID | None = None) -> None:
    """``party``: who takes it where all were asked."""
    with acting():
        answer = call("swap_answer", swap, yes, party)
    if answer == "stale":
        raise DutyError(_("Vakten er ikke lenger slik den var da det ble spurt. Byttet faller bort, og ingenting er endret."))
    if answer != "declined":
        must_be_ok(answer)


def swap_withdraw(*, swap: UUID) -> None:
    with acting():
        if not call("swap_withdraw", swap):
            must_be_ok("answered")
