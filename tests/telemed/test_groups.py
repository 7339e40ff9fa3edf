"""Teaching in a group: the unit's, with nothing of one patient shown with another."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from access.domain.codes import Action, Category
from access.gate import call
from journal.services.errors import JournalError
from telemed.models import Booking, BookingPatient, Participant
from telemed.services import sessions
from telemed.services.groups import attendance_set, group_create, group_join, group_withdraw
from tests.cast import marker_of

pytestmark = pytest.mark.django_db
NURSE, WARD, FROGN = "aas.hjemmesykepleier", "lms.sykepleier", "frogn.hjemmesykepleier"
WRITE = {"action": Action.WRITE, "category": Category.LOGISTICS}
CONTENT = {"present": "", "assessment": "Måler selv", "agreed": "Fører dagbok"}


@pytest.fixture
def group(open_gate, room, wish):
    """A course of the home nurses' in five minutes, with nobody in it."""
    with open_gate(NURSE) as gate:
        return group_create(gate=gate, wish=wish(gate.now + timedelta(minutes=5), room, kind="teach_group", title="Diabeteskurs", minutes=15))


@pytest.fixture
def joined(group, open_gate, cast):
    """Anna and Kari in it, Anna from home."""
    parts = []
    for patient, at_home in ((cast.anna, True), (cast.kari, False)):
        with open_gate(NURSE, patient=patient.id, **WRITE) as gate:
            parts.append(group_join(gate=gate, booking=group, patient=patient.id, aim=f"{marker_of(patient.key)} aim", at_home=at_home))
    return parts


def test_a_group_is_made_empty_and_filled_from_each_patients_page(client_for, cast, room):
    client = client_for(NURSE)
    form = {
        "actor": cast[NURSE].id,
        "kind": "teach_group",
        "title": "Pustekurs",
        "day": "01.02.2027",
        "time": "12:00",
        "minutes": 30,
        "resource": room.pk,
    }
    assert client.post(reverse("meeting_new"), form | {"title": ""}).status_code == 422
    assert client.post(reverse("meeting_new"), form).status_code == 302
    group = Booking.objects.get(title="Pustekurs")
    assert "Ingen du har tilgang til, er meldt på" in client.get(reverse("meeting", args=[group.pk])).content.decode()
    address = reverse("video_group", args=[cast.anna.id])
    assert "Pustekurs" in client.get(address).content.decode()
    joining = {"patient": cast.anna.id, "actor": cast[NURSE].id, "booking": group.pk, "aim": "Puste rolig", "at_home": "0"}
    assert client.post(address, joining).status_code == 302
    assert "meldt på fra før" in client.post(address, joining).content.decode()
    assert cast.anna.family_name in client.get(reverse("meeting", args=[group.pk])).content.decode()


def test_nothing_of_one_patient_stands_with_another(joined, client_for, cast):
    anna, _ = joined
    page = client_for(WARD).get(reverse("video_session", args=[cast.anna.id, anna.pk])).content.decode()
    assert "Diabeteskurs" in page and not [word for word in cast.kari.markers if word in page]
    assert client_for(FROGN).get(reverse("meeting", args=[anna.booking_id])).status_code == 404
    assert client_for(WARD).get(reverse("meeting", args=[anna.booking_id])).status_code == 404, "another unit's group"
    whole = client_for(NURSE).get(reverse("meeting", args=[anna.booking_id])).content.decode()
    assert cast.anna.family_name in whole and cast.kari.family_name in whole and marker_of("anna") not in whole


def test_a_patients_name_among_those_who_take_part_goes_with_that_patients_row(joined, open_gate, cast):
    booking = joined[0].booking_id
    names = {}
    for who, patients in (("both", [cast.anna.id, cast.kari.id]), ("one", [cast.kari.id])):
        with open_gate(NURSE, patient=patients[0], **WRITE) as gate:
            gate.disclose(patients)
            names[who] = set(Participant.objects.filter(booking=booking, kind="patient").values_list("name", flat=True))
    assert names == {"both": {cast.anna.given_name}, "one": set()}


def test_those_at_home_are_without_a_name_for_the_others_and_a_link_ends_with_the_part(joined, open_gate, cast, client_for):
    anna, _ = joined
    one = Participant.objects.get(part=anna)
    with open_gate(NURSE) as gate:
        gate.disclose(call("patients_of_booking", anna.booking_id))
        secret = sessions.guest_link(participant=one)
        sessions.session_open(gate=gate, booking=Booking.objects.get(pk=anna.booking_id))
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate.guest_knock(%s)", [secret])
    with open_gate(NURSE) as gate:
        gate.disclose(call("patients_of_booking", anna.booking_id))
        sessions.guest_admit(participant=one, let_in=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate.room_people(room) FROM telemed_booking WHERE id = %s", [anna.booking_id])
        assert "Deltaker" in cursor.fetchone()[0]
        cursor.execute("SELECT gate.guest_state(%s) ->> 'shown_as'", [secret])
        assert cursor.fetchone() == ("Deltaker",)
    with open_gate(NURSE, patient=cast.anna.id, **WRITE) as gate:
        group_withdraw(gate=gate, part=BookingPatient.objects.get(pk=anna.pk), lock_version=1, remark="Vil ikke")
    assert "Timen er over" in client_for(None).get(reverse("guest", args=[secret])).content.decode()


def test_one_who_was_taken_off_comes_back_and_the_group_goes_on(joined, open_gate, cast, client_for):
    anna, kari = joined
    client = client_for(NURSE)
    form = {"patient": cast.anna.id, "actor": cast[NURSE].id, "lock_version": 1, "remark": "Syk"}
    assert client.post(reverse("video_withdraw", args=[cast.anna.id, anna.pk]), form).status_code == 302
    whole = client.get(reverse("meeting", args=[anna.booking_id])).content.decode()
    assert cast.anna.family_name not in whole and cast.kari.family_name in whole
    assert Booking.objects.get(pk=anna.booking_id).status == "booked"
    # Moving or cancelling from one patient's page would be the others' too.
    assert reverse("video_withdraw", args=[cast.kari.id, kari.pk]) in client.get(reverse("video_cancel", args=[cast.kari.id, kari.pk])).url
    with open_gate(NURSE, patient=cast.anna.id, **WRITE) as gate:
        back = group_join(gate=gate, booking=Booking.objects.get(pk=anna.booking_id), patient=cast.anna.id, aim="Frisk")
        assert (back.pk, back.withdrawn_at, back.cancel_remark) == (anna.pk, None, "")


def test_each_has_a_note_of_its_own_when_the_group_is_over(joined, open_gate, cast, client_for):
    anna, kari = joined
    client, address = client_for(NURSE), reverse("meeting", args=[anna.booking_id])
    client.post(reverse("meeting_open", args=[anna.booking_id]), {"actor": cast[NURSE].id})
    present = {"actor": cast[NURSE].id, "part": kari.pk, "part_version": 1, "present": "0"}
    assert client.post(reverse("meeting_present", args=[anna.booking_id]), present).status_code == 302
    assert client.get(reverse("video_room", args=[cast.anna.id, anna.pk])).status_code == 302, "its room is not one patient's"
    with open_gate(NURSE, patient=cast.anna.id, **WRITE) as gate:
        values = {"content": CONTENT, "decision": "", "reason": "", "saved_km": 20, "saved_hours": None}
        with pytest.raises(JournalError) as refused:
            sessions.outcome_document(gate=gate, part=BookingPatient.objects.get(pk=anna.pk), **values)
        assert refused.value.code == "group"
    client.post(reverse("meeting_close", args=[anna.booking_id]), {"actor": cast[NURSE].id})
    assert "Avslutt møtet" not in client.get(address).content.decode()
    with open_gate(NURSE, patient=cast.anna.id, **WRITE) as gate:
        assert sessions.outcome_document(gate=gate, part=BookingPatient.objects.get(pk=anna.pk), **values).note_id
        assert attendance_set(gate=gate, part=BookingPatient.objects.get(pk=anna.pk), lock_version=2, attended=True).attended
    assert BookingPatient.objects.get(pk=kari.pk).attended is False
    assert "var ikke med" in client.get(reverse("video_session", args=[cast.kari.id, kari.pk])).content.decode()
