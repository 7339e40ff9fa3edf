"""What leaves the house: a calendar without a word of health, and reminders that follow the booking."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from access.domain.codes import Action, Category
from telemed.domain.ics import Event, calendar, escaped, folded
from telemed.models import Booking, Reminder
from telemed.services.bookings import booking_cancel, booking_for_patient, booking_move
from telemed.services.reminders import reminders_send
from tests.cast import marker_of

pytestmark = pytest.mark.django_db
NURSE = "lms.sykepleier"
WRITE = {"action": Action.WRITE, "category": Category.LOGISTICS}


@pytest.fixture
def booked(open_gate, cast, cart, room, at, wish):
    from access.models import User

    with open_gate(NURSE, patient=cast.anna.id, **WRITE) as gate:
        asked = wish(at(9), cart, room, staff=[User.objects.get(pk=cast[NURSE].id)])
        return booking_for_patient(gate=gate, patient=cast.anna.id, wish=asked, aim=f"{marker_of('anna')} aim")


def test_the_link_gives_times_and_rooms_and_no_word_of_what_for(booked, cast, client_for):
    page = client_for(NURSE).post(reverse("feed_mine"), {"actor": cast[NURSE].id}).content.decode()
    address = page.split('readonly value="http://testserver')[1].split('"')[0]
    text = client_for(None).get(address).content.decode()
    assert f"DTSTART:{booked.booking.starts_at:%Y%m%dT%H%M%SZ}" in text and "Videorom" in text and "SUMMARY:Avtale" in text
    assert not [word for word in (*cast.anna.markers, "Sår", "wound") if word in text]
    client_for(NURSE).post(reverse("feed_mine"), {"actor": cast[NURSE].id, "revoke": "1"})
    assert client_for(None).get(address).status_code == 404


def test_reminders_follow_the_booking_and_go_once(booked, open_gate, cast, at, set_clock, settings, tmp_path, as_app):
    settings.EPJ_REMINDER_DIR = str(tmp_path)
    assert sorted(one.due_at for one in Reminder.objects.filter(booking=booked.booking)) == [at(9) - timedelta(days=1), at(9) - timedelta(minutes=15)]
    with open_gate(NURSE, patient=cast.anna.id, **WRITE) as gate:
        moved = booking_move(gate=gate, booking=booked.booking, lock_version=1, starts_at=at(12))
    assert max(one.due_at for one in Reminder.objects.filter(booking=moved)) == at(12) - timedelta(minutes=15)
    set_clock(at(12) - timedelta(minutes=14))
    with as_app():
        assert (reminders_send(), reminders_send()) == (2, 0)
    sent = [json.loads(one.read_text()) for one in tmp_path.iterdir()]
    assert {one["to"] for one in sent} == {NURSE} and not [one for one in sent if marker_of("anna") in one["text"] or "Anna" in one["text"]]
    set_clock(None)


def test_nothing_is_sent_for_what_is_cancelled(booked, open_gate, cast, at, set_clock, settings, tmp_path, as_app):
    settings.EPJ_REMINDER_DIR = str(tmp_path)
    with open_gate(NURSE, patient=cast.anna.id, **WRITE) as gate:
        booking_cancel(gate=gate, booking=Booking.objects.get(pk=booked.booking_id), lock_version=1, reason="other")
    assert not Reminder.objects.filter(booking=booked.booking).exists()
    set_clock(at(9) - timedelta(minutes=5))
    with as_app():
        assert reminders_send() == 0
    assert not list(tmp_path.iterdir())


def test_the_calendar_keeps_to_its_format():
    event = Event(
        "1",
        datetime(2026, 3, 29, 1, tzinfo=UTC),
        datetime(2026, 3, 29, 2, tzinfo=UTC),
        "Møte; og, mer",
        "Rom " + "å" * 80,
        datetime(2026, 1, 1, tzinfo=UTC),
        0,
    )
    text = calendar("Mine", [event])
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n")) and "\n" not in text.replace("\r\n", "")
    assert escaped("a;b,c\\\n") == "a\\;b\\,c\\\\\\n" and folded("kort") == "kort"
    assert text.replace("\r\n ", "").count("å" * 80) == 1
