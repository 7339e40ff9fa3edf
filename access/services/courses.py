"""Courses that a role demands, and who has taken them (R23). A demand narrows and takes one person; to take it away takes two."""

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from access.gate import Gate, call
from access.services.authorisations import AuthorisationError, acting


def course_make(*, code: str, name: str, months: int | None) -> UUID:
    """A new course; ``months``: how long it counts, None for good. Raises AuthorisationError."""
    if not name.strip():
        raise AuthorisationError(_("Skriv hva kurset heter."))
    with acting(_("Kurset ble ikke lagret. Det finnes et kurs med denne koden fra før, eller antallet måneder er for lite.")):
        return call("course_make", code, name.strip(), months)


def course_demand(*, role: UUID, course: UUID, valid_from: datetime) -> None:
    """From then on the role opens nothing for those without the course. Raises AuthorisationError."""
    with acting(_("Kravet ble ikke lagret. Rollen krever kurset fra før.")):
        call("course_demand", role, course, valid_from)


def course_demand_end(*, demand: UUID) -> str:
    """«proposed» the first time, «ended» when another administrator does it again. Raises AuthorisationError."""
    with acting(""):
        answer = call("course_demand_end", demand)
    if answer == "refused":
        raise AuthorisationError(_("Kravet er borte fra før, eller du har selv foreslått å ta det bort. Da må en annen administrator godkjenne det."))
    return answer


def course_demand_keep(*, demand: UUID) -> None:
    """Takes a proposal to end a demand back."""
    with acting(""):
        if not call("course_demand_keep", demand):
            raise AuthorisationError(_("Det er ikke lenger noe forslag om å ta bort kravet."))


def course_completed(*, gate: Gate, user: UUID, course: UUID, on: date) -> None:
    """Registers a course that somebody has taken; it counts from now. Raises AuthorisationError and PermissionDenied."""
    if user == gate.user_id:
        raise AuthorisationError(_("Du kan ikke registrere kurs på deg selv. Be en annen om det."))
    with acting(_("Kurset ble ikke registrert. Datoen kan ikke ligge fram i tid.")):
        call("course_completed", user, course, on)


def course_strike(*, completion: UUID, reason: str) -> None:
    """A completion that was wrong stops counting. Raises AuthorisationError."""
    if not reason.strip():
        raise AuthorisationError(_("Skriv hva som er feil med registreringen."))
    with acting(""):
        if not call("course_strike", completion, reason.strip()):
            raise AuthorisationError(_("Registreringen gjelder ikke lenger, eller den hører til en person du ikke har ansvar for."))
