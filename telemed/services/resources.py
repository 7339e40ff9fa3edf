"""When a resource is not as usual, and when a person is on duty: entered by who holds the resource."""

from datetime import date, datetime, time

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from access.gate import Gate
from journal.services.checks import refuse
from telemed.models import Duty, OpeningException, Resource
from telemed.selectors.equipment import manages


def exception_add(
    *, gate: Gate, resource: Resource, first: date, last: date, opens: time | None, closes: time | None, reason: str
) -> OpeningException:
    """Closed on these days, or open at other hours. What is booked stands until somebody moves it."""
    _require_manager(gate, resource)
    if last < first:
        raise refuse("order", _("Siste dag må komme etter første."), "last")
    if (opens is None) != (closes is None):
        raise refuse("hours", _("Skriv begge klokkeslettene, eller ingen av dem."), "closes")
    made = OpeningException(resource=resource, first=first, last=last, opens=opens, closes=closes, reason=reason.strip()[:120])
    made.save(force_insert=True)
    return made


def duty_add(*, gate: Gate, resource: Resource, starts_at: datetime, ends_at: datetime) -> Duty:
    """The person can be booked in this time."""
    _require_manager(gate, resource)
    if resource.kind != Resource.Kind.PERSON or not resource.by_duty:
        raise refuse("not_person", _("Bare personer som bestilles etter vakt, har vakter."))
    if ends_at <= starts_at:
        raise refuse("order", _("Vakten må slutte etter at den begynner."), "ends_at")
    made = Duty(resource=resource, starts_at=starts_at, ends_at=ends_at)
    made.save(force_insert=True)
    return made


def _require_manager(gate: Gate, resource: Resource) -> None:
    if not manages(gate, resource.pk):
        raise PermissionDenied(_("Du forvalter ikke denne ressursen. Be den som gjør det. Forsøket er logget."))
