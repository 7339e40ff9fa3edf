"""Re-approval by the unit's leader, and one who leaves closed in one act (R23)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from access.gate import call
from access.services.authorisations import AuthorisationError, acting


def reapproval_start(*, unit: UUID, due_at: datetime) -> None:
    """Asks the unit's leader to go through the roles before a date. Raises AuthorisationError and PermissionDenied."""
    with acting(_("Fristen må ligge fram i tid.")):
        if call("reapproval_start", unit, due_at) is None:
            raise AuthorisationError(_("Enheten har en gjennomgang som ikke er ferdig. Vent til den er det."))


def reapprove(*, unit: UUID, authorisations: Sequence[UUID], approved: bool, reason: str = "") -> int:
    """Answers the unit's open cycle; those not approved end now. Returns how many. Raises AuthorisationError and PermissionDenied."""
    if not approved and not reason.strip():
        raise AuthorisationError(_("Skriv hvorfor rollen avsluttes."))
    with acting(""):
        answered = call("reapprove", unit, list(authorisations), approved, reason.strip())
    if not answered:
        raise AuthorisationError(_("Ingen roller venter på svar fra deg. Siden kan ha vært for gammel; last den på nytt."))
    return answered


def leaving_close(*, user: UUID, reason: str) -> dict[str, Any]:
    """Ends all roles, sessions and tokens of one who leaves. Returns what was closed, and ``closed``: whether nothing is left elsewhere.

    Raises AuthorisationError and PermissionDenied.
    """
    if not reason.strip():
        raise AuthorisationError(_("Skriv hvorfor tilgangene avsluttes, for eksempel «Sluttet 30.11.»."))
    with acting(""):
        return call("leaving_close", user, reason.strip())


def leaving_undo(*, user: UUID, reason: str) -> None:
    """Takes a person in again, without a role until one is given. Raises AuthorisationError."""
    if not reason.strip():
        raise AuthorisationError(_("Skriv hvorfor personen tas inn igjen."))
    with acting(""):
        if not call("leaving_undo", user, reason.strip()):
            raise AuthorisationError(_("Personen er ikke registrert som sluttet."))


def sessions_end(*, user: UUID, reason: str) -> int:
    """Logs a person out everywhere. Returns how many sessions were ended. Raises AuthorisationError and PermissionDenied."""
    if not reason.strip():
        raise AuthorisationError(_("Skriv hvorfor øktene avsluttes."))
    with acting(""):
        return call("sessions_end", user, reason.strip())
