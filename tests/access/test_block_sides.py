"""Blocks at the patient: by one who treats, by the doctor who warns, in the letter, and for one from whom something is blocked."""

import json
from datetime import timedelta

import pytest
from django.db import connection

from access.domain.codes import Action
from access.models import AccessBlock, BlockOpening, BlockRegistration
from access.services.blocks import (
    BlockError,
    Wish,
    WishOf,
    block_assess,
    block_open,
    blocked_entries,
    blocks_lift,
    blocks_set,
    openings_close,
)
from journal.models import Medication, Note
from tests.access.blocking import ADMIN, DOCTOR, HOME, NURSE, PATIENT, readable, refused, set_block
from tests.cast import marker_of

pytestmark = pytest.mark.django_db


# --- One who treats ---


def test_one_who_treats_registers_and_one_who_is_hit_is_not_told_more_nor_lifts(cast, open_gate, client_for):
    block = set_block(open_gate, HOME, cast.kari.id, Wish("entry", "user", cast["aas.saksbehandler"].id, entry_id=cast.kari.rows["nextofkin"]))
    listed = client_for(HOME).get(f"/pasient/{cast.kari.id}/sperringer/").context["in_force"]
    assert [one["id"] for one in listed] == [block]
    hit = client_for("aas.saksbehandler")
    page = hit.get(f"/pasient/{cast.kari.id}/sperringer/")
    assert page.context["in_force"] == []
    assert "Noe er sperret for deg." in page.content.decode()
    for act in ("opphev", "brev"):
        assert hit.get(f"/pasient/{cast.kari.id}/sperringer/{block}/{act}/").status_code == 404
    with open_gate("aas.saksbehandler", patient=cast.kari.id) as gate, pytest.raises(BlockError):
        blocks_lift(gate=gate, patient=cast.kari.id, registration=block, wish_of="Pasienten")
    assert AccessBlock.objects.get(registration=block).valid_to is None


def test_only_things_and_readers_that_exist_can_be_blocked(cast, open_gate):
    foreign = [
        Wish("entry", "unit", cast.units["ward"], entry_id=cast.kari.rows["note"]), Wish("stay", "unit", cast.units["ward"], stay_id=cast.kari.rows["stay"]),
        Wish("record", "user", cast.units["ward"]), Wish("record", "unit", cast[NURSE].id), Wish("entry", "unit", cast.units["ward"]),
        Wish("record", "unit"), Wish("everything", "unit", cast.units["ward"]),
    ]  # fmt: skip
    with open_gate(DOCTOR, patient=cast.anna.id) as gate:
        for wish in foreign:
            with pytest.raises(BlockError):
                blocks_set(gate=gate, patient=cast.anna.id, wishes=[wish], wish_of=PATIENT)
    assert not BlockRegistration.objects.exists()


def test_one_who_does_not_treat_registers_nothing(cast, open_gate):
    what = '[{"scope": "record", "target": "everyone"}]'
    with open_gate("frogn.hjemmesykepleier"):
        assert refused("blocks_set", cast.anna.id, what, PATIENT.as_json()) == "42501"
        assert refused("blocks_of", cast.anna.id) == "42501"
        assert refused("block_readers", cast.anna.id) == "42501"
    with open_gate(ADMIN):
        assert refused("blocks_set", cast.anna.id, what, PATIENT.as_json()) == "42501", "not before the patient is opened and logged"


def test_a_block_follows_a_medicine_that_is_changed_again_and_again(cast, open_gate):
    from journal.services import clinical

    first = cast.anna.rows["medication"]

    def change(key, dose):
        with open_gate(DOCTOR, patient=cast.anna.id, action=Action.WRITE) as gate:
            row = Medication.objects.get(pk=key)
            return clinical.medication_change(gate=gate, row=row, values={"dose": dose}, lock_version=row.lock_version).pk

    second = change(first, "2 tabletter")
    set_block(open_gate, DOCTOR, cast.anna.id, Wish("entry", "unit", cast.units["aas_home"], entry_id=second))
    third = change(change(second, "3 tabletter"), "4 tabletter")
    with open_gate(HOME, patient=cast.anna.id):
        assert not Medication.objects.filter(patient_id=cast.anna.id).exists()
    with open_gate(DOCTOR, patient=cast.anna.id):
        assert Medication.objects.filter(pk=third).exists()


def test_a_block_against_a_municipality_follows_those_who_took_over(cast, open_gate):
    from access.models import LegalEntity

    ski, aas = cast.entities["ski"], cast.entities["aas"]
    LegalEntity.objects.filter(pk=ski).update(successor_id=aas)
    note = cast.kari.rows["note"]
    assert note in readable(open_gate, HOME, cast.kari.id)
    AccessBlock.objects.create(
        patient_id=cast.kari.id, scope="entry", entry_id=note, target="legal_entity", target_id=ski, wish_of="Pasienten",
        registered_at="2018-01-01T00:00Z", valid_from="2018-01-01T00:00Z",
    )  # fmt: skip
    assert note not in readable(open_gate, HOME, cast.kari.id)


# --- The doctor, and the letter ---


def test_a_doctor_warns_and_does_not_decide(cast, open_gate, client_for):
    block = set_block(open_gate, HOME, cast.anna.id, Wish("category", "unit", cast.units["aas_home"], category=5))
    address = f"/pasient/{cast.anna.id}/sperringer/{block}/vurdering/"
    sent = {"patient": str(cast.anna.id), "may_harm": "1", "consequences": "Hjemmesykepleien ser ikke warfarin.", "patient_told": "1"}
    assert client_for(NURSE).post(address, sent).status_code == 403
    assert client_for(DOCTOR).post(address, sent | {"consequences": "Ja"}).status_code == 422
    assert client_for(DOCTOR).post(address, sent).status_code == 302
    treats = client_for(NURSE).get(f"/pasient/{cast.anna.id}/sperringer/").content.decode()
    assert "Hjemmesykepleien ser ikke warfarin." in treats
    admin = client_for(ADMIN).get(f"/sperringer/{cast.anna.id}/").content.decode()
    assert "Kan få følger for behandlingen" in admin
    assert "warfarin" not in admin
    assert AccessBlock.objects.get(registration=block).valid_to is None
    with open_gate(NURSE, patient=cast.anna.id):
        assert refused("block_assess", cast.anna.id, block, True, "Noe", False) == "42501"
    with open_gate(DOCTOR, patient=cast.anna.id) as gate, pytest.raises(BlockError):
        block_assess(
            gate=gate, patient=cast.anna.id, registration=cast.anna.id, may_harm=False, consequences="Ingen følger ventes", patient_told=False
        )


@pytest.fixture
def letters(monkeypatch) -> list[str]:
    """What went into each letter, which is typeset all the same."""
    from access.services import block_letter
    from lms_epj.core.pdf import typeset

    texts: list[str] = []

    def kept(template, data):
        texts.append(json.dumps(data, ensure_ascii=False))
        return typeset(template, data)

    monkeypatch.setattr(block_letter, "typeset", kept)
    return texts


def test_the_letter_tells_the_patient_and_is_logged(cast, open_gate, client_for, log_rows, letters):
    block = set_block(
        open_gate, DOCTOR, cast.anna.id, Wish("entry", "unit", cast.units["aas_home"], entry_id=cast.anna.rows["note"]), reason="Vil ikke"
    )
    for client, address in ((client_for(ADMIN), f"/sperringer/{cast.anna.id}"), (client_for(DOCTOR), f"/pasient/{cast.anna.id}/sperringer")):
        answer = client.get(f"{address}/{block}/brev/")
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF")
    assert len(letters) == 2
    for text in letters:
        assert "Sperring i journalen din" in text
        assert "Alle på Hjemmesykepleien Ås nord" in text
        assert f"{marker_of('anna')} note" not in text
        assert f"{marker_of('anna')} vei 1" in text
    assert len(log_rows(action="block_letter", patient_id=cast.anna.id)) == 2


def test_what_people_write_is_never_markup_in_a_letter(cast, open_gate, client_for, letters):
    with open_gate(DOCTOR, patient=cast.anna.id) as gate:
        wish = Wish("entry", "unit", cast.units["aas_home"], entry_id=cast.anna.rows["note"])
        odd = WishOf('Lise #panic("x") ]#panic("y") $x$ \\ "', kind="representative")
        block = blocks_set(gate=gate, patient=cast.anna.id, wishes=[wish], wish_of=odd)
    answer = client_for(DOCTOR).get(f"/pasient/{cast.anna.id}/sperringer/{block}/brev/")
    assert answer.status_code == 200
    assert "#panic" in letters[0]


# --- One from whom something is blocked ---


def test_what_is_blocked_is_opened_one_by_one_for_a_time_and_logged(cast, open_gate, set_clock, log_rows):
    note, why = cast.blocked.rows["note"], "Pasienten ber meg lese det"
    with open_gate(NURSE, patient=cast.blocked.id) as gate:
        start = gate.now
        with pytest.raises(BlockError):
            blocked_entries(gate=gate, patient=cast.blocked.id, basis="consent", reason="Ja")
        found = {row["entry_id"] for row in blocked_entries(gate=gate, patient=cast.blocked.id, basis="consent", reason=why)}
        assert note in found
        assert cast.blocked.rows["criticalinfo"] not in found
        assert cast.blocked.rows["draft"] not in found
        assert cast.blocked.rows["noteversion"] not in found
        block_open(gate=gate, patient=cast.blocked.id, entry=note, basis="consent", reason=why)
        assert list(Note.objects.filter(patient_id=cast.blocked.id)) == [Note(id=note)]
        assert not Medication.objects.filter(patient_id=cast.blocked.id).exists()
    (listed,) = log_rows(action="blocked_list", patient_id=cast.blocked.id)
    (opened,) = log_rows(action="open_blocked", patient_id=cast.blocked.id)
    assert listed["reason"] == opened["reason"] == why
    opening = BlockOpening.objects.get()
    assert opened["opening_id"] == opening.id
    assert opening.unit_id == cast.units["ward"]
    assert readable(open_gate, DOCTOR, cast.blocked.id) == set()
    set_clock(start + timedelta(minutes=61))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE access_session SET last_seen_at = gate.clock()")
    assert readable(open_gate, NURSE, cast.blocked.id) == set()


def test_an_opening_is_closed_by_the_one_who_opened(cast, open_gate):
    with open_gate(NURSE, patient=cast.blocked.id) as gate:
        block_open(gate=gate, patient=cast.blocked.id, entry=cast.blocked.rows["note"], basis="weighty", reason="Akutt forvirret, må vite hvorfor")
    with open_gate(DOCTOR, patient=cast.blocked.id) as gate:
        assert openings_close(gate=gate, patient=cast.blocked.id) == 0
    with open_gate(NURSE, patient=cast.blocked.id) as gate:
        assert openings_close(gate=gate, patient=cast.blocked.id) == 1
    assert readable(open_gate, NURSE, cast.blocked.id) == set()


def test_the_reader_learns_once_that_something_is_blocked_and_opens_by_screen(cast, client_for):
    client, address = client_for(NURSE), f"/pasient/{cast.blocked.id}"
    page = client.get(f"{address}/").content.decode()
    assert page.count("Noe er sperret for deg.") == 1
    assert f"{address}/sperret/" in page
    asked = client.get(f"{address}/sperret/").content.decode()
    assert str(cast.blocked.rows["note"]) not in asked
    sent = {"patient": str(cast.blocked.id), "basis": "consent", "reason": "Pasienten samtykker nå"}
    assert client.post(f"{address}/sperret/", sent | {"basis": ""}).status_code == 422
    found = client.post(f"{address}/sperret/", sent).content.decode()
    assert str(cast.blocked.rows["note"]) in found
    assert marker_of("blocked") + " note" not in found
    opened = client.post(f"{address}/sperret/apne/", sent | {"entry": str(cast.blocked.rows["note"])})
    assert opened.headers["Location"] == f"{address}/journal/{cast.blocked.rows['note']}/"
    read = client.get(opened.headers["Location"]).content.decode()
    assert f"{marker_of('blocked')} note" in read
    assert "Sperret opplysning er åpnet for deg" in read
    assert client.post(f"{address}/sperret/lukk/", sent).status_code == 302
    assert client.get(opened.headers["Location"]).status_code == 404


# --- What stands in law is data ---


def test_a_legal_ground_is_corrected_on_screen_and_logged(client_for, cast, log_rows):
    client = client_for(ADMIN)
    sent = {"code": "object", "name": "Retten til å motsette seg deling", "reference": "helsepersonelloven § 23", "in_use": "1"}
    assert client.post("/sperringer/hjemler/", sent).status_code == 302
    assert "helsepersonelloven § 23" in client.get(f"/sperringer/{cast.anna.id}/ny/").content.decode()
    assert client.post("/sperringer/hjemler/", sent | {"name": " "}).status_code == 422
    assert [row["reason"] for row in log_rows(action="legal_ground")] == ["Retten til å motsette seg deling, helsepersonelloven § 23"]
