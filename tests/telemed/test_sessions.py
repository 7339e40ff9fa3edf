"""A session: the door, what a specialist is shown and what takes it away again, and what is documented."""

from datetime import time, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse

from access.domain.codes import Action, Category
from access.gate import call
from access.models import AccessAuthorisation, AccessBlock, User
from journal.models import MedOrder, Note, StayDecision
from journal.services.errors import JournalError
from telemed.models import Booking, BookingPatient, Participant, SharedItem
from telemed.services import sessions
from telemed.services.bookings import Guest, booking_for_meeting, booking_for_patient, booking_move
from telemed.video.tokens import Ticket, read_ticket, sign_ticket
from tests.cast import marker_of

pytestmark = pytest.mark.django_db
NURSE, DOCTOR, HOME_NURSE = "lms.sykepleier", "lms.lege", "aas.hjemmesykepleier"
WRITE = {"action": Action.WRITE, "category": Category.LOGISTICS}
NOTE = marker_of("anna") + " note"


@pytest.fixture
def part(open_gate, cast, room, wish):
    """Anna's consult with a specialist, in five minutes."""
    with open_gate(NURSE, patient=cast.anna.id, **WRITE) as gate:
        asked = wish(gate.now + timedelta(minutes=5), room, guests=[Guest("Lungelege i vakt", "Ahus"), Guest("Anna", kind="patient")], minutes=15)
        return booking_for_patient(gate=gate, patient=cast.anna.id, wish=asked, aim="Blir her?")


@pytest.fixture
def running(part, open_gate, cast):
    """The same with the room open, and the links of both guests: (part, specialist's secret, patient's secret)."""
    with open_gate(NURSE, patient=cast.anna.id, **WRITE) as gate:
        secrets = [
            sessions.guest_link(participant=one) for one in Participant.objects.filter(booking=part.booking).exclude(kind="staff").order_by("kind")
        ]
        sessions.session_open(gate=gate, booking=part.booking)
    return part, *secrets


def let_in(open_gate, cast, part, secret):
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate.guest_knock(%s)", [secret])
    with open_gate(NURSE, patient=cast.anna.id, **WRITE):
        sessions.guest_admit(participant=Participant.objects.get(booking=part.booking_id, kind="external"), let_in=True)


def share(open_gate, cast, part, *rows, user=NURSE):
    with open_gate(user, patient=cast.anna.id, **WRITE):
        return sessions.share(part=part, entries=rows)


def shown(client_for, secret):
    return client_for(None).get(reverse("guest_material", args=[secret])).content.decode()


def test_nobody_comes_in_before_somebody_opens_the_door(running, open_gate, cast, client_for, as_app):
    part, secret, _ = running
    share(open_gate, cast, part, cast.anna.rows["note"])
    client = client_for(None)
    door = reverse("guest", args=[secret])
    assert "Jeg er her" in client.get(door).content.decode() and NOTE not in shown(client_for, secret)
    client.post(door)
    assert "Vi vet at du er her" in client.get(door).content.decode() and NOTE not in shown(client_for, secret)
    with open_gate(NURSE, patient=cast.anna.id, **WRITE):
        sessions.guest_admit(participant=Participant.objects.get(booking=part.booking, kind="external"), let_in=True)
    assert "/rom/" in client.get(door).content.decode()
    text = shown(client_for, secret)
    assert NOTE in text and f"{marker_of('anna')} diagnosis" not in text and cast.anna.family_name not in text


def test_a_session_that_has_begun_is_not_moved(running, open_gate, cast):
    booking = Booking.objects.get(pk=running[0].booking_id)
    with open_gate(NURSE, patient=cast.anna.id, **WRITE) as gate, pytest.raises(JournalError) as refused:
        booking_move(gate=gate, booking=booking, lock_version=booking.lock_version, starts_at=gate.now + timedelta(days=1))
    assert refused.value.code == "running"


def test_a_link_opens_nothing_else_and_a_newer_one_ends_it(running, open_gate, cast, client_for):
    part, secret, _ = running
    client = client_for(None)
    client.cookies["epj_session"] = secret
    assert client.get(reverse("patient", args=[cast.anna.id])).status_code == 302
    assert client.get(reverse("guest", args=["feil"])).status_code == 404
    with open_gate(NURSE, patient=cast.anna.id, **WRITE):
        sessions.guest_link(participant=Participant.objects.get(booking=part.booking, kind="external"))
    assert client.get(reverse("guest", args=[secret])).status_code == 404


def test_the_patient_at_home_is_shown_nothing(running, open_gate, cast, client_for):
    part, _, patient = running
    share(open_gate, cast, part, cast.anna.rows["note"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate.guest_knock(%s)", [patient])
    with open_gate(NURSE, patient=cast.anna.id, **WRITE):
        sessions.guest_admit(participant=Participant.objects.get(booking=part.booking, kind="patient"), let_in=True)
    assert NOTE not in shown(client_for, patient)


def test_each_showing_is_a_line_in_the_patients_log_and_asking_again_is_none(running, open_gate, cast, client_for):
    part, secret, _ = running
    share(open_gate, cast, part, cast.anna.rows["note"], cast.anna.rows["vitalset"])
    let_in(open_gate, cast, part, secret)

    def lines():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT user_name, unit_name, objects_shown FROM auditlog_entry WHERE patient_id = %s AND action = 'guest_read'", [cast.anna.id]
            )
            return cursor.fetchall()

    text = shown(client_for, secret)
    version = text.split("?sett=")[1].split('"')[0]
    again = client_for(None).get(reverse("guest_material", args=[secret]), {"sett": version})
    assert again.status_code == 204 and not again.content
    ((name, place, objects),) = lines()
    assert (name, place) == ("Lungelege i vakt", "Ahus") and str(cast.anna.rows["note"]) in str(objects)


@pytest.mark.parametrize("takes", ["unshare", "block", "left", "shown_out", "closed", "late"])
def test_what_was_shown_is_taken_away(takes, running, open_gate, cast, client_for, set_clock):
    part, secret, _ = running
    share(open_gate, cast, part, cast.anna.rows["note"])
    let_in(open_gate, cast, part, secret)
    assert NOTE in shown(client_for, secret)
    now = part.recorded_at
    if takes == "block":
        AccessBlock.objects.create(patient_id=cast.anna.id, scope="entry", entry_id=cast.anna.rows["note"], target="everyone", wish_of="Pasienten",
                                   registered_at=now, valid_from=now - timedelta(hours=1))  # fmt: skip
    elif takes == "left":
        AccessAuthorisation.objects.filter(user_id=cast[NURSE].id).update(valid_to=now - timedelta(minutes=1))
    elif takes == "late":
        set_clock(part.booking.ends_at + timedelta(hours=2))
    else:
        with open_gate(NURSE, patient=cast.anna.id, **WRITE) as gate:
            if takes == "unshare":
                sessions.unshare(item=SharedItem.objects.get(booking=part.booking).pk)
            elif takes == "shown_out":
                sessions.guest_admit(participant=Participant.objects.get(booking=part.booking, kind="external"), let_in=False)
            else:
                sessions.session_close(gate=gate, booking=Booking.objects.get(pk=part.booking_id))
    assert NOTE not in shown(client_for, secret)
    if takes == "closed":
        assert "Timen er over" in client_for(None).get(reverse("guest", args=[secret])).content.decode()


def test_one_shows_only_what_one_may_send(running, open_gate, cast):
    part, *_ = running
    with pytest.raises(PermissionDenied):
        share(open_gate, cast, part, cast.anna.rows["diagnosis"])
    with pytest.raises(PermissionDenied):
        share(open_gate, cast, part, cast.anna.rows["draft"])
    with pytest.raises(PermissionDenied):
        share(open_gate, cast, part, cast.kari.rows["note"])
    assert share(open_gate, cast, part, cast.anna.rows["diagnosis"], user=DOCTOR) == 1
    assert share(open_gate, cast, part, cast.anna.rows["diagnosis"], user=DOCTOR) == 0


def columns_of(order):
    """What a new order has in common with one of the cast."""
    names = ("patient_id", "category_id", "unit_id", "legal_entity_id", "author_id", "event_at", "recorded_at", "stay_id")
    return {name: getattr(MedOrder.objects.get(pk=order), name) for name in names}


def test_orders_that_hold_and_other_measurements_can_be_shown(running, open_gate, cast, client_for):
    part, secret, _ = running
    order, measured = cast.anna.rows["medorder"], cast.anna.rows["observation"]
    name = MedOrder.objects.get(pk=order).generic
    page = client_for(DOCTOR).get(reverse("video_room", args=[cast.anna.id, part.pk])).content.decode()
    assert f"{name} 1 tablett" in page and "Smerte 3 NRS" in page
    assert share(open_gate, cast, part, order, measured, user=DOCTOR) == 2
    let_in(open_gate, cast, part, secret)
    text = shown(client_for, secret)
    regular = MedOrder.objects.create(**columns_of(order), kind="regular", generic="Bisoprolol", strength="2,5 mg", dose="0.5", unit_text="tablett", route="oralt",
                                      times=[time(8), time(20)], every_days=2, starts_at=part.recorded_at, signed_by_id=cast[DOCTOR].id, signed_at=part.recorded_at)  # fmt: skip
    assert share(open_gate, cast, part, regular.pk, user=DOCTOR) == 1
    again = shown(client_for, secret)
    assert "Bisoprolol 2,5 mg 0,5 tablett oralt" in again and "kl. 08:00 20:00, hver 2. dag" in again
    assert f"{name} 1 tablett" in text and "Ved behov, inntil 4 i døgnet" in text and "Smerte NRS 3" in text
    MedOrder.objects.filter(pk=order).update(stopped_at=part.recorded_at, stopped_by_id=cast[DOCTOR].id)
    assert f"{name} 1 tablett" not in shown(client_for, secret)


def test_guests_are_the_gates_own(running, open_gate, cast):
    with open_gate(NURSE, patient=cast.anna.id), connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('telemed_guest', 'SELECT')")
        assert cursor.fetchone() == (False,)
    with open_gate("frogn.hjemmesykepleier"):
        assert call("session_unshare", cast.anna.rows["note"]) is False
        with pytest.raises(PermissionDenied):
            sessions.guest_link(participant=Participant.objects.model(pk=running[0].pk))


def test_the_outcome_is_a_signed_note_a_decision_in_the_stay_and_what_was_spared(running, open_gate, cast):
    part, *_ = running
    with open_gate(DOCTOR, patient=cast.anna.id, **WRITE) as gate:
        sessions.session_open(gate=gate, booking=Booking.objects.get(pk=part.booking_id))
        content = {"present": "Lungelege, pasienten", "assessment": "Bedret", "agreed": "Blir til i morgen"}
        with pytest.raises(JournalError):
            sessions.outcome_document(gate=gate, part=part, content=content | {"agreed": ""}, decision="", reason="", saved_km=None, saved_hours=None)
    with open_gate(DOCTOR, patient=cast.anna.id, **WRITE) as gate:
        part = BookingPatient.objects.get(pk=part.pk)
        done = sessions.outcome_document(
            gate=gate, part=part, content=content, decision="stay", reason="Blir til i morgen", saved_km=64, saved_hours=Decimal("3.5")
        )
        note, decision = Note.objects.get(pk=done.note_id), StayDecision.objects.get(pk=done.decision_id)
        assert (note.state, note.document_type_id, note.stay_id) == ("SIGNED", "video_medical", cast.anna.rows["stay"])
        assert (decision.outcome, decision.stay_id) == ("stay", cast.anna.rows["stay"])
        assert (Booking.objects.get(pk=part.booking_id).status, done.saved_km) == ("held", 64)
        assert not Participant.objects.filter(booking=part.booking_id, left_at=None).exclude(joined_at=None).exists()
        with pytest.raises(JournalError):
            sessions.outcome_document(gate=gate, part=done, content=content, decision="", reason="", saved_km=None, saved_hours=None)


def test_the_room_opens_ten_minutes_before(open_gate, cast, room, wish):
    with open_gate(NURSE, patient=cast.anna.id, **WRITE) as gate:
        part = booking_for_patient(gate=gate, patient=cast.anna.id, wish=wish(gate.now + timedelta(minutes=20), room), aim="Sår")
        with pytest.raises(JournalError):
            sessions.session_open(gate=gate, booking=part.booking)


def test_a_ticket_is_for_one_room_and_cannot_be_made_up(client_for, monkeypatch):
    token = sign_ticket(Ticket("a-room", "1", "Kari", host=False))
    assert read_ticket(token, "a-room").name == "Kari" and read_ticket(token, "other") is None and read_ticket(token[:-2], "a-room") is None
    assert client_for(None).get(reverse("test_room", args=["other"]), {"t": token}).status_code == 403
    monkeypatch.setattr("telemed.video.tokens.SECONDS", -1)
    assert read_ticket(token, "a-room") is None


def test_a_meeting_is_opened_and_keeps_who_was_there(open_gate, cast, room, wish, client_for):
    colleague = User.objects.get(pk=cast[HOME_NURSE].id)
    with open_gate(NURSE) as gate:
        asked = wish(
            gate.now + timedelta(minutes=5),
            room,
            kind="morning",
            title="Morgenmøte",
            minutes=15,
            staff=[User.objects.get(pk=cast[NURSE].id), colleague],
        )
        meeting = booking_for_meeting(gate=gate, wish=asked)
    nurse, other = client_for(NURSE), client_for(HOME_NURSE)
    page = reverse("meeting", args=[meeting.pk])
    assert "Åpne møtet" not in other.get(page).content.decode()
    other.post(reverse("meeting_open", args=[meeting.pk]), {"actor": cast[HOME_NURSE].id})
    assert Booking.objects.get(pk=meeting.pk).opened_at is None, "another unit's to open"
    nurse.post(reverse("meeting_open", args=[meeting.pk]), {"actor": cast[NURSE].id})
    assert "Møtet er i gang" in nurse.get(page).content.decode() and "Jeg er med" in other.get(page).content.decode()
    other.post(reverse("meeting_open", args=[meeting.pk]), {"actor": cast[HOME_NURSE].id})
    assert Participant.objects.filter(booking=meeting, left_at=None).exclude(joined_at=None).count() == 2
    nurse.post(reverse("meeting_close", args=[meeting.pk]), {"actor": cast[NURSE].id})
    one = Participant.objects.get(booking=meeting, user=colleague)
    assert one.left_at and Booking.objects.get(pk=meeting.pk).status == "held"
    nurse.post(reverse("meeting_present", args=[meeting.pk]), {"actor": cast[NURSE].id, "participant": one.pk, "present": "0"})
    assert Participant.objects.get(pk=one.pk).joined_at is None
