"""Who gains and who loses by a change of the agreement is told before it is registered, and is what they then read."""

from datetime import UTC, date, datetime, timedelta

import pytest

from access.models import AccessAuthorisation, CommunityChange, DecidedMeasure, LegalEntity, MeasureTemplate, Participation
from access.services import community as acting
from access.services.community import NewUnit, Party, Signature
from journal.models import Note
from lms_epj.core.clock import oslo_date, start_of_day
from tests.access.blocking import refused

pytestmark = pytest.mark.django_db
SIGNED = Signature("Ola Ordfører", "Ordfører", date(2026, 1, 15))
ADMIN, WARD, HOME = "tilgang.admin", "lms.sykepleier", "frogn.hjemmesykepleier"


@pytest.fixture
def apart(cast):
    """Frogn does not take part; its patient lies on the ward, and Frogn's nurses have her too."""
    Participation.objects.filter(legal_entity_id=cast.entities["frogn"]).update(valid_to="2026-01-02T00:00Z", valid_from="2026-01-01T00:00Z")
    now = datetime.now(UTC)
    DecidedMeasure.objects.create(
        patient_id=cast.foreign.id, template=MeasureTemplate.objects.get(code="ADMITTED"), unit_id=cast.units["ward"],
        starts_at=now - timedelta(hours=1), decided_at=now,
    )  # fmt: skip
    return cast


def reads(open_gate, user, patient):
    with open_gate(user, patient=patient.id):
        return Note.objects.filter(patient_id=patient.id).exists()


def join(gate, cast, day):
    return acting.community_join(
        gate=gate, community=cast.community, party=Party(id=cast.entities["frogn"]), services=[15], mode="member", valid_from=day, signature=SIGNED,
        units=[NewUnit("Hjemmesykepleien Drøbak", "home_nursing", 15)], reason="Kommunestyrets vedtak",
    )  # fmt: skip


def test_what_a_join_gives_is_counted_over_the_real_population_and_taken_back(apart, open_gate, as_owner):
    cast = apart
    assert not reads(open_gate, WARD, cast.foreign)
    with open_gate(ADMIN) as gate:
        found = acting.effect_of(lambda: join(gate, cast, gate.now), gate.now)
        with as_owner():
            assert not CommunityChange.objects.filter(legal_entity_id=cast.entities["frogn"], kind="join").exists()
        units = {(row["unit"], row["role"]): row for row in found["gain"]["units"]}
        ward = next(row for (_, role), row in units.items() if role == "Sykepleier")
        join(gate, cast, gate.now)
    assert found["lose"] == {"people": 0, "patients": 0, "units": []}
    assert found["gain"]["patients"] == 1
    assert ward["patients"] == 1
    assert ward["reads"] == "Frogn kommune"
    assert "Ingrid Solberg Haugen" in {one["name"] for one in ward["people"]}
    staff = AccessAuthorisation.objects.filter(unit_id=cast.units["ward"], role__name="Sykepleier", valid_to=None, user__is_active=True)
    assert len(ward["people"]) <= staff.count()
    assert reads(open_gate, WARD, cast.foreign)


def test_a_merger_of_members_gives_nobody_more_or_less(cast, open_gate):
    with open_gate(ADMIN) as gate:
        day = start_of_day(oslo_date(gate.now) + timedelta(days=20))
        found = acting.effect_of(
            lambda: acting.community_merge(
                gate=gate, community=cast.community, predecessors=[cast.entities["aas"], cast.entities["frogn"]], valid_from=day, signature=SIGNED,
                party=Party(name="Søndre Follo kommune", org_number="889977665"), reason="Vedtak",
            ), day,
        )  # fmt: skip
    assert (found["gain"]["people"], found["lose"]["people"]) == (0, 0)
    assert not LegalEntity.objects.filter(org_number="889977665").exists()


def test_one_who_becomes_a_party_by_messages_only_loses(cast, open_gate):
    with open_gate(ADMIN) as gate:
        found = acting.effect_of(
            lambda: acting.community_join(
                gate=gate, community=cast.community, party=Party(id=cast.entities["aas"]), services=[15], mode="message_only", valid_from=gate.now,
                signature=SIGNED, units=[], reason="Vedtak",
            ), gate.now,
        )  # fmt: skip
    losing = {row["unit"] for row in found["lose"]["units"]}
    assert found["lose"]["people"] > 0
    assert any("Hjemmesykepleien Ås" in unit for unit in losing)
    assert found["gain"]["people"] == 0


def test_the_pages_show_it_before_they_register(apart, client_for):
    cast, admin = apart, client_for(ADMIN)
    url = f"/samarbeid/{cast.community}/deltaker/ny/"
    form = {
        "entity": str(cast.entities["frogn"]), "mode": "member", "valid_from": oslo_date(datetime.now(UTC)).strftime("%d.%m.%Y"), "reason": "Vedtak",
        "services": ["15", "18"], "signer": "Ola", "title": "Ordfører", "signed_on": "15.01.2026",
    }  # fmt: skip
    assert admin.post(url, form | {"services": []}).status_code == 422
    preview = admin.post(url, form)
    page = preview.content.decode()
    assert preview.status_code == 200
    assert "Hvem får mer" in page
    assert "Det Frogn kommune har ført" in page
    assert cast.foreign.family_name not in page
    assert page.count('name="services"') == 2
    assert not CommunityChange.objects.filter(legal_entity_id=cast.entities["frogn"], kind="join").exists()
    edited = admin.post(url, form | {"edit": "1"})
    assert edited.status_code == 200
    assert 'value="Ola"' in edited.content.decode()
    assert admin.post(url, form | {"confirmed": "1"}).status_code == 302
    assert CommunityChange.objects.filter(legal_entity_id=cast.entities["frogn"], kind="join").count() == 1
    merged = admin.post(f"/samarbeid/{cast.community}/sammenslaing/ny/", {
        "entities": [str(cast.entities["aas"]), str(cast.entities["frogn"])], "name": "Søndre Follo kommune", "org_number": "889977665",
        "municipality_number": "3299", "valid_from": "01.01.2040", "reason": "Vedtak", "signer": "Ola", "title": "Ordfører", "signed_on": "15.01.2026",
    })  # fmt: skip
    assert merged.status_code == 200
    assert "Registrer sammenslåingen" in merged.content.decode()


@pytest.mark.parametrize("user", [WARD, "lms.leder", "journalansvarlig"])
def test_it_is_reckoned_for_administrators_only(open_gate, user):
    with open_gate(user) as gate:
        assert refused("community_reach", gate.now) == "42501"
        assert refused("community_effect", "{}", gate.now) == "42501"
