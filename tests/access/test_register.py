"""Authorisations are given and ended by one who holds the unit's register, and the past stays answerable. Blocks follow the patient's wish."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from guardian.models import UserObjectPermission
from guardian.shortcuts import assign_perm

from access.models import AccessAuthorisation, AccessBlock, OrgUnit, RoleTemplate, User
from access.policies import selftest
from access.selectors.register import authorisations_on
from access.services.authorisations import AuthorisationError, authorisation_end, authorisation_give, holding_set
from access.services.blocks import BlockError, Wish, block_set, blocks_lift
from lms_epj.core.clock import oslo_date
from tests.access.staff import hire, hold

pytestmark = pytest.mark.django_db


def give(cast, gate, **changes):
    values = {
        "user": cast["lms.lege"].id, "role": RoleTemplate.objects.none(), "unit": cast.units["aas_home"], "valid_from": gate.now,
        "valid_to": None, "reason": "Vikar i helgen",
    } | changes  # fmt: skip
    return authorisation_give(gate=gate, **values)


def test_only_the_one_who_holds_the_unit_gives(cast, open_gate):
    role = RoleTemplate.objects.get(code="lms_doctor").id
    assign_perm("administer_register", User.objects.get(username="tilgang.admin"), OrgUnit.objects.get(id=cast.units["ward"]))
    with open_gate("tilgang.admin") as gate:
        with pytest.raises(PermissionDenied):
            give(cast, gate, role=role)
        with pytest.raises(AuthorisationError, match="deg selv"):
            give(cast, gate, role=role, unit=cast.units["ward"], user=gate.user_id)
        with pytest.raises(AuthorisationError, match="Sluttdatoen"):
            give(cast, gate, role=role, unit=cast.units["ward"], valid_to=gate.now - timedelta(days=1))
        given = give(cast, gate, role=role, unit=cast.units["ward"])
        with pytest.raises(AuthorisationError, match="fra før"):
            authorisation_end(gate=gate, authorisation=cast["aas.hjemmesykepleier"].authorisation_id, unit=cast.units["ward"], reason="Nei")
        authorisation_end(gate=gate, authorisation=given, unit=cast.units["ward"], reason="Vakten er over")
    assert AccessAuthorisation.objects.get(id=given).ended_reason == "Vakten er over"


def test_a_unit_is_handed_on_to_another_administrator_by_one_who_holds_it(cast, open_gate):
    user, _ = hire("tilgang.tredje", "access_admin", cast.units["it"])
    hold("tilgang.admin", cast.units["ward"])
    holder = User.objects.create(username="holder", given_name="Holder", family_name="Ansattmyr", initials="HA")
    assign_perm("administer_register", holder, OrgUnit.objects.get(id=cast.units["frogn_home"]))
    with open_gate("tilgang.admin") as gate:
        holding_set(user=user, unit=cast.units["ward"], held=True)
        holding_set(user=user, unit=cast.units["aas_home"], held=True)  # nobody's
        with pytest.raises(AuthorisationError, match="fra før"):
            holding_set(user=user, unit=cast.units["ward"], held=True)
        for other, unit in ((user, "frogn_home"), (gate.user_id, "aas_office"), (cast["lms.lege"].id, "ward")):
            with pytest.raises(PermissionDenied):
                holding_set(user=other, unit=cast.units[unit], held=True)
        holding_set(user=user, unit=cast.units["ward"], held=False)
    held = set(UserObjectPermission.objects.filter(user_id=user).values_list("object_pk", flat=True))
    assert held == {str(cast.units["aas_home"])}


def test_who_had_which_role_on_a_date(cast, open_gate):
    with open_gate("tilgang.admin") as gate:
        today = {row["username"] for row in authorisations_on(oslo_date(gate.now) + timedelta(days=1))[0]}
        before = {row["username"] for row in authorisations_on(oslo_date(gate.now) - timedelta(days=30))[0]}
        never = authorisations_on(oslo_date(gate.now) - timedelta(days=2000))
    assert "sluttet" in before - today
    assert never == ([], 0)


def test_the_register_is_for_administrators(client_for):
    assert client_for("tilgang.admin").get("/register/").status_code == 200
    assert client_for("tilgang.admin").get("/register/?dato=32.01.2026").status_code == 422
    assert client_for("lms.lege").get("/register/").status_code == 404


def test_a_block_must_leave_someone_able_to_treat(cast, open_gate):
    with open_gate("lms.lege", patient=cast.anna.id) as gate:
        with pytest.raises(BlockError, match=r"får behandling nå av .*Observasjonsposten"):
            block_set(gate=gate, patient=cast.anna.id, wish=Wish("record", "everyone"), wish_of="Pasienten")
        with pytest.raises(BlockError, match="hvem som ønsker"):
            block_set(gate=gate, patient=cast.anna.id, wish=Wish("record", "everyone"), wish_of=" ")
        wish = Wish("record", "everyone", exceptions=({"unit_id": cast.units["ward"]},))
        with pytest.raises(BlockError, match="av Hjemmesykepleien Ås nord, og"):
            block_set(gate=gate, patient=cast.anna.id, wish=wish, wish_of="Pasienten")
        wish = Wish("record", "everyone", exceptions=({"unit_id": cast.units["ward"]}, {"unit_id": cast.units["aas_home"]}))
        block = block_set(gate=gate, patient=cast.anna.id, wish=wish, wish_of="Pasienten")
    spared = AccessBlock.objects.get(registration=block).exceptions.values_list("unit_id", flat=True)
    assert set(spared) == {cast.units["ward"], cast.units["aas_home"]}


def test_a_block_hides_from_the_next_request_on_until_it_is_lifted(cast, open_gate, client_for):
    from journal.models import Note

    note = cast.anna.rows["note"]
    with open_gate("lms.lege", patient=cast.anna.id) as gate:
        assert Note.objects.filter(id=note).exists()
        wish = Wish("category", "unit", target_id=cast.units["ward"], category=7)
        block = block_set(gate=gate, patient=cast.anna.id, wish=wish, wish_of="Pasienten")
    with open_gate("lms.lege", patient=cast.anna.id) as gate:
        assert not Note.objects.filter(id=note).exists()
        with pytest.raises(BlockError):
            blocks_lift(gate=gate, patient=cast.anna.id, registration=block, wish_of="Pasienten")
    with open_gate("aas.hjemmesykepleier", patient=cast.anna.id) as gate:
        blocks_lift(gate=gate, patient=cast.anna.id, registration=block, wish_of="Pasienten")
        with pytest.raises(BlockError):
            blocks_lift(gate=gate, patient=cast.anna.id, registration=block, wish_of="Pasienten")
    with open_gate("lms.lege", patient=cast.anna.id):
        assert Note.objects.filter(id=note).exists()


def test_start_up_refuses_a_wrong_role_and_an_unguarded_table(as_app, as_owner):
    assert any("owns tables" in fault for fault in selftest.faults())
    from django.db import connection

    with as_app():
        assert selftest.faults() == []
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE loose (patient_id uuid); GRANT SELECT ON loose TO epj_app; GRANT SELECT ON access_session TO epj_app")
        cursor.execute("ALTER TABLE journal_note DISABLE ROW LEVEL SECURITY")
    with as_app():
        found = selftest.faults()
    assert {"loose has no row security", "journal_note has no row security", "access_session is not closed"} <= set(found)
