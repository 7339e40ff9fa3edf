"""Teaching in a group (R45): the unit's own, with a row of the record for each patient. Nothing of one patient's stands with another."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from access.gate import Gate
from access.models import Patient
from journal.services.checks import refuse, require_text
from journal.services.entries import change
from telemed.models import Booking, BookingPatient, Kind, Participant
from telemed.services.bookings import Wish, fill, make, put_on, require_open


def is_own_group(gate: Gate, booking: Booking) -> bool:
    """A group of the acting unit's: it moves, cancels and opens it, whoever is in it."""
    return booking.kind == Kind.TEACH_GROUP and booking.unit_id == gate.unit_id


def group_create(*, gate: Gate, wish: Wish) -> Booking:
    """Books a group with nobody in it yet."""
    if wish.kind != Kind.TEACH_GROUP:
        raise refuse("not_group", _("Bare opplæring i gruppe har flere pasienter."))
    if not wish.title.strip():
        raise refuse("missing", _("Gi gruppen et navn, for eksempel «Diabeteskurs»."), "title")
    with transaction.atomic():
        booking = make(gate, wish, about_patient=True)
        fill(gate, booking, wish)
    return booking


def group_join(*, gate: Gate, booking: Booking, patient: UUID, aim: str, at_home: bool = False) -> BookingPatient:
    """One more in a group, or one who was taken off and comes back. Each is seen by those who may see that one."""
    if booking.kind != Kind.TEACH_GROUP:
        raise refuse("not_group", _("Bare opplæring i gruppe har flere pasienter."), "booking")
    require_open(booking)
    aim = require_text(aim, "aim", _("Skriv kort hva timen gjelder."))
    before = BookingPatient.objects.filter(booking=booking, patient=patient).first()
    if before is not None and before.withdrawn_at is None:
        raise refuse("joined", _("Pasienten er meldt på fra før."), "booking")
    with transaction.atomic():
        part = put_on(gate, booking, patient, aim, at_home) if before is None else _back(before, aim, at_home)
        if at_home and not Participant.objects.filter(part=part).exists():
            name = Patient.objects.get(pk=patient).given_name
            Participant(booking=booking, kind=Participant.Kind.PATIENT, name=name, part=part).save(force_insert=True)
    return part


def _back(part: BookingPatient, aim: str, at_home: bool) -> BookingPatient:
    return change(part, lock_version=part.lock_version, aim=aim, at_home=at_home, withdrawn_at=None, cancel_remark="")


def group_withdraw(*, gate: Gate, part: BookingPatient, lock_version: int, remark: str) -> BookingPatient:
    """Takes one patient off; the group goes on. A link that was given opens nothing from now on."""
    require_open(part.booking)
    if part.booking.kind != Kind.TEACH_GROUP or part.withdrawn_at:
        raise refuse("not_group", _("Pasienten er ikke i en gruppe. Last siden på nytt."))
    return change(
        part, lock_version=lock_version, withdrawn_at=gate.now, cancel_remark=require_text(remark, "remark", _("Skriv hvorfor pasienten meldes av."))
    )


def attendance_set(*, gate: Gate, part: BookingPatient, lock_version: int, attended: bool) -> BookingPatient:
    """Whether the patient was there."""
    if part.booking.opened_at is None:
        raise refuse("not_open", _("Møtet er ikke startet."))
    return change(part, lock_version=lock_version, attended=attended)
