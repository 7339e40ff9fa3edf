"""The roll-out: what is not switched on is not booked, who switches, and figures that name nobody."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError, transaction
from django.urls import reverse
from guardian.shortcuts import assign_perm

from access.domain.codes import Action, Category
from access.gate import rows
from access.models import User
from journal.services.errors import JournalError
from lms_epj.core.clock import oslo_date
from telemed.models import Booking, Evaluation, FeaturePeriod, RollOutPlan
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

    grades = {"recorded_at": now, "technical": 4, "prepared": 3, "again": True, "author_id": cast[NURSE].id}
    for booking in held[:4]:
        Evaluation.objects.create(booking=booking, useful=4, **grades)
    assert figures() == (5, 4, None)
    Evaluation.objects.create(booking=held[4], useful=5, **grades)
    assert [float(one) for one in figures()] == [5, 5, 4.2]
    with open_gate(NURSE) as gate:
        with pytest.raises(JournalError):
            rollout.evaluate(gate=gate, booking=held[0], useful=6, technical=1, prepared=1, again=False)
        with pytest.raises(ProgrammingError), transaction.atomic():
            Evaluation.objects.count()
