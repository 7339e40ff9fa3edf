"""A booking from made to cancelled. A patient's is a row of the record; what is taken for it tells nobody whose it is."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from access.domain.codes import Category
from access.gate import Gate
from access.models import User
from journal.services.checks import refuse, require_text
from journal.services.entries import change, entry_columns, stay_of_unit
from lms_epj.core.clock import oslo_date
from telemed.domain.spans import Span
from telemed.models import Booking, BookingPatient, ChecklistItem, Kind, Participant, Resource, Series
from telemed.services.rollout import require_switched_on, require_trained
from telemed.services.slots import slots_move, slots_release, slots_take

SHORTEST, LONGEST = 5, 14 * 24 * 60  # minutes; a kit is lent out for days
GRACE = timedelta(minutes=15)
INFORMED = "Pasienten er informert og vil være med"
CHECKS = {
    Kind.WOUND: [INFORMED, "Siste målinger er tatt", "Lyd og bilde er prøvd"],
    Kind.CLARIFY: [INFORMED, "Siste målinger er tatt", "Lyd og bilde er prøvd"],
    Kind.HOME: [INFORMED, "Pasienten har prøvd lenken"],
    Kind.TEACH_PATIENT: [INFORMED],
    Kind.TEACH_GROUP: ["Deltakerne er informert", "Lyd og bilde er prøvd"],
}


@dataclass(frozen=True)
class Guest:
    """An external specialist, or the patient at home: by name, without log-in."""

    name: str
    organisation: str = ""
    kind: str = Participant.Kind.EXTERNAL


@dataclass(frozen=True)
class Wish:
    """What is to be booked. ``staff``: colleagues asked to take part; ``resources``: what is taken, people among them."""

    kind: str
    starts_at: datetime
    minutes: int
    resources: Sequence[Resource]
    staff: Sequence[User] = ()
    guests: Sequence[Guest] = field(default=())
    title: str = ""
    ward_list: bool = False
    series: Series | None = None

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


def booking_for_patient(*, gate: Gate, patient: UUID, wish: Wish, aim: str, at_home: bool = False) -> BookingPatient:
    """Books for a patient.

    Raises NotFree with the next free times; JournalError where something is missing.
    """
    aim = require_text(aim, "aim", _("Skriv kort hva timen gjelder."))
    with transaction.atomic():
        booking = make(gate, wish, about_patient=True)
        part = put_on(gate, booking, patient, aim, at_home)
        fill(gate, booking, wish, part)
    return part


def booking_for_meeting(*, gate: Gate, wish: Wish) -> Booking:
    """Books what is about no patient."""
    with transaction.atomic():
        booking = make(gate, wish, about_patient=False)
        fill(gate, booking, wish)
    return booking


def booking_move(*, gate: Gate, booking: Booking, lock_version: int, starts_at: datetime, minutes: int | None = None) -> Booking:
    """Everything that was taken is moved along, or nothing is.

    Raises NotFree; Conflict when somebody has changed it meanwhile.
    """
    require_open(booking)
    if booking.opened_at:
        raise refuse("running", _("Timen er i gang og kan ikke flyttes. Avslutt den, og bestill en ny."))
    length = timedelta(minutes=minutes) if minutes else booking.ends_at - booking.starts_at
    _check_time(gate, starts_at, int(length.total_seconds() // 60))
    with transaction.atomic():
        booking = _change(booking, lock_version, starts_at=starts_at, ends_at=starts_at + length, status=Booking.Status.BOOKED)
        slots_move(booking, Span(starts_at, starts_at + length), gate.now)
        # Who had answered for the old time has not answered for the new one.
        booking.participants.exclude(user=gate.user_id).update(response=Participant.Response.WAITING)
    return booking


def booking_cancel(*, gate: Gate, booking: Booking, lock_version: int, reason: str, remark: str = "") -> Booking:
    """Gives up what was taken at once, with a reason; free text stands in the patient's part alone."""
    require_open(booking)
    if reason not in Booking.CancelReason.values:
        raise refuse("missing", _("Velg hvorfor timen avlyses."), "reason")
    with transaction.atomic():
        booking = _change(booking, lock_version, status=Booking.Status.CANCELLED, cancel_reason=reason, cancelled_at=gate.now)
        slots_release(booking)
        for part in BookingPatient.objects.filter(booking=booking):
            change(part, lock_version=part.lock_version, cancel_remark=remark.strip())
    return booking


def booking_confirm(*, gate: Gate, booking: Booking, lock_version: int) -> Booking:
    """All who were asked come, or it is decided to hold it anyway."""
    if booking.status != Booking.Status.BOOKED:
        raise refuse("status", _("Timen er nå «%(status)s». Last siden på nytt.") % {"status": booking.get_status_display().lower()})
    return _change(booking, lock_version, status=Booking.Status.CONFIRMED)


def check_set(*, gate: Gate, item: ChecklistItem, done: bool) -> None:
    """Ticks, or takes the tick back."""
    item.done_at, item.done_by_id = (gate.now, gate.user_id) if done else (None, None)
    item.save(update_fields=["done_at", "done_by_id"])


def patient_informed(*, gate: Gate, part: BookingPatient, lock_version: int, sheet: bool) -> BookingPatient:
    """The information sheet was given (``sheet``), or the patient has confirmed that it is understood (R53)."""
    values = {"sheet_sent_at": gate.now} if sheet else {"informed_at": gate.now, "informed_by_id": gate.user_id}
    part = change(part, lock_version=lock_version, **values)
    if not sheet:
        for item in ChecklistItem.objects.filter(booking=part.booking_id, text=INFORMED, done_at=None):
            check_set(gate=gate, item=item, done=True)
    return part


def response_set(*, gate: Gate, participant: Participant, response: str) -> None:
    """The answer of one who was asked, given by that person or by the one who booked."""
    if response not in Participant.Response.values:
        raise refuse("missing", _("Velg et svar."), "response")
    if not Participant.objects.filter(pk=participant.pk).update(response=response):
        raise PermissionDenied(_("Du kan ikke svare for andre. Forsøket er logget."))


def require_open(booking: Booking) -> None:
    if booking.status not in Booking.OPEN:
        raise refuse("status", _("Timen er nå «%(status)s». Last siden på nytt.") % {"status": booking.get_status_display().lower()})


def _check_time(gate: Gate, starts_at: datetime, minutes: int) -> None:
    if not SHORTEST <= minutes <= LONGEST:
        raise refuse("length", _("Velg hvor lenge timen varer."), "minutes")
    if starts_at < gate.now - GRACE:
        raise refuse("past", _("Tiden er passert. Velg en tid som kommer."), "starts_at")


def make(gate: Gate, wish: Wish, *, about_patient: bool) -> Booking:
    """The booking itself, with nothing taken yet."""
    if wish.kind not in Kind.values:
        raise refuse("missing", _("Velg hva timen er."), "kind")
    if about_patient:
        require_switched_on(gate, wish.kind, oslo_date(wish.starts_at))
        require_trained(gate, wish.kind, wish.starts_at, {gate.user_id, *(one.pk for one in wish.staff)})
    _check_time(gate, wish.starts_at, wish.minutes)
    if not wish.resources:
        raise refuse("missing", _("Velg minst ett rom, utstyr eller en person."), "resources")
    booking = Booking(
        kind=wish.kind, title=wish.title.strip(), starts_at=wish.starts_at, ends_at=wish.ends_at, about_patient=about_patient,
        ward_list=wish.ward_list and not about_patient, series=wish.series,
        series_day=oslo_date(wish.starts_at) if wish.series else None, unit_id=gate.unit_id, legal_entity_id=gate.legal_entity_id,
        author_id=gate.user_id, recorded_at=gate.now, room=secrets.token_urlsafe(12),
    )  # fmt: skip
    booking.save(force_insert=True)
    return booking


def put_on(gate: Gate, booking: Booking, patient: UUID, aim: str, at_home: bool) -> BookingPatient:
    columns = entry_columns(gate, patient, Category.LOGISTICS, stay_id=stay_of_unit(gate, patient))
    part = BookingPatient(**columns, booking=booking, aim=aim, at_home=at_home)
    part.save(force_insert=True)
    return part


def fill(gate: Gate, booking: Booking, wish: Wish, part: BookingPatient | None = None) -> None:
    """What is taken first: if it is not free, nothing else need be written. ``part``: whose name a patient among the guests is."""
    slots_take(booking, wish.resources, gate.now)
    staff = {one.pk: one for one in wish.staff}
    people = [
        Participant(
            booking=booking, kind=Participant.Kind.STAFF, user=one, name=one.get_full_name(),
            response=Participant.Response.COMING if one.pk == gate.user_id else Participant.Response.WAITING,
        )
        for one in staff.values()
    ] + [
        Participant(
            booking=booking, kind=one.kind, name=one.name.strip(), organisation=one.organisation.strip(),
            part=part if one.kind == Participant.Kind.PATIENT else None,
        )
        for one in wish.guests
    ]  # fmt: skip
    Participant.objects.bulk_create(people)
    ChecklistItem.objects.bulk_create(
        ChecklistItem(booking=booking, text=text, position=number) for number, text in enumerate(CHECKS.get(Kind(booking.kind), []))
    )


def _change(booking: Booking, lock_version: int, **values: object) -> Booking:
    """A booking that nobody has changed since ``lock_version`` was read; ``journal``'s own function does it for any row with such a column."""
    return change(booking, lock_version=lock_version, **values)  # type: ignore[type-var]
