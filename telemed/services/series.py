"""Meetings and sessions that come again, and what becomes of one of them or of the rest."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from access.gate import Gate
from journal.services.checks import refuse
from telemed.domain.series import Weekly
from telemed.models import Booking, Kind, Series
from telemed.services.bookings import Wish, booking_cancel, booking_for_meeting, booking_for_patient
from telemed.services.errors import NotFree


@dataclass(frozen=True)
class Rule:
    weekdays: frozenset[int]
    interval: int
    at: time
    first: date
    until: date


@dataclass(frozen=True)
class Made:
    """``clashes``: days that were left out, since something was taken or closed; the others stand."""

    series: Series
    bookings: list[Booking]
    clashes: list[date]


def series_for_patient(*, gate: Gate, patient: UUID, wish: Wish, rule: Rule, aim: str, at_home: bool = False) -> Made:
    """Books every session of the rule for a patient. The rule itself names nobody."""
    return _series(gate, wish, rule, Kind(wish.kind).label, lambda one: booking_for_patient(
        gate=gate, patient=patient, wish=one, aim=aim, at_home=at_home).booking)  # fmt: skip


def series_create(*, gate: Gate, wish: Wish, rule: Rule) -> Made:
    """Books every meeting of the rule. One that cannot be had is left out and told of; it can be booked at another time by hand."""
    return _series(gate, wish, rule, wish.title.strip() or "Møte", lambda one: booking_for_meeting(gate=gate, wish=one))


def _series(gate: Gate, wish: Wish, rule: Rule, title: str, book: Callable[[Wish], Booking]) -> Made:
    if not rule.weekdays or rule.until < rule.first or not 1 <= rule.interval <= 8:
        raise refuse("rule", _("Velg ukedag, og en siste dag som kommer etter den første."), "until")
    weekly = Weekly(rule.first, rule.until, rule.weekdays, rule.at, wish.minutes, rule.interval)
    made, clashes = [], []
    with transaction.atomic():
        series = Series(
            kind=wish.kind, title=title, unit_id=gate.unit_id, author_id=gate.user_id, weekdays=sorted(rule.weekdays),
            interval=rule.interval, at=rule.at, minutes=wish.minutes, first=rule.first, until=rule.until, recorded_at=gate.now,
        )  # fmt: skip
        series.save(force_insert=True)
        for day, span in weekly.occurrences():
            one = Wish(
                kind=wish.kind, starts_at=span.start, minutes=wish.minutes, resources=wish.resources, staff=wish.staff, guests=wish.guests,
                title=wish.title, ward_list=wish.ward_list, series=series,
            )  # fmt: skip
            try:
                booking = book(one)
            except NotFree:
                clashes.append(day)
            else:
                made.append(booking)
        if not made:
            raise refuse("none", _("Ingen av timene kunne bestilles: noe er opptatt eller stengt alle dagene."), "starts_at")
    return Made(series, made, clashes)


def series_end(*, gate: Gate, booking: Booking, reason: str, remark: str = "") -> int:
    """Cancels this one and all that come after it in its series. Returns how many."""
    if booking.series_id is None:
        raise refuse("not_series", _("Timen kommer ikke igjen."))
    rest = Booking.objects.filter(series=booking.series_id, starts_at__gte=booking.starts_at, status__in=Booking.OPEN).order_by("starts_at")
    with transaction.atomic():
        for one in list(rest):
            booking_cancel(gate=gate, booking=one, lock_version=one.lock_version, reason=reason, remark=remark)
    return len(rest)
