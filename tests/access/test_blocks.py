"""Blocks as an administrator registers them who reads nothing, and what they lead to."""

from datetime import UTC, datetime, timedelta

import pytest

from access import gate as gates
from access.models import AccessBlock, BlockRegistration
from access.selectors import blocks as selectors
from access.services.blocks import (
    BlockError,
    Wish,
    blocks_set,
    blocks_try,
)
from journal.models import Medication, Note
from tests.access.blocking import ADMIN, DOCTOR, HOME, NURSE, PATIENT, readable, refused
from tests.cast import marker_of

pytestmark = pytest.mark.django_db


# --- The administrator ---


def find(client, number):
    return client.post("/sperringer/", {"q": number})


def test_an_administrator_finds_by_the_whole_number_only_and_every_look_is_logged(client_for, cast, log_rows):
    client = client_for(ADMIN)
    assert find(client, cast.anna.family_name).status_code == 422
    assert find(client, "01010112345").status_code == 422
    found = find(client, cast.anna.number)
    assert found.headers["Location"] == f"/sperringer/{cast.anna.id}/"
    assert len(log_rows(action="block_find", patient_id=cast.anna.id)) == 1
    for path in ("", "ny/", "slik-ser/"):
        before = len(log_rows(action="block_view", patient_id=cast.anna.id))
        page = client.get(f"/sperringer/{cast.anna.id}/{path}")
        assert page.status_code == 200
        assert cast.anna.family_name in page.content.decode()
        assert len(log_rows(action="block_view", patient_id=cast.anna.id)) == before + 1
    assert client.get(f"/sperringer/{cast.entities['lms']}/").status_code == 404


def test_an_administrator_sees_dates_and_units_never_a_word_of_the_record(client_for, cast):
    client = client_for(ADMIN)
    page = client.get(f"/sperringer/{cast.anna.id}/ny/").content.decode()
    assert str(cast.anna.rows["note"]) in page
    assert "Observasjonsposten" in page
    assert marker_of("anna") not in page
    for route in ("", "journal/", f"journal/{cast.anna.rows['note']}/", "sperringer/"):
        assert client.get(f"/pasient/{cast.anna.id}/{route}").status_code == 404


def test_to_be_named_to_an_administrator_opens_no_row(open_gate, cast):
    with open_gate(ADMIN) as gate:
        assert gates.call("block_subject", cast.anna.id)
        assert not Note.objects.exists()
        assert not Medication.objects.exists()
        assert refused("open_blocked", cast.anna.id, cast.anna.rows["note"], "consent", "Vil se") == "23514"
        assert refused("blocked_entries", cast.anna.id, "consent", "Vil se") == "23514"
    assert gate.patients == []


def test_the_pages_are_for_those_who_register(client_for, cast):
    for user in (NURSE, "logg.kontroll", "journalansvarlig"):
        assert client_for(user).get(f"/sperringer/{cast.anna.id}/").status_code == 404
        assert client_for(user).get("/sperringer/").status_code == 404


def form(cast, **changes):
    return {
        "actor": str(cast[ADMIN].id), "scope": "entry", "entry": [str(cast.anna.rows["note"]), str(cast.anna.rows["medication"])], "target": "unit",
        "unit": [str(cast.units["aas_home"])], "stretch": "all", "wish_kind": "patient", "ground": "object", "reason": "Naboen arbeider der",
    } | changes  # fmt: skip


def test_an_administrator_looks_at_the_effect_then_registers_then_lifts(client_for, cast, open_gate, log_rows):
    client, address = client_for(ADMIN), f"/sperringer/{cast.anna.id}/"
    tried = client.post(address + "ny/", form(cast, **{"try": "1"}))
    assert tried.context["effect"]["medication"] is True
    assert tried.context["effect"]["critical"] is False
    hit = {(group["unit"], group["hidden"]) for group in tried.context["effect"]["groups"]}
    assert hit >= {("Observasjonsposten", 0)}
    assert any(unit == "Hjemmesykepleien Ås nord" and hidden for unit, hidden in hit)
    assert not BlockRegistration.objects.exists()
    seen = tried.context["seen"]
    assert client.post(address + "ny/", form(cast, save="1", seen=seen)).status_code == 422
    assert client.post(address + "ny/", form(cast, save="1", seen=seen, informed="1", unit=[str(cast.units["ward"])])).status_code == 200
    assert not BlockRegistration.objects.exists()
    done = client.post(address + "ny/", form(cast, save="1", seen=seen, informed="1"))
    assert done.headers["Location"] == address + "?gjort=sperret"
    (registration,) = BlockRegistration.objects.all()
    assert set(registration.blocks.values_list("entry_id", flat=True)) == {cast.anna.rows["note"], cast.anna.rows["medication"]}
    with open_gate(HOME, patient=cast.anna.id):
        assert not Medication.objects.filter(patient_id=cast.anna.id).exists()
    page = client.get(address).content.decode()
    assert "Alle på Hjemmesykepleien Ås nord" in page
    assert "Naboen arbeider der" in page
    lift = f"{address}{registration.id}/opphev/"
    assert client.post(lift, {"wish_of": " "}).status_code == 422
    assert client.post(lift, {"wish_of": "Pasienten"}).status_code == 302
    with open_gate(HOME, patient=cast.anna.id):
        assert Medication.objects.filter(patient_id=cast.anna.id).exists()
    assert client.get(address).context["ended"][0]["lift_wish_of"] == "Pasienten"
    assert [row["reason"] for row in log_rows(action="block_lift", patient_id=cast.anna.id)] == ["Pasienten"]
    assert [row["reason"] for row in log_rows(action="block_set", patient_id=cast.anna.id)] == ["Pasienten selv"]


@pytest.mark.parametrize(("changes", "field"), [
    ({"scope": ""}, "block-what"), ({"entry": []}, "block-entries"), ({"scope": "category"}, "field-category"),
    ({"scope": "document_type", "document_type": "unheard"}, "field-document_type"), ({"scope": "stay"}, "field-stay"),
    ({"scope": "record", "stretch": "period"}, "field-from"), ({"scope": "record", "stretch": "period", "from": "31.02.2026"}, "field-from"),
    ({"scope": "record", "stretch": "period", "from": "02.02.2026", "to": "01.02.2026"}, "field-to"), ({"target": ""}, "block-whom"),
    ({"unit": []}, "block-units"), ({"target": "user", "username": "ingen.slik"}, "field-username"), ({"target": "role"}, "field-role"),
    ({"wish_kind": "representative"}, "field-representative"), ({"wish_kind": "representative", "representative": "Lise"}, "field-basis"),
])  # fmt: skip
def test_a_form_that_says_too_little_is_sent_back_with_the_place_to_mend(client_for, cast, changes, field):
    answer = client_for(ADMIN).post(f"/sperringer/{cast.anna.id}/ny/", form(cast, **changes, **{"try": "1"}))
    assert answer.status_code == 422
    assert [error["field"] for error in answer.context["errors"]] == [field]
    assert not BlockRegistration.objects.exists()


# --- What a block leads to ---


def test_a_unit_that_treats_must_keep_someone_who_can_and_the_refusal_names_it(cast, open_gate):
    ward, home = cast.units["ward"], cast.units["aas_home"]
    nurse_only = Wish("record", "everyone", exceptions=({"user_id": cast[NURSE].id}, {"unit_id": home}))
    with open_gate(DOCTOR, patient=cast.anna.id) as gate:
        for wishes, units in (
            ([Wish("record", "unit", ward)], "Observasjonsposten"), ([Wish("record", "everyone")], "Hjemmesykepleien Ås nord; Observasjonsposten"),
            ([Wish("stay", "unit", ward, stay_id=cast.anna.rows["stay"])], "Observasjonsposten"),
        ):  # fmt: skip
            with pytest.raises(BlockError, match=f"av {units}, og"):
                blocks_set(gate=gate, patient=cast.anna.id, wishes=wishes, wish_of=PATIENT)
            assert blocks_try(gate=gate, patient=cast.anna.id, wishes=wishes, seen_as=None)["unable"] == units.split("; ")
        blocks_set(gate=gate, patient=cast.anna.id, wishes=[nurse_only], wish_of=PATIENT)
    assert readable(open_gate, DOCTOR, cast.anna.id) == set()
    assert cast.anna.rows["note"] in readable(open_gate, NURSE, cast.anna.id)
    with open_gate(NURSE, patient=cast.anna.id) as gate, pytest.raises(BlockError, match="av Observasjonsposten, og"):
        blocks_set(gate=gate, patient=cast.anna.id, wishes=[Wish("record", "user", cast[NURSE].id)], wish_of=PATIENT)


def test_one_whose_licence_or_role_has_ended_does_not_count_as_left(cast, open_gate):
    from access.models import Licence

    spared = Wish("record", "everyone", exceptions=({"user_id": cast[NURSE].id}, {"unit_id": cast.units["aas_home"]}))
    Licence.objects.filter(user_id=cast[NURSE].id).update(valid_to=datetime.now(UTC) - timedelta(hours=1))
    with open_gate(DOCTOR, patient=cast.anna.id) as gate, pytest.raises(BlockError, match="av Observasjonsposten, og"):
        blocks_set(gate=gate, patient=cast.anna.id, wishes=[spared], wish_of=PATIENT)


def test_parts_of_the_record_may_be_hidden_from_a_whole_unit(cast, open_gate):
    ward = cast.units["ward"]
    with open_gate(HOME, patient=cast.anna.id) as gate:
        past = Wish("record", "unit", ward, entries_to=gate.now)
        for wish in (Wish("category", "unit", ward, category=5), Wish("document_type", "unit", ward, document_type="nurse_note"), past):
            blocks_set(gate=gate, patient=cast.anna.id, wishes=[wish], wish_of=PATIENT)
    with open_gate(NURSE, patient=cast.anna.id):
        assert not Medication.objects.filter(patient_id=cast.anna.id).exists()


def test_looking_at_the_effect_keeps_nothing_and_tells_what_each_reader_loses(cast, open_gate):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        doctor = next(row for row in selectors.readers(cast.anna.id) if row["user_id"] == cast[DOCTOR].id)
        wishes = [Wish("entry", "user", cast[DOCTOR].id, entry_id=cast.anna.rows["criticalinfo"])]
        effect = blocks_try(gate=gate, patient=cast.anna.id, wishes=wishes, seen_as=doctor["authorisation_id"])
        assert effect["critical"] is True
        assert effect["hidden"] == 1
        assert [(g["person"], g["hidden"]) for g in effect["groups"] if g["hidden"]] == [("Jonas Amundsen", 1)]
        assert sum(line["hidden"] for line in effect["seen"]) == 1
        assert Note.objects.filter(patient_id=cast.anna.id).exists(), "the own grant is back"
        assert gates.call("something_blocked", cast.anna.id) is False
    assert AccessBlock.objects.filter(patient_id=cast.anna.id).count() == 1


def test_the_preview_of_another_reader_is_dates_and_units(cast, client_for, log_rows):
    client = client_for(ADMIN)
    reader = next(row for row in client.get(f"/sperringer/{cast.blocked.id}/slik-ser/").context["field"]["options"] if "Ingrid" in row["label"])
    page = client.get(f"/sperringer/{cast.blocked.id}/slik-ser/?som={reader['value']}")
    assert page.context["found"]["told"] is True
    assert any(line["hidden"] for line in page.context["found"]["seen"])
    assert not all(line["hidden"] for line in page.context["found"]["seen"])
    assert marker_of("blocked") not in page.content.decode()
    assert log_rows(action="block_preview", patient_id=cast.blocked.id)
