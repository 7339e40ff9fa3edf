"""Equipment: what is out of order is not booked and gets a replacement, and who may do what with a piece."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from guardian.shortcuts import assign_perm

from access.domain.codes import Action, Category
from access.models import OrgUnit, User
from journal.services.errors import JournalError
from telemed.models import Booking, Equipment, EquipmentMove, Fault, Resource, Slot
from telemed.selectors.equipment import equipment_rows, replacements, use_rows
from telemed.selectors.times import free_starts
from telemed.services import equipment as services
from telemed.services.bookings import booking_for_patient
from telemed.services.errors import NotFree

pytestmark = pytest.mark.django_db
NURSE, DOCTOR, FROGN = "lms.sykepleier", "lms.lege", "frogn.hjemmesykepleier"
WRITE = {"action": Action.WRITE, "category": Category.LOGISTICS}


@pytest.fixture
def kit(cart):
    return Equipment.objects.get(pk=cart.pk)


@pytest.fixture
def spare(kit):
    """Another cart, of Ås, always open."""
    other = Resource.objects.create(kind="equipment", name="Reservevogn", unit=kit.resource.unit)
    other.openings.create(weekday=0, opens="00:00", closes="00:00", valid_from="2020-01-01")
    for day in range(1, 7):
        other.openings.create(weekday=day, opens="00:00", closes="00:00", valid_from="2020-01-01")
    Equipment.objects.create(resource=other, type="cart", owner=kit.owner)
    return other


@pytest.fixture
def booked(open_gate, cast, cart, at, wish):
    with open_gate(NURSE, patient=cast.anna.id, **WRITE) as gate:
        return booking_for_patient(gate=gate, patient=cast.anna.id, wish=wish(at(9), cart), aim="Sår på legg")


def test_what_is_out_of_order_is_offered_when_it_is_expected_back(open_gate, cast, cart, kit, at, wish):
    with open_gate(NURSE, patient=cast.anna.id, **WRITE) as gate:
        services.fault_report(gate=gate, equipment=kit, text="Mikrofon", expected_at=at(11))
        with pytest.raises(NotFree) as refused:
            booking_for_patient(gate=gate, patient=cast.anna.id, wish=wish(at(9), cart), aim="Sår")
        assert refused.value.code == "closed" and refused.value.starts[0] == at(11)
        (row,) = equipment_rows(gate, [cart.pk])
        assert row["state"] == "off" and "64 00 00 00" in row["support"]
        with pytest.raises(JournalError):
            services.fault_report(gate=gate, equipment=kit, text="Mikrofon igjen")


def test_a_booking_gets_a_replacement_for_its_time(booked, open_gate, cast, cart, kit, spare, at):
    with open_gate(NURSE, patient=cast.anna.id, **WRITE) as gate:
        services.fault_report(gate=gate, equipment=kit, text="Kamera")
        assert replacements(gate, kit, at(9), at(9, 30)) == [spare]
        services.replace(gate=gate, booking=booked.booking, old=cart, new=spare)
        assert replacements(gate, kit, at(9), at(9, 30)) == []
        assert [slot.resource for slot in Slot.objects.filter(booking=booked.booking, active=True)] == [spare]
        with pytest.raises(JournalError):
            services.replace(gate=gate, booking=booked.booking, old=cart, new=spare)


def test_the_page_tells_of_the_fault_and_swaps_in_one_press(booked, client_for, cart, spare):
    client = client_for(NURSE)
    address = reverse("equipment_item", args=[cart.pk])
    empty = client.post(reverse("equipment_fault", args=[cart.pk]), {"text": " "})
    assert empty.status_code == 422 and "Skriv hva som er galt" in empty.content.decode()
    assert client.post(reverse("equipment_fault", args=[cart.pk]), {"text": "Mikrofon", "expected_at": ""}).status_code == 302
    page = client.get(address).content.decode()
    assert "Reservevogn" in page and "Virker igjen" not in page
    swapped = client.post(reverse("equipment_replace", args=[cart.pk]), {"booking": booked.booking_id, "other": spare.pk})
    assert swapped.status_code == 302 and Slot.objects.get(booking=booked.booking, active=True).resource == spare
    assert client_for(FROGN).post(reverse("equipment_replace", args=[spare.pk]), {"booking": booked.booking_id, "other": cart.pk}).status_code == 404


def test_whoever_charts_checks_and_only_who_holds_it_moves_and_repairs(open_gate, cast, cart, kit):
    ward = OrgUnit.objects.get(pk=cast.units["aas_home"])
    assign_perm("manage_resource", User.objects.get(pk=cast[DOCTOR].id), cart)
    with open_gate(NURSE) as gate:
        services.check_record(gate=gate, equipment=kit, passed=True, battery=20)
        assert equipment_rows(gate, [cart.pk])[0]["text"] == "Batteri 20 %"
        fault = services.fault_report(gate=gate, equipment=kit, text="Skjerm")
        for act in (
            lambda: services.fault_close(gate=gate, fault=fault),
            lambda: services.equipment_move(gate=gate, equipment=kit, unit=ward, place="Moer"),
        ):
            with pytest.raises(PermissionDenied):
                act()
        assert Fault.objects.filter(pk=fault.pk).update(closed_at=gate.now) == 0, "nor past the service"
    with open_gate(DOCTOR) as gate:
        services.fault_close(gate=gate, fault=fault)
        services.equipment_move(gate=gate, equipment=kit, unit=ward, place="Moer sykehjem")
        assert (Resource.objects.get(pk=cart.pk).place, EquipmentMove.objects.count()) == ("Moer sykehjem", 1)
        Equipment.objects.filter(pk=kit.pk)
        assert free_starts([cart], 30, gate.now + timedelta(days=1))


@pytest.mark.parametrize("values", [{"passed": False, "battery": None}, {"passed": True, "battery": 120}])
def test_a_check_says_what_was_wrong(values, open_gate, kit):
    with open_gate(NURSE) as gate, pytest.raises(JournalError):
        services.check_record(gate=gate, equipment=kit, **values)


def test_use_counts_where_a_piece_stood_then(open_gate, cast, cart, kit, at):
    for days, unit, place in ((20, "ward", "Lager 2"), (10, "aas_home", "Moer sykehjem")):
        EquipmentMove.objects.create(equipment=kit, unit_id=cast.units[unit], place=place, moved_at=at(6, days=-days), moved_by_id=cast[NURSE].id)
    for days in (15, 6, 5):
        start = at(9, days=-days)
        booking = Booking.objects.create(kind="meeting", starts_at=start, ends_at=start + timedelta(minutes=30), status="held", unit_id=cast.units["ward"],
                                         legal_entity_id=cast.entities["lms"], author_id=cast[NURSE].id, recorded_at=start, room=f"u{days}")  # fmt: skip
        Slot.objects.create(booking=booking, resource=cart, during=(start, booking.ends_at))
    with open_gate(NURSE) as gate:
        used = {row["place"]: (row["entity"], row["sessions"], row["hours"]) for row in use_rows(gate) if row["name"] == cart.name}
    assert used == {"Lager 2": ("Follo LMS", 1, 0.5), "Moer sykehjem": ("Ås kommune", 2, 1.0)}
