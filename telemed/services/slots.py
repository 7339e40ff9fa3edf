"""Taking and giving up resources. The database lets nothing overlap; here its refusal becomes an answer with the next free times."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, OperationalError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from lms_epj.core.formatting import format_near_clock
from telemed.domain.spans import Span
from telemed.models import Booking, Resource, Slot
from telemed.selectors.times import free_starts, is_open, taken_times
from telemed.services.errors import NotFree


def in_order(resources: Sequence[Resource]) -> list[Resource]:
    """Everyone takes resources in the same order, so that two who want the same ones wait for each other instead of locking each other out."""
    return sorted({one.pk: one for one in resources}.values(), key=lambda one: one.pk)


def slots_take(booking: Booking, resources: Sequence[Resource], now: datetime) -> None:
    """Takes all of them for the booking's time.

    Raises NotFree: none was taken.
    """
    check_open(resources, Span(booking.starts_at, booking.ends_at), now)
    with told_when_taken(resources, Span(booking.starts_at, booking.ends_at), now):
        for one in in_order(resources):
            Slot(booking=booking, resource=one, during=DateTimeTZRange(booking.starts_at, booking.ends_at)).save(force_insert=True)


def slots_move(booking: Booking, span: Span, now: datetime) -> None:
    """Moves all that the booking has to another time, or none of it."""
    slots = list(Slot.objects.filter(booking=booking, active=True).select_related("resource").order_by("resource_id"))
    resources = [slot.resource for slot in slots]
    check_open(resources, span, now, but=booking.pk)
    with told_when_taken(resources, span, now, but=booking.pk):
        for slot in slots:
            slot.during = DateTimeTZRange(span.start, span.end)
            slot.save(update_fields=["during"])


def slots_release(booking: Booking) -> None:
    Slot.objects.filter(booking=booking, active=True).update(active=False)


def check_open(resources: Sequence[Resource], span: Span, now: datetime, *, but: UUID | None = None) -> None:
    """Raises NotFree where something is not open at the time."""
    closed = is_open(resources, span)
    if closed:
        names = ", ".join(one.name for one in closed)
        raise NotFree("closed", _("%(names)s kan ikke bestilles da. Velg en annen tid.") % {"names": names}, _offers(resources, span, now, but))


@contextmanager
def told_when_taken(resources: Sequence[Resource], span: Span, now: datetime, *, but: UUID | None = None) -> Iterator[None]:
    """Turns the database's refusal into NotFree; what was done inside is taken back."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "slot_one_at_a_time" not in str(error):
            raise
        taken = taken_times([one.pk for one in resources], span.start, span.end, but=but)
        names = ", ".join(one.name for one in resources if taken[one.pk])
        until = max((one.end for spans in taken.values() for one in spans), default=span.end)
        words = _("%(names)s er opptatt til %(until)s. Ingenting er bestilt. Velg en av tidene under, eller en annen ressurs.")
        raise NotFree(
            "taken", words % {"names": names or _("Noe"), "until": format_near_clock(until, now)}, _offers(resources, span, now, but)
        ) from None
    except OperationalError as error:
        if "deadlock" not in str(error):
            raise
        raise NotFree("busy", _("Noen andre bestilte samtidig. Ingenting er bestilt. Prøv igjen."), _offers(resources, span, now, but)) from None


def _offers(resources: Sequence[Resource], span: Span, now: datetime, but: UUID | None) -> list[datetime]:
    minutes = int((span.end - span.start).total_seconds() // 60)
    return free_starts(resources, minutes, max(now, span.start), but=but)
