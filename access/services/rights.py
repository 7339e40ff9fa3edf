"""Changing what roles may do: proposed with a reason; what takes away is in force at once, what gives waits for a second administrator (R11, R12)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from access.gate import call
from access.selectors.rights import Cell


class RightsError(Exception):
    """Why nothing was changed, in bokmål."""


@dataclass(frozen=True)
class Proposed:
    """`in_force`: the change that took away, in force now. `proposed`: the one that gives, waiting."""

    in_force: UUID | None
    proposed: UUID | None


_REFUSALS = {
    "own": lambda: _("Du foreslo endringen selv. En annen administrator må godkjenne den."),
    "made": lambda: _("Den ene av dere har gitt den andre startpassordet. En tredje administrator må godkjenne endringen."),
    "gains": lambda: _("Du har selv en rolle som får mer av endringen. En administrator uten rollen må godkjenne den."),
    "decided": lambda: _("Endringen er avgjort fra før."),
    "stale": lambda: _("Matrisen er endret siden dette ble foreslått. Avslå forslaget, og lag et nytt."),
    "other": lambda: _("Bare den som foreslo endringen kan trekke den."),
}


def refusal(code: str) -> str:
    """Why a change may not be decided by this person, in words."""
    return _REFUSALS[code]() if code else ""


def rights_propose(*, cells: Sequence[Cell], reason: str) -> Proposed:
    """Registers a change of cells.

    Raises RightsError without a reason, without a difference, or when the matrix is no longer as the person saw it.
    """
    if not reason.strip():
        raise RightsError(_("Skriv hvorfor rettighetene endres."))
    answer = call("rights_propose", json.dumps([cell.as_json() for cell in cells]), reason.strip())
    if answer["state"] == "stale":
        raise RightsError(_("Noen andre har endret rollen mens du arbeidet. Ingenting er lagret. Gå tilbake til matrisen og se på den på nytt."))
    if answer["state"] == "same":
        raise RightsError(_("Ingenting er endret."))
    return Proposed(*(UUID(answer[key]) if key in answer else None for key in ("in_force", "proposed")))


def rights_decide(*, change: UUID, verdict: str, reason: str = "") -> None:
    """Decides a waiting change: ``approve``, ``reject`` (needs a reason) or ``withdraw`` (by the proposer).

    Raises RightsError when this person may not, or it is too late.
    """
    if verdict == "reject" and not reason.strip():
        raise RightsError(_("Skriv hvorfor forslaget avslås. Den som foreslo det, ser begrunnelsen."))
    answer = call("rights_decide", change, verdict, reason.strip())
    if answer != "ok":
        raise RightsError(refusal(answer))
