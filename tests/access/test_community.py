"""The agreement as data: versions with signatures, joining, merging, change of host and exit – and what the rule makes of each."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from access import gate as gates
from access.models import AgreementVersion, CommunityChange, LegalEntity, OrgUnit, Participation, RecordExport
from access.selectors.community import change_of, community_of, members, parties, version_at
from access.services import community as acting
from access.services.community import CommunityError, NewUnit, Party, Signature, Terms
from journal.models import Note
from lms_epj.core.clock import oslo_date, start_of_day

pytestmark = pytest.mark.django_db
SIGNED = Signature("Ola Ordfører", "Ordfører", date(2026, 1, 15))
ADMIN, NURSE, WARD = "tilgang.admin", "aas.hjemmesykepleier", "lms.sykepleier"


def midnight(gate, days):
    return start_of_day(oslo_date(gate.now) + timedelta(days=days))


def terms(cast, **changes):
    values = dict.fromkeys(("coverage", "patient_rights", "processing", "controller", "rights_contact", "exit_plan"), "Som avtalt")
    values |= {"host": cast.entities["aas"], "operator": cast.entities["ikt"], "notice_months": 12, "export_rule": "own"}
    return Terms(**values | changes)


def signatures(cast, *keys):
    return [Signature("Ola Ordfører", "Ordfører", date(2026, 1, 15), cast.entities[key]) for key in keys]


def reads(open_gate, user, patient, row):
    """Whether the person reads this row of the patient's."""
    try:
        with open_gate(user, patient=patient.id):
            return Note.objects.filter(id=patient.rows[row]).exists()
    except gates.Refusal:
        return False


# --- versions ---


def test_a_version_needs_every_members_signature_and_follows_the_former(cast, open_gate):
    with open_gate(ADMIN) as gate:
        values = {"gate": gate, "community": cast.community, "valid_from": midnight(gate, 30), "terms": terms(cast), "reason": "Ny vert"}
        with pytest.raises(CommunityError, match="Frogn kommune"):
            acting.agreement_set(**values, signatures=signatures(cast, "lms", "aas", "nordre_follo"))
        late = [*signatures(cast, "lms", "aas", "nordre_follo"), Signature("Ola", "Ordfører", date(2040, 1, 1), cast.entities["frogn"])]
        with pytest.raises(CommunityError, match="underskrift"):
            acting.agreement_set(**values, signatures=late)
        made = acting.agreement_set(**values, signatures=signatures(cast, "lms", "aas", "nordre_follo", "frogn"))
        one = community_of(cast.community)
    assert version_at(one, gate.now)["number"] == 1
    assert version_at(one, values["valid_from"])["id"] == str(made)
    assert one["changes"][1]["kind"] == "host" or one["changes"][0]["kind"] == "host"
    assert len(one["versions"][0]["signatures"]) == 4


def test_what_was_agreed_is_never_changed_or_removed(cast):
    for statement in ("UPDATE access_agreementversion SET coverage = 'Annet'", "DELETE FROM access_agreementsignature"):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_only_the_one_who_holds_the_agreement_changes_it(cast, open_gate, as_owner):
    with open_gate(ADMIN) as gate:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM guardian_userobjectpermission")
        with pytest.raises(PermissionDenied):
            acting.exit_plan(
                gate=gate, community=cast.community, entity=cast.entities["frogn"], valid_from=midnight(gate, 9), closes_at=midnight(gate, 9),
                rule="own", reason="Nei",
            )  # fmt: skip
    with open_gate("lms.lege"), pytest.raises(DatabaseError, match="administrators"), transaction.atomic():
        gates.call("communities")


# --- joining ---


def test_one_who_took_part_by_messages_becomes_a_member_from_that_moment(cast, open_gate):
    enebakk = cast.entities["enebakk"]
    RecordExport.objects.all().delete()
    CommunityChange.objects.all().delete()
    with open_gate(ADMIN) as gate:
        day = midnight(gate, 20)
        with pytest.raises(CommunityError, match="minst én tjeneste"):
            join(gate, cast, day, services=[])
        change = join(gate, cast, day, services=[15])
        one = community_of(cast.community)
    assert {"message_only"} == {party["mode"] for party in parties(one, day - timedelta(seconds=1)) if party["id"] == str(enebakk)}
    assert str(enebakk) in {party["id"] for party in members(one, day)}
    assert OrgUnit.objects.get(name="Hjemmesykepleien Flateby").valid_from == day
    assert change_of_as(open_gate, change)["details"]["services"] == [15]


def change_of_as(open_gate, change):
    with open_gate(ADMIN):
        return change_of(change)[1]


def join(gate, cast, day, **changes):
    values = {
        "party": Party(id=cast.entities["enebakk"]), "services": [15], "mode": "member", "valid_from": day, "signature": SIGNED,
        "units": [NewUnit("Hjemmesykepleien Flateby", "home_nursing", 15)], "reason": "Kommunestyrets vedtak",
    }  # fmt: skip
    return acting.community_join(gate=gate, community=cast.community, **values | changes)


def test_a_new_municipality_joins_with_units_and_may_be_called_off(cast, open_gate):
    party = Party(name="Nesodden kommune", org_number="889988776", municipality_number="3212")
    with open_gate(ADMIN) as gate:
        day = midnight(gate, 20)
        change = join(gate, cast, day, party=party)
        entity = LegalEntity.objects.get(org_number="889988776")
        assert entity.valid_from == day
        with pytest.raises(CommunityError, match="Skriv hvorfor"):
            acting.change_cancel(gate=gate, change=change, reason=" ")
        acting.change_cancel(gate=gate, change=change, reason="Utsatt")
        with pytest.raises(CommunityError, match="begynt eller avlyst"):
            acting.change_cancel(gate=gate, change=change, reason="Igjen")
        assert str(entity.id) not in {party["id"] for party in parties(community_of(cast.community), day)}
        again = join(gate, cast, day + timedelta(days=40), party=party)
    assert again != change
    assert LegalEntity.objects.get(org_number="889988776").valid_to is None


# --- merging ---


def merge(gate, cast, day, **changes):
    values = {
        "predecessors": [cast.entities["aas"], cast.entities["frogn"]], "valid_from": day, "signature": SIGNED, "reason": "Stortingets vedtak",
        "party": Party(name="Søndre Follo kommune", org_number="889977665", municipality_number="3299"),
    }  # fmt: skip
    return acting.community_merge(gate=gate, community=cast.community, **values | changes)


def test_a_merger_moves_no_row_and_throws_nobody_out_at_midnight(cast, open_gate, set_clock):
    with open_gate(ADMIN) as gate:
        with pytest.raises(CommunityError, match="minst to"):
            merge(gate, cast, midnight(gate, 20), predecessors=[cast.entities["aas"]])
        day = midnight(gate, 20)
        merge(gate, cast, day)
    new = LegalEntity.objects.get(org_number="889977665")
    for moment in (day - timedelta(seconds=1), day, day + timedelta(days=1)):
        set_clock(moment)
        wake(moment)
        assert reads(open_gate, NURSE, cast.kari, "note"), moment
        assert reads(open_gate, NURSE, cast.anna, "noteversion") is False
        with open_gate(NURSE, patient=cast.kari.id) as gate:
            assert gate.legal_entity_id == (new.id if moment >= day else cast.entities["aas"])
            assert gate.may(4, 7)
    assert set(Participation.objects.filter(legal_entity=new).values_list("service_code", flat=True)) == {15, 18, 19, 99}
    assert OrgUnit.objects.get(id=cast.units["aas_home"]).legal_entity_id == cast.entities["aas"]


def test_a_block_against_a_municipality_goes_on_against_what_it_became(cast, open_gate, set_clock):
    from access.models import AccessBlock

    AccessBlock.objects.create(
        patient_id=cast.kari.id, scope="record", target="legal_entity", target_id=cast.entities["frogn"], wish_of="Pasienten",
        registered_at=LegalEntity.objects.get(id=cast.entities["frogn"]).valid_from, valid_from=LegalEntity.objects.get(id=cast.entities["frogn"]).valid_from,
    )  # fmt: skip
    with open_gate(ADMIN) as gate:
        day = midnight(gate, 20)
        merge(gate, cast, day)
    assert reads(open_gate, NURSE, cast.kari, "note")
    set_clock(day)
    wake(day)
    assert not reads(open_gate, NURSE, cast.kari, "note"), "the nurse of Ås now works for the one that the block is against"


def test_a_merger_called_off_leaves_all_as_it_was(cast, open_gate):
    before = list(Participation.objects.order_by("id").values_list("id", "valid_from", "valid_to"))
    with open_gate(ADMIN) as gate:
        acting.change_cancel(gate=gate, change=merge(gate, cast, midnight(gate, 20)), reason="Reversert")
    known = {id for id, _, _ in before}
    assert [row for row in Participation.objects.order_by("id").values_list("id", "valid_from", "valid_to") if row[0] in known] == before
    assert not LegalEntity.objects.filter(id__in=[cast.entities["aas"], cast.entities["frogn"]], valid_to__isnull=False).exists()


def wake(moment):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE access_session SET last_seen_at = %s", [moment])


# --- pages ---


def test_pages_are_the_administrators_and_the_custodians(cast, client_for):
    admin, custodian, nurse = client_for(ADMIN), client_for("journalansvarlig"), client_for(NURSE)
    page = admin.get("/samarbeid/").content.decode()
    assert "Felles journal i Follo" in page
    assert "Meld ut en kommune" in page
    assert admin.get("/uttrekk/").status_code == 404
    assert custodian.get("/uttrekk/").status_code == 200
    assert custodian.get("/samarbeid/").status_code == nurse.get("/samarbeid/").status_code == 404


def test_an_exit_is_looked_through_before_it_is_registered(cast, client_for, open_gate):
    admin = client_for(ADMIN)
    url = f"/samarbeid/{cast.community}/utmelding/ny/"
    assert admin.post(url, {}).status_code == 422
    with open_gate(ADMIN) as gate:
        day = (oslo_date(gate.now) + timedelta(days=40)).strftime("%d.%m.%Y")
    form = {"entity": str(cast.entities["frogn"]), "valid_from": day, "closes_at": "", "rule": "residents", "reason": "Kommunestyrets vedtak"}
    preview = admin.post(url, form)
    assert preview.status_code == 200
    assert "oppsigelsestid" in preview.content.decode()
    assert "Besluttede tiltak" in preview.content.decode()
    assert not CommunityChange.objects.filter(legal_entity_id=cast.entities["frogn"]).exists()
    done = admin.post(url, form | {"confirmed": "1"})
    change = CommunityChange.objects.get(legal_entity_id=cast.entities["frogn"])
    assert done["Location"].startswith(f"/samarbeid/endring/{change.id}/")
    assert Participation.objects.filter(legal_entity_id=cast.entities["frogn"], valid_to=None).count() == 0
    assert admin.post(f"/samarbeid/endring/{change.id}/avlys/", {"reason": "Ombestemt"}).status_code == 302
    assert Participation.objects.filter(legal_entity_id=cast.entities["frogn"], valid_to=None).count() == 4


def test_a_new_version_and_a_new_host_are_made_on_screen(cast, client_for):
    admin = client_for(ADMIN)
    url = f"/samarbeid/{cast.community}/vert/ny/"
    form = {"valid_from": "01.01.2040", "reason": "Ny vert", "host": str(cast.entities["aas"]), "operator": str(cast.entities["ikt"])}
    refused = admin.post(url, form)
    assert refused.status_code == 422
    assert "Frogn kommune" in refused.content.decode()
    for key in ("lms", "aas", "frogn", "nordre_follo"):
        form |= {f"signer-{cast.entities[key]}": "Ola", f"title-{cast.entities[key]}": "Ordfører", f"signed_on-{cast.entities[key]}": "15.01.2026"}
    assert admin.post(url, form).status_code == 302
    version = AgreementVersion.objects.get(number=2)
    assert (version.host_id, version.coverage) == (cast.entities["aas"], AgreementVersion.objects.get(number=1).coverage)
    assert admin.get(f"/samarbeid/avtale/{version.id}/").status_code == 200
