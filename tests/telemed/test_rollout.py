"""The roll-out: what is not switched on is not booked, who switches, and figures that name nobody."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError, transaction
from django.urls import reverse
from guardian.shortcuts import assign_perm

from access.domain.codes import Action, Category
from access.gate import rows
from access.models import Course, CourseCompletion, User
from journal.services.errors import JournalError
from lms_epj.core.clock import oslo_date
from telemed.models import Booking, BookingPatient, Evaluation, FeaturePeriod, Resource, RollOutPlan
from telemed.services import rollout
from telemed.services.bookings import booking_for_meeting, booking_for_patient
from tests.cast import identify

pytestmark = pytest.mark.django_db
NURSE, HOME_NURSE, LEADER = "lms.sykepleier", "aas.hjemmesykepleier", "lms.leder"
WRITE = {"action": Action.WRITE, "category": Category.LOGISTICS}


@pytest.fixture
def plan(cast):
    """Ås, where nothing is switched on, held by the leader at the centre."""
    found = RollOutPlan.objects.get(pk=identify("plan", "aas"))
    FeaturePeriod.objects.filter(plan=found).delete()
    assign_perm("manage_rollout", User.objects.get(pk=cast[LEADER].id), found)
    return found


def test_one_municipality_is_the_pilot_and_the_next_waits_its_turn(plan, open_gate, cast, cart, at, wish):
    asked = wish(at(9), cart, kind="home")

    def book():
        with open_gate(HOME_NURSE, patient=cast.kari.id, **WRITE) as gate:
            return booking_for_patient(gate=gate, patient=cast.kari.id, wish=asked, aim="Samtale")

    with pytest.raises(JournalError) as refused:
        book()
    assert refused.value.code == "switched_off"
    today = oslo_date(at(9)) - timedelta(days=2)
    values = {"plan": plan, "kind": "home", "valid_to": None, "remark": "Moer sykehjem først"}
    with open_gate(LEADER) as gate:
        rollout.stage_set(gate=gate, stage="planned", valid_from=today, **values)
    with pytest.raises(JournalError):
        book()
    with open_gate(LEADER) as gate:
        rollout.stage_set(gate=gate, stage="pilot", valid_from=today + timedelta(days=1), **values)
        with pytest.raises(JournalError):
            rollout.stage_set(gate=gate, stage="in_use", valid_from=today, **values)
    assert book().booking.kind == "home"
    assert [one.valid_to for one in FeaturePeriod.objects.filter(plan=plan).order_by("valid_from")] == [today, None]


def test_the_database_refuses_what_is_not_switched_on_too(plan, open_gate, cast, at):
    with open_gate(HOME_NURSE, patient=cast.kari.id, **WRITE) as gate, pytest.raises(ProgrammingError), transaction.atomic():
        Booking(
            kind="home", starts_at=at(9), ends_at=at(10), about_patient=True, unit_id=gate.unit_id, legal_entity_id=gate.legal_entity_id, author_id=gate.user_id,
            recorded_at=gate.now, room="x",
        ).save(force_insert=True)  # fmt: skip


def test_a_meeting_needs_no_switch(plan, open_gate, cart, at, wish):
    with open_gate(HOME_NURSE) as gate:
        assert booking_for_meeting(gate=gate, wish=wish(at(9), cart, kind="meeting", title="Møte")).pk


def test_only_who_holds_the_plan_switches(plan, open_gate, client_for, cast):
    with open_gate(NURSE) as gate, pytest.raises(PermissionDenied):
        rollout.stage_set(gate=gate, plan=plan, kind="home", stage="pilot", valid_from=oslo_date(gate.now), valid_to=None, remark="")
    with open_gate(NURSE) as gate, pytest.raises(ProgrammingError), transaction.atomic():
        FeaturePeriod(plan=plan, kind="home", stage="pilot", valid_from="2026-01-01", set_by_id=gate.user_id, set_at=gate.now).save(force_insert=True)
    form = {"actor": cast[LEADER].id, "kind": "home", "stage": "pilot", "valid_from": "01.01.2027"}
    assert client_for(LEADER).post(reverse("rollout_stage", args=[plan.pk]), form).status_code == 302
    assert "Ås kommune" in client_for(NURSE).get(reverse("rollout")).content.decode()


def test_grades_stand_as_figures_and_only_when_enough_have_answered(open_gate, cast, at):
    now = at(9, days=-1)
    held = [
        Booking.objects.create(
            kind="wound",
            starts_at=now,
            ends_at=now + timedelta(minutes=30),
            about_patient=True,
            status="held",
            unit_id=cast.units["ward"],
            legal_entity_id=cast.entities["lms"],
            author_id=cast[NURSE].id,
            recorded_at=now,
            room=f"r{n}",
        )
        for n in range(5)
    ]

    def figures(user=NURSE):
        with open_gate(user) as gate:
            (found,) = (one for one in rows("rollout_figures", now - timedelta(days=1), gate.now) if one["entity_id"] == cast.entities["lms"])
            return found["held"], found["answers"], found["useful"]

    def patients():
        with open_gate(NURSE) as gate:
            (found,) = (one for one in rows("rollout_figures", now - timedelta(days=1), gate.now) if one["entity_id"] == cast.entities["lms"])
            return found["asked"], found["patient"]

    grades = {"recorded_at": now, "technical": 4, "prepared": 3, "again": True, "author_id": cast[NURSE].id}
    for booking in held[:4]:
        Evaluation.objects.create(booking=booking, useful=4, **grades)
    assert figures() == (5, 4, None)
    Evaluation.objects.create(booking=held[4], useful=5, **grades)
    assert [float(one) for one in figures()] == [5, 5, 4.2]
    assert patients() == (0, None)
    Evaluation.objects.filter(booking__in=held[:4]).update(patient=2)
    assert patients() == (4, None), "too few were asked"
    Evaluation.objects.filter(booking=held[4]).update(patient=5)
    assert [float(one) for one in patients()] == [5, 2.6]
    with open_gate(NURSE) as gate:
        with pytest.raises(JournalError):
            rollout.evaluate(gate=gate, booking=held[0], useful=6, technical=1, prepared=1, again=False)
        with pytest.raises(ProgrammingError), transaction.atomic():
            Evaluation.objects.count()


@pytest.fixture
def course(cast, plan, at):
    """The home sessions of Ås are a pilot that asks for a course, which Hanne's colleague with two roles has."""
    made = Course.objects.create(code="video", name="Video i hjemmet", valid_months=12)
    FeaturePeriod.objects.create(plan=plan, kind="home", stage="pilot", valid_from=oslo_date(at(9)) - timedelta(days=3), course=made, set_at=at(9))
    return made


def completed(course, user, until, at):
    return CourseCompletion.objects.create(user_id=user, course=course, completed_on=oslo_date(at), valid_from=at - timedelta(days=9), valid_to=until)


def test_where_a_course_is_asked_for_somebody_who_takes_part_has_it(course, open_gate, cast, cart, at, wish, client_for):
    colleague = User.objects.get(pk=cast["aas.to_roller"].id)
    Resource.objects.create(kind="person", name="Mona Li", unit_id=cast.units["aas_home"], user=colleague)

    def book(*staff):
        with open_gate(HOME_NURSE, patient=cast.kari.id, **WRITE) as gate:
            return booking_for_patient(gate=gate, patient=cast.kari.id, wish=wish(at(9), cart, kind="home", staff=staff), aim="Samtale")

    with pytest.raises(JournalError) as refused:
        book()
    assert refused.value.code == "untrained" and "Mona Li" not in refused.value.message
    completed(course, colleague.pk, at(8), at(0))
    with pytest.raises(JournalError):
        book(colleague)  # runs out before the session
    completed(course, colleague.pk, at(9) + timedelta(days=30), at(0))
    with pytest.raises(JournalError) as refused:
        book()
    assert "Disse har det: Mona Li" in refused.value.message
    part = book(User.objects.get(pk=cast[HOME_NURSE].id), colleague)
    page = client_for(HOME_NURSE).get(reverse("video_session", args=[cast.kari.id, part.pk])).content.decode()
    assert "Har det: Mona Li" in page and "Du mangler det" in page
    overview = client_for(LEADER).get(reverse("rollout")).content.decode()
    assert "Video i hjemmet. 1 av 4 har det, 1 løper ut innen 60 dager" in overview


def test_what_was_spared_stands_by_month_where_five_sessions_are_behind_it(open_gate, cast, at, client_for):
    start = at(9, days=-2)
    for number in range(5):
        booking = Booking.objects.create(kind="wound", starts_at=start, ends_at=start + timedelta(minutes=30), about_patient=True, status="held",
                                         unit_id=cast.units["ward"], legal_entity_id=cast.entities["lms"], author_id=cast[NURSE].id, recorded_at=start, room=f"g{number}")  # fmt: skip
        BookingPatient.objects.create(booking=booking, patient_id=cast.anna.id, aim="Sår", category_id=2, unit_id=cast.units["ward"], event_at=start,
                                      legal_entity_id=cast.entities["lms"], author_id=cast[NURSE].id, recorded_at=start, saved_km=40, saved_escort_hours="1.5")  # fmt: skip
        with open_gate(LEADER) as gate:
            (found,) = (one for one in rows("spared_by_month", start - timedelta(days=1), gate.now) if one["entity_id"] == cast.entities["lms"])
        assert found["saved_km"] == (200 if number == 4 else None), number
    assert float(found["saved_hours"]) == 7.5
    page = client_for(LEADER).get(reverse("rollout_gains")).content.decode()
    assert "200 km" in page and not [word for word in cast.anna.markers if word in page]


def test_whoever_holds_a_plan_tells_what_was_learnt_without_charting(plan, client_for, cast):
    form = {"actor": cast[LEADER].id, "kind": "home", "text": "Prøv lenken dagen før"}
    assert client_for(LEADER).post(reverse("rollout"), form).status_code == 302
    assert "Prøv lenken dagen før" in client_for(NURSE).get(reverse("rollout")).content.decode()
