"""How soon a unit wants the next NEWS2 set, and what is done at each level: the unit's leader decides, each time as a new version."""

import json
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from access.gate import Gate, call
from journal.domain.news2 import DEFAULT_ACTION_LEVELS
from journal.domain.news2 import ActionLevels as Levels
from journal.models import ActionLevels
from journal.services.errors import JournalError


def levels_of(unit: UUID) -> Levels:
    """What counts in a unit now: the newest of its own versions, else the standard."""
    row = ActionLevels.objects.filter(unit_id=unit).order_by("-number").first()
    if row is None:
        return DEFAULT_ACTION_LEVELS
    return Levels(f"post-{row.number}", **{step: timedelta(minutes=getattr(row, step)) for step in ActionLevels.STEPS}, actions=row.actions)


def action_levels_set(*, gate: Gate, minutes: dict[str, int], actions: dict[str, str], reason: str) -> int:
    """A new version for the acting leader's unit, in force from the next set that is charted. Returns its number.

    Raises JournalError when a more severe level would be due later than a milder one, or without a reason.
    """
    if not reason.strip():
        raise JournalError("reason_missing", _("Skriv hvorfor."), {"reason": _("Skriv hvorfor nivåene endres, og hvem som har bestemt det.")})
    wrong = {step: _("Skriv minutter fra 5 til 1440.") for step in ActionLevels.STEPS if not 5 <= minutes.get(step, 0) <= 1440}
    if wrong:
        raise JournalError("minutes", _("Noe må rettes. Ingenting er lagret."), wrong)
    said = {level: actions.get(level, "").strip() for level in ActionLevels.ACTED_ON}
    try:
        with transaction.atomic():
            return call("set_action_levels", *(minutes[step] for step in ActionLevels.STEPS), json.dumps(said), reason.strip())
    except IntegrityError:
        message = _("Et mer alvorlig nivå kan ikke måles sjeldnere enn et mildere.")
        raise JournalError("order", message, {"zero": message}) from None
