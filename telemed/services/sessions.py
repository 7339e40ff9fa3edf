"""A session from opened to documented: who is let in, what is shown, and what came of it."""

import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError, transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from psycopg.errors import InsufficientPrivilege

from access.gate import Gate, call
from access.services.secrets import new_secret
from journal.models import Stay
from journal.services.checks import refuse
from journal.services.entries import change
from journal.services.notes import note_autosave, note_sign, own_draft
from journal.services.stays import stay_decide
from telemed.models import Booking, BookingPatient, Kind, Participant
from telemed.selectors.booking import ROOM_OPENS
from telemed.selectors.material import outcome_types
from telemed.services.bookings import require_open


def session_open(*, gate: Gate, booking: Booking) -> Booking:
    """Opens the room, or comes in to one that is open; the one who comes is marked as present."""
    require_open(booking)
    if gate.now < booking.starts_at - ROOM_OPENS:
        raise refuse("early", _("Rommet åpner ti minutter før timen."))
    if booking.opened_at is None and not booking.about_patient and booking.unit_id != gate.unit_id:
        raise refuse("not_ours", _("Møtet er ikke åpnet ennå. Enheten som har det, åpner."))
    with transaction.atomic():
        if booking.opened_at is None:
            booking = change(booking, lock_version=booking.lock_version, status=Booking.Status.RUNNING, opened_at=gate.now)  # type: ignore[type-var]
        # Colleagues of other units come in to a meeting that is open; it is the unit's own to open.
        mine = Participant.objects.filter(booking=booking, user=gate.user_id)
        mine.update(joined_at=Coalesce(F("joined_at"), gate.now), left_at=None, response=Participant.Response.COMING)
    return booking


def presence_set(*, gate: Gate, participant: Participant, present: bool) -> None:
    """Marks one as having been there, or not: for those in the same room, who open no door."""
    booking = participant.booking
    if booking.opened_at is None:
        raise refuse("not_open", _("Møtet er ikke startet."))
    left = booking.closed_at if present else None
    joined = participant.joined_at or booking.opened_at if present else None
    if not Participant.objects.filter(pk=participant.pk).update(joined_at=joined, left_at=left):
        raise PermissionDenied(_("Bare enheten som har møtet, fører hvem som var med. Forsøket er logget."))


def session_close(*, gate: Gate, booking: Booking) -> Booking:
    """Ends it for everyone: guests are out, and what was shown is shown no longer."""
    if booking.opened_at is None:
        raise refuse("not_open", _("Timen er ikke startet."))
    require_open(booking)
    with transaction.atomic():
        booking = change(booking, lock_version=booking.lock_version, status=Booking.Status.HELD, closed_at=gate.now)  # type: ignore[type-var]
        Participant.objects.filter(booking=booking, left_at=None).exclude(joined_at=None).update(left_at=gate.now)
    return booking


def guest_link(*, participant: Participant) -> str:
    """A new secret for one from outside; shown once, and an older one is dead. Returns the secret."""
    secret = new_secret()
    _ask(lambda: call("guest_invite", participant.pk, hashlib.sha256(secret.encode()).digest()))
    return secret


def guest_admit(*, participant: Participant, let_in: bool) -> None:
    if not _ask(lambda: call("guest_admit", participant.pk, let_in)):
        raise refuse("nobody", _("Ingen venter ved døren. Siden er kanskje gammel; last den på nytt."))


def share(*, part: BookingPatient, entries: Sequence[UUID]) -> int:
    """Puts entries before the specialist. Returns how many were new."""
    if not entries:
        raise refuse("missing", _("Velg hva som skal vises."))
    with transaction.atomic():
        return sum(_ask(lambda entry=entry: call("session_share", part.pk, entry)) is not None for entry in entries)


def unshare(*, item: UUID) -> None:
    _ask(lambda: call("session_unshare", item))


def outcome_document(
    *, gate: Gate, part: BookingPatient, content: Mapping[str, str], decision: str, reason: str, saved_km: int | None, saved_hours: Decimal | None
) -> BookingPatient:
    """The note of the session, signed; the decision, where one was taken, in the patient's stay; and what the patient was spared (R46, R54).

    Ends the session if it is still open.
    """
    document_type = outcome_types(gate)
    if document_type is None:
        raise PermissionDenied(_("Rollen du har nå, skriver ikke notat fra videotimer. Forsøket er logget."))
    if part.note_id:
        raise refuse("written", _("Timen er dokumentert fra før. Rett notatet i journalen i stedet."))
    if own_draft(gate, part.patient_id, document_type) is not None:
        raise refuse("draft", _("Du har en kladd av samme slag for pasienten. Signer eller forkast den først."))
    booking = part.booking
    if booking.kind == Kind.TEACH_GROUP and booking.status in Booking.OPEN:
        raise refuse("group", _("Avslutt gruppen først. Notatet om én deltaker avslutter den ikke for de andre."))
    with transaction.atomic():
        if booking.status in Booking.OPEN:
            booking = session_close(gate=gate, booking=booking)
        if booking.status != Booking.Status.HELD:
            raise refuse("status", _("Timen er ikke holdt."))
        draft = note_autosave(
            gate=gate, patient=part.patient_id, document_type=document_type, content=content, event_at=min(booking.opened_at or gate.now, gate.now)
        )
        note = note_sign(gate=gate, note=draft)
        taken = _decide(gate, part, decision, reason)
        return change(
            part, lock_version=part.lock_version, note=note, decision=taken, saved_km=saved_km, saved_escort_hours=saved_hours
        )  # fmt: skip


def _decide(gate: Gate, part: BookingPatient, decision: str, reason: str):
    if not decision:
        return None
    stay = Stay.objects.filter(patient=part.patient_id, ward=gate.unit_id, status__in=Stay.PRESENT).first()
    if stay is None:
        raise refuse("no_stay", _("Pasienten er ikke innlagt på posten. Avgjørelsen hører til et opphold."), "decision")
    return stay_decide(gate=gate, stay=stay, outcome=decision, reason=reason)


def _ask(act):
    """A refusal of the database is told in words."""
    try:
        with transaction.atomic():
            return act()
    except ProgrammingError as error:
        if isinstance(error.__cause__, InsufficientPrivilege):
            raise PermissionDenied(_("Dette kan du ikke gjøre for denne timen. Forsøket er logget.")) from None
        raise
