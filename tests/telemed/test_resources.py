"""Days that differ and duty, entered by who holds the resource, and what they do to what can be booked."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError, transaction
from django.urls import reverse
from guardian.shortcuts import assign_perm

from access.models import User
from lms_epj.core.clock import oslo_date
from telemed.models import OpeningException, Resource
from telemed.selectors.times import free_starts
from telemed.services.resources import duty_add, exception_add

pytestmark = pytest.mark.django_db
NURSE, DOCTOR = "lms.sykepleier", "lms.lege"


@pytest.fixture
def keeper(cast, cart):
    assign_perm("manage_resource", User.objects.get(pk=cast[NURSE].id), cart)
    return NURSE


def test_a_closed_day_is_not_offered_and_other_hours_are(keeper, client_for, cast, cart, at, open_gate):
    form = {"actor": cast[NURSE].id, "form": "day", "first": f"{at(9):%d.%m.%Y}", "reason": "Service"}
    address = reverse("resource_times", args=[cart.pk])
    assert client_for(NURSE).post(address, form | {"opens": "12:00"}).status_code == 422
    assert client_for(NURSE).post(address, form).status_code == 302
    with open_gate(NURSE) as gate:
        assert oslo_date(free_starts([cart], 30, at(8))[0]) == oslo_date(at(9)) + timedelta(days=1)
    assert client_for(NURSE).post(address, form | {"opens": "18:00", "closes": "20:00"}).status_code == 302
    with open_gate(NURSE) as gate:
        assert oslo_date(free_starts([cart], 30, max(gate.now, at(8)))[0]) == oslo_date(at(9))
    assert "Service" in client_for(DOCTOR).get(address).content.decode()


def test_only_who_holds_it_changes_its_times(keeper, open_gate, cart, at):
    day = oslo_date(at(9))
    with open_gate(DOCTOR) as gate:
        with pytest.raises(PermissionDenied):
            exception_add(gate=gate, resource=cart, first=day, last=day, opens=None, closes=None, reason="")
        with pytest.raises(ProgrammingError), transaction.atomic():
            OpeningException(resource=cart, first=day, last=day).save(force_insert=True)


def test_a_person_booked_by_duty_is_free_when_on_duty_only(open_gate, cast, at):
    person = Resource.objects.create(kind="person", name="Jonas Amundsen", unit_id=cast.units["ward"], user_id=cast[DOCTOR].id, by_duty=True)
    for day in range(7):
        person.openings.create(weekday=day, opens="00:00", closes="00:00", valid_from="2020-01-01")
    assign_perm("manage_resource", User.objects.get(pk=cast[NURSE].id), person)
    with open_gate(NURSE) as gate:
        assert free_starts([person], 30, at(8)) == []
        duty_add(gate=gate, resource=person, starts_at=at(10), ends_at=at(11))
        assert free_starts([person], 30, at(8)) == [at(10), at(10, 15), at(10, 30)]
