"""The register of what can be booked: kept by whoever holds the plan, and by nobody else."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.urls import reverse
from guardian.models import UserObjectPermission
from guardian.shortcuts import assign_perm

from access.models import User
from lms_epj.core.clock import oslo_date
from telemed.models import Equipment, Opening, Resource, RollOutPlan
from telemed.selectors.register import week_words
from telemed.selectors.times import free_starts
from telemed.services import register
from telemed.services.bookings import booking_for_meeting
from tests.cast import identify

pytestmark = pytest.mark.django_db
NURSE, LEADER, HOME_NURSE, ADMIN = "lms.sykepleier", "lms.leder", "aas.hjemmesykepleier", "tilgang.admin"


@pytest.fixture
def plan(cast):
    """The centre's, held by its leader, who charts nothing."""
    found = RollOutPlan.objects.get(pk=identify("plan", "lms"))
    assign_perm("manage_rollout", User.objects.get(pk=cast[LEADER].id), found)
    return found


def fields(cast, **more):
    return {"actor": cast[LEADER].id, "kind": "equipment", "unit": cast.units["ward"], "name": "Videovogn C", "place": "Lager 3", "type": "cart", "mobile": "1",
            "check_days": "1", "support_name": "IKT-vakt", "support_phone": "64 00 00 00", **more}  # fmt: skip


def given():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM auditlog_entry WHERE action = 'telemed_holder_give'")
        return cursor.fetchone()[0]


def test_a_cart_is_registered_opened_and_booked(plan, client_for, cast, open_gate, at, wish):
    leader = client_for(LEADER)
    address = reverse("plan_resource_new", args=[plan.pk])
    for wrong in ({"type": ""}, {"unit": ""}, {"kind": "room", "name": ""}, {"check_days": "0"}, {"kind": "person"}):
        assert leader.post(address, fields(cast, **wrong)).status_code in (400, 422)
    assert not Resource.objects.filter(name="Videovogn C").exists(), "nothing half done"
    assert leader.post(address, fields(cast)).status_code == 302
    cart = Resource.objects.get(name="Videovogn C")
    assert (cart.equipment.owner_id, cart.equipment.support_phone) == (cast.entities["lms"], "64 00 00 00")
    with open_gate(NURSE):
        assert free_starts([cart], 30, at(9)) == []
    week = {
        "actor": cast[LEADER].id,
        "form": "week",
        "weekday": list(range(7)),
        "week_opens": "08:00",
        "week_closes": "16:00",
        "valid_from": "01.01.2026",
    }
    page = reverse("resource_times", args=[cart.pk])
    assert leader.post(page, week | {"week_opens": "8"}).status_code == 422
    assert leader.post(page, week).status_code == 302
    with open_gate(NURSE) as gate:
        booking = booking_for_meeting(gate=gate, wish=wish(at(9), cart, kind="meeting", title="Prøve"))
    listed = leader.get(reverse("plan_resources", args=[plan.pk])).content.decode()
    assert "Videovogn C" in listed and "man.–søn. 08:00–16:00" in listed
    assert "timer er bestilt" in leader.post(page, {"actor": cast[LEADER].id, "form": "end"}).content.decode()
    booking.slots.update(active=False)
    assert leader.post(page, {"actor": cast[LEADER].id, "form": "end"}).status_code == 302
    assert client_for(NURSE).get(page).status_code == 404


def test_new_hours_end_the_old_and_some_days_can_be_closed(plan, open_gate, cast, cart, at):
    day = oslo_date(at(9))
    with open_gate(LEADER) as gate:
        register.week_set(gate=gate, resource=cart, weekdays={0, 1}, opens=at(10).time(), closes=at(12).time(), valid_from=day)
        register.week_close(gate=gate, resource=cart, weekdays={5, 6}, valid_from=day)
    hours = week_words([cart.pk], day)[cart.pk]
    assert sorted(hours) == ["man., tir. 10:00–12:00", "ons.–fre. 08:00–16:00"]
    assert week_words([cart.pk], day - timedelta(days=1))[cart.pk] == ["man.–søn. 08:00–16:00"]


def test_whoever_holds_the_plan_says_who_looks_after_what_and_it_is_logged(plan, client_for, cast, cart):
    leader, page = client_for(LEADER), reverse("resource_times", args=[cart.pk])
    give = {"actor": cast[LEADER].id, "form": "keeper", "person": cast[NURSE].id}
    assert "Forvaltes av" in leader.get(page).content.decode()
    before = given()
    assert leader.post(page, give).status_code == 302
    assert UserObjectPermission.objects.filter(user_id=cast[NURSE].id, object_pk=str(cart.pk)).count() == 1
    assert given() == before + 1
    assert "Ta tilbake" in leader.get(page).content.decode() and "Ta tilbake" not in client_for(NURSE).get(page).content.decode()
    leader.post(page, {"actor": cast[LEADER].id, "form": "keeper", "take": cast[NURSE].id})
    assert not UserObjectPermission.objects.filter(object_pk=str(cart.pk)).exists()


def test_a_plan_is_handed_on_and_never_left_without_a_holder(plan, open_gate, cast):
    with open_gate(LEADER):
        assert register.holder_set(model="rolloutplan", key=plan.pk, user=cast[NURSE].id, held=True)
        assert not register.holder_set(model="rolloutplan", key=plan.pk, user=cast[NURSE].id, held=True), "so already"
        with pytest.raises(PermissionDenied):
            register.holder_set(model="rolloutplan", key=plan.pk, user=cast[LEADER].id, held=False)
        with pytest.raises(PermissionDenied):
            register.holder_set(model="rolloutplan", key=plan.pk, user=cast["sluttet"].id, held=True)
    with open_gate(NURSE):
        assert register.holder_set(model="rolloutplan", key=plan.pk, user=cast[LEADER].id, held=False)


def test_nobody_else_touches_the_register(plan, open_gate, client_for, cast, cart):
    with open_gate(HOME_NURSE) as gate:
        for act in (
            lambda: register.resource_register(gate=gate, kind="room", name="Vårt", unit=cart.unit),
            lambda: register.week_close(gate=gate, resource=cart, weekdays={0}, valid_from=oslo_date(gate.now)),
            lambda: register.resource_end(gate=gate, resource=cart),
            lambda: register.holder_set(model="resource", key=cart.pk, user=cast[HOME_NURSE].id, held=True),
            lambda: register.holder_set(model="rolloutplan", key=plan.pk, user=cast[HOME_NURSE].id, held=True),
        ):
            with pytest.raises(PermissionDenied):
                act()
        # Nor past the services.
        for row in (Resource(kind="room", name="Vårt", unit=cart.unit), Opening(resource=cart, weekday=0, opens="01:00", closes="02:00", valid_from="2026-01-01"),
                    Equipment(resource_id=identify("room"), type="cart", owner_id=cast.entities["lms"])):  # fmt: skip
            with pytest.raises(ProgrammingError), transaction.atomic():
                row.save(force_insert=True)
        assert Resource.objects.filter(pk=cart.pk).update(ended_at=gate.now) == 0
        with pytest.raises(ProgrammingError), transaction.atomic():
            UserObjectPermission.objects.filter(object_pk=str(cart.pk)).delete()
    assert client_for(NURSE).post(reverse("plan_resources", args=[plan.pk]), {"actor": cast[NURSE].id, "person": cast[NURSE].id}).status_code == 403
    assert client_for(NURSE).get(reverse("plan_resource_new", args=[plan.pk])).status_code == 302


def test_a_plan_is_begun_by_whoever_administers_the_community(client_for, cast):
    form = {"actor": cast[ADMIN].id, "entity": cast.entities["enebakk"]}
    assert client_for(ADMIN).post(reverse("rollout_start"), form).status_code == 302
    plan = RollOutPlan.objects.get(legal_entity=cast.entities["enebakk"])
    assert UserObjectPermission.objects.get(object_pk=str(plan.pk)).user_id == cast[ADMIN].id
    assert client_for(ADMIN).post(reverse("rollout_start"), form).status_code == 422, "it has one"
    assert client_for(NURSE).get(reverse("rollout_start")).status_code == 404
    with pytest.raises(IntegrityError), transaction.atomic():
        RollOutPlan.objects.create(legal_entity_id=cast.entities["enebakk"])
