"""Bookings as services and pages: for a patient and for nobody, what is told of a time that is taken, and who sees whose it is."""

from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse

from access.domain.codes import Action, Category
from access.gate import call
from access.models import AccessBlock
from journal.services.errors import Conflict, JournalError
from lms_epj.core.clock import from_oslo, to_oslo
from telemed.models import Booking, BookingPatient, ChecklistItem, Slot, WaitingEntry
from telemed.services import bookings
from telemed.services.bookings import Guest, booking_cancel, booking_for_meeting, booking_for_patient, booking_move
from telemed.services.errors import NotFree
from telemed.services.groups import group_join
from telemed.services.series import Rule, series_create, series_end
from telemed.services.waiting import waiting_add, waiting_end
from tests.cast import identify

pytestmark = pytest.mark.django_db
NURSE, HOME_NURSE, FROGN = "lms.sykepleier", "aas.hjemmesykepleier", "frogn.hjemmesykepleier"
WRITE = {"action": Action.WRITE, "category": Category.LOGISTICS}


@pytest.fixture
def booked(open_gate, cast, cart, at, wish):
    """Anna's wound consult with the cart at nine."""
    with open_gate(NURSE, patient=cast.anna.id, **WRITE) as gate:
        return booking_for_patient(
            gate=gate, patient=cast.anna.id, wish=wish(at(9), cart, guests=[Guest("Sårsykepleier", "Ahus")]), aim="Sår på legg"
        )


def test_a_booking_takes_its_time_and_asks_those_who_are_to_come(booked, cart):
    (slot,) = Slot.objects.filter(resource=cart)
    assert (slot.booking_id, slot.active) == (booked.booking_id, True)
    assert [one.name for one in booked.booking.participants.all()] == ["Sårsykepleier"]
    assert ChecklistItem.objects.filter(booking=booked.booking).count() == 3
    assert "Anna" not in booked.booking.room and booked.stay_id is not None


def test_what_is_taken_is_answered_with_the_next_free_times(booked, open_gate, cast, cart, room, at, wish):
    with open_gate(HOME_NURSE, patient=cast.kari.id, **WRITE) as gate:
        with pytest.raises(NotFree) as refused:
            booking_for_patient(gate=gate, patient=cast.kari.id, wish=wish(at(9, 15), cart, room, kind="home"), aim="Samtale")
        assert refused.value.code == "taken" and "Videovogn" in refused.value.message and "Videorom" not in refused.value.message
        assert refused.value.starts[0] == at(9, 30)
    assert not Slot.objects.filter(resource=room, booking__author=cast[HOME_NURSE].id, during__startswith=at(9, 15)).exists(), "nothing half done"


def test_what_is_closed_is_told_too(open_gate, cast, cart, at, wish):
    with open_gate(NURSE, patient=cast.anna.id, **WRITE) as gate, pytest.raises(NotFree) as refused:
        booking_for_patient(gate=gate, patient=cast.anna.id, wish=wish(at(19), cart), aim="Sent")
    assert refused.value.code == "closed" and refused.value.starts


@pytest.mark.parametrize("change", [{"minutes": 2}, {"kind": "feast"}, {"start": "past"}, {"aim": "  "}, {"resources": ()}])
def test_what_lacks_something_is_not_booked(change, open_gate, cast, cart, at, wish):
    start = at(9) - timedelta(days=5) if change.get("start") else at(9)
    asked = wish(start, *change.get("resources", (cart,)), kind=change.get("kind", "wound"), minutes=change.get("minutes", 30))
    before = Booking.objects.count()
    with open_gate(NURSE, patient=cast.anna.id, **WRITE) as gate, pytest.raises(JournalError):
        booking_for_patient(gate=gate, patient=cast.anna.id, wish=asked, aim=change.get("aim", "Sår"))
    assert Booking.objects.count() == before


def test_a_booking_moves_with_all_it_has_or_not_at_all(booked, open_gate, cast, cart, at, wish):
    with open_gate(NURSE, patient=cast.anna.id, **WRITE) as gate:
        other = booking_for_meeting(gate=gate, wish=wish(at(11), cart, kind="meeting", title="Møte"))
        with pytest.raises(NotFree):
            booking_move(gate=gate, booking=booked.booking, lock_version=1, starts_at=at(10, 45))
        moved = booking_move(gate=gate, booking=Booking.objects.get(pk=booked.booking_id), lock_version=1, starts_at=at(9, 15))
        assert (moved.starts_at, Slot.objects.get(booking=moved).during.lower) == (at(9, 15), at(9, 15))
        with pytest.raises(Conflict):
            booking_move(gate=gate, booking=moved, lock_version=1, starts_at=at(14))
        booking_cancel(gate=gate, booking=other, lock_version=1, reason="not_needed")
        assert booking_move(gate=gate, booking=moved, lock_version=2, starts_at=at(11)).starts_at == at(11)


def test_a_cancelled_booking_frees_its_time_and_keeps_words_in_the_record(booked, open_gate, cast, cart, at, wish):
    with open_gate(NURSE, patient=cast.anna.id, **WRITE) as gate:
        with pytest.raises(JournalError):
            booking_cancel(gate=gate, booking=booked.booking, lock_version=1, reason="")
        booking_cancel(gate=gate, booking=booked.booking, lock_version=1, reason="patient", remark="Feber i natt")
        assert BookingPatient.objects.get(pk=booked.pk).cancel_remark == "Feber i natt"
        booking_for_meeting(gate=gate, wish=wish(at(9), cart, kind="meeting", title="Møte"))
        with pytest.raises(JournalError):
            booking_move(gate=gate, booking=Booking.objects.get(pk=booked.booking_id), lock_version=2, starts_at=at(10))


def test_who_may_not_see_the_patient_sees_that_it_is_taken_and_no_more(booked, open_gate, cast, cart):
    with open_gate(FROGN) as gate:
        assert call("patients_of_booking", booked.booking_id) == []
        gate.disclose([cast.anna.id])
        assert not Booking.objects.filter(pk=booked.booking_id).exists()
        assert not BookingPatient.objects.filter(booking=booked.booking_id).exists()
        assert not booked.booking.participants.exists() and not ChecklistItem.objects.filter(booking=booked.booking_id).exists()
        assert Slot.objects.filter(resource=cart).count() == 1


def test_nobody_looks_into_a_booking_by_putting_an_own_patient_on_it(booked, open_gate, cast):
    columns = {"category_id": 2, "unit_id": cast.units["frogn_home"], "legal_entity_id": cast.entities["frogn"], "author_id": cast[FROGN].id}
    with open_gate(FROGN, patient=cast.foreign.id, **WRITE) as gate, pytest.raises(ProgrammingError), transaction.atomic():
        BookingPatient(
            **columns, patient_id=cast.foreign.id, booking_id=booked.booking_id, aim="Titter", event_at=gate.now, recorded_at=gate.now
        ).save(force_insert=True)


def test_nor_moves_or_frees_what_others_have(booked, open_gate, cast):
    with open_gate(FROGN, patient=cast.foreign.id, **WRITE):
        assert Slot.objects.filter(booking=booked.booking_id).update(active=False) == 0
        assert Booking.objects.filter(pk=identify("booking", "meeting")).update(title="Vårt") == 0
    with open_gate(NURSE):
        assert Booking.objects.filter(pk=identify("booking", "meeting")).update(title="Vårt") == 1


def test_in_a_group_each_patient_is_seen_by_those_who_may_see_that_one(open_gate, cast, cart, at, wish):
    with open_gate(HOME_NURSE, patient=cast.kari.id, **WRITE) as gate:
        part = booking_for_patient(gate=gate, patient=cast.kari.id, wish=wish(at(9), cart, kind="teach_group"), aim="Kurs")
        gate.disclose([cast.anna.id])
        group_join(gate=gate, booking=part.booking, patient=cast.anna.id, aim="Kurs")
        assert BookingPatient.objects.filter(booking=part.booking).count() == 2
    with open_gate(NURSE) as gate:
        gate.disclose(call("patients_of_booking", part.booking_id))
        assert [one.patient_id for one in BookingPatient.objects.filter(booking=part.booking)] == [cast.anna.id]


def test_a_blocked_booking_is_taken_time_to_the_one_it_is_blocked_from(booked, open_gate, cast, client_for, at):
    AccessBlock.objects.create(patient_id=cast.anna.id, scope="entry", entry_id=booked.pk, target="user", target_id=cast["lms.lege"].id, wish_of="Pasienten",
                               registered_at=booked.recorded_at, valid_from=booked.recorded_at - timedelta(hours=1))  # fmt: skip
    day = f"{reverse('video')}?dag={at(9).date().isoformat()}"
    seen, hidden = (client_for(user).get(day).content.decode() for user in (NURSE, "lms.lege"))
    assert cast.anna.family_name in seen and cast.anna.family_name not in hidden and "Opptatt" in hidden


def test_informing_the_patient_ticks_the_point_off(booked, open_gate, cast):
    with open_gate(NURSE, patient=cast.anna.id, **WRITE) as gate:
        part = bookings.patient_informed(gate=gate, part=booked, lock_version=1, sheet=True)
        part = bookings.patient_informed(gate=gate, part=part, lock_version=2, sheet=False)
    assert part.sheet_sent_at and part.informed_by_id == cast[NURSE].id
    assert [item.done_at is not None for item in ChecklistItem.objects.filter(booking=part.booking_id)] == [True, False, False]


def test_a_series_leaves_out_what_cannot_be_had_and_ends_from_one_day_on(booked, open_gate, cart, at, wish):
    first = at(9).date()
    rule = Rule(frozenset(range(7)), 1, to_oslo(at(9)).time(), first, first + timedelta(days=9))
    with open_gate(NURSE) as gate:
        made = series_create(gate=gate, wish=wish(at(9), cart, kind="morning", title="Morgenmøte"), rule=rule)
        assert made.clashes == [first] and len(made.bookings) == 9
        assert series_end(gate=gate, booking=made.bookings[4], reason="other") == 5
        assert [one.status for one in Booking.objects.filter(series=made.series).order_by("starts_at")] == ["booked"] * 4 + ["cancelled"] * 5
        with pytest.raises(JournalError):
            series_create(gate=gate, wish=wish(at(9), cart), rule=Rule(frozenset(), 1, rule.at, first, first))


def test_a_session_comes_again_for_one_patient_and_the_rest_can_be_cancelled(open_gate, cast, cart, at, wish, client_for):
    client, first = client_for(NURSE), at(9)
    later = from_oslo(to_oslo(first).replace(tzinfo=None) + timedelta(weeks=1))
    with open_gate(NURSE) as gate:
        booking_for_meeting(gate=gate, wish=wish(later, cart, kind="meeting", title="Møte"))
    form = {"patient": cast.anna.id, "kind": "wound", "aim": "Sår hver uke", "day": f"{to_oslo(first):%d.%m.%Y}", "time": f"{to_oslo(first):%H:%M}", "minutes": 30,
            "resource": cart.pk, "repeat": "1", "until": ""}  # fmt: skip
    address = reverse("video_new", args=[cast.anna.id])
    assert client.post(address, form).status_code == 422
    made = client.post(address, form | {"until": f"{first + timedelta(weeks=3):%d.%m.%Y}"})
    assert made.status_code == 302 and f"{to_oslo(first).date() + timedelta(weeks=1)}" in made.url
    parts = list(BookingPatient.objects.filter(patient=cast.anna.id, aim="Sår hver uke").order_by("booking__starts_at"))
    assert len(parts) == 3 and "Anna" not in parts[0].booking.series.title
    page = client.get(made.url).content.decode()
    assert "hver uke" in page and "Ikke bestilt" in page
    cancel = {"patient": cast.anna.id, "lock_version": 1, "rest": "1", "reason": "patient", "remark": "Reist"}
    assert client.post(reverse("video_cancel", args=[cast.anna.id, parts[1].pk]), cancel).status_code == 302
    assert [BookingPatient.objects.get(pk=one.pk).booking.status for one in parts] == ["booked", "cancelled", "cancelled"]


def test_the_wait_ends_with_a_time_or_with_a_reason(open_gate, cast, cart, at, client_for):
    with open_gate(NURSE, patient=cast.anna.id, **WRITE) as gate:
        entry = waiting_add(gate=gate, patient=cast.anna.id, kind="wound", aim="Ny sårvurdering", minutes=30, not_before=date.today(), urgent=True)  # noqa: DTZ011
        with pytest.raises(JournalError):
            waiting_end(gate=gate, entry=entry, lock_version=1)
    assert "Ny sårvurdering" in client_for(NURSE).get(reverse("waiting_list")).content.decode()
    form = {"patient": cast.anna.id, "waiting": entry.pk, "kind": "wound", "aim": "Ny sårvurdering", "day": at(9).strftime("%d.%m.%Y"), "time": "12:00", "minutes": 30,
            "resource": cart.pk}  # fmt: skip
    answer = client_for(NURSE).post(reverse("video_new", args=[cast.anna.id]), form)
    assert answer.status_code == 302
    assert WaitingEntry.objects.get(pk=entry.pk).booking is not None


def test_the_form_offers_times_as_buttons_and_one_of_them_books(booked, client_for, cast, cart, at):
    local = f"{at(9):%d.%m.%Y}"
    form = {"patient": cast.anna.id, "kind": "clarify", "aim": "Blir her?", "day": local, "time": "07:00", "minutes": 30, "resource": cart.pk}
    client, address = client_for(NURSE), reverse("video_new", args=[cast.anna.id])
    closed = client.post(address, form)
    assert closed.status_code == 409 and 'name="pick"' in closed.content.decode() and "Blir her?" in closed.content.decode()
    found = client.post(address, form | {"find": "1"}).content.decode()
    start = found.split('name="pick" value="')[1].split('"')[0]
    assert client.post(address, form | {"pick": start}).status_code == 302


def test_a_meeting_shows_each_reader_the_patients_the_rule_opens(client_for, cast):
    address = reverse("meeting", args=[identify("booking", "meeting")])
    ward, home = client_for(NURSE).get(address).content.decode(), client_for(HOME_NURSE).get(address).content.decode()
    assert cast.anna.family_name in ward and cast.blocked.family_name in ward
    assert cast.anna.family_name in home and cast.foreign.family_name not in home
    assert cast.anna.family_name not in client_for(FROGN).get(address).content.decode()
