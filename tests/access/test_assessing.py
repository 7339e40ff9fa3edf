"""«Sperringer å vurdere», and the way from a note to its block."""

from datetime import timedelta
from uuid import uuid4

import pytest

from access.models import AccessBlock, BlockAssessment
from access.services.blocks import Wish, blocks_set
from journal.models import Note
from tests.access.blocking import DOCTOR, HOME, NURSE, PATIENT, refused, set_block

pytestmark = pytest.mark.django_db
PAGE = "/sperringer/vurdering/"


def test_the_doctor_sees_what_waits_with_its_number_and_a_line_in_the_log(cast, open_gate, client_for, log_rows):
    block = set_block(open_gate, HOME, cast.anna.id, Wish("category", "unit", cast.units["aas_home"], category=5))
    client = client_for(DOCTOR)
    page = client.get(PAGE).content.decode()
    assert cast.anna.family_name in page
    assert f"/pasient/{cast.anna.id}/sperringer/{block}/vurdering/" in page
    assert 'epj-rail__count">1<' in client.get("/pasienter/").content.decode()
    assert log_rows(route="blocks_to_assess", patient_id=cast.anna.id, outcome="allow")
    sent = {"patient": str(cast.anna.id), "may_harm": "0", "consequences": "Ingen følger ventes for behandlingen.", "patient_told": "1"}
    assert client.post(f"/pasient/{cast.anna.id}/sperringer/{block}/vurdering/", sent).status_code == 302
    assert "Ingen sperringer venter" in client.get(PAGE).content.decode()
    assert "epj-rail__count" not in client.get("/pasienter/").content.decode()
    assert BlockAssessment.objects.filter(registration=block).count() == 1


def test_it_waits_for_doctors_of_the_units_that_have_the_patient(cast, open_gate, client_for):
    set_block(open_gate, HOME, cast.kari.id, Wish("category", "unit", cast.units["aas_home"], category=10))
    assert "Ingen sperringer venter" in client_for(DOCTOR).get(PAGE).content.decode()
    for other in (NURSE, "tilgang.admin", "lms.leder"):
        assert client_for(other).get(PAGE).status_code == 404
    with open_gate(NURSE):
        assert refused("blocks_to_assess") == "42501"


def test_one_who_is_hit_is_not_told_that_something_waits(cast, open_gate, client_for):
    before = client_for(DOCTOR).get(PAGE).content.decode()
    set_block(open_gate, HOME, cast.anna.id, Wish("entry", "user", cast[DOCTOR].id, entry_id=cast.anna.rows["note"]))
    after = client_for(DOCTOR).get(PAGE).content.decode()
    assert "Ingen sperringer venter" in before
    assert "Ingen sperringer venter" in after
    assert "epj-rail__count" not in after


def test_a_page_of_refusal_is_drawn_without_the_number(cast, client_for):
    refused = client_for(DOCTOR).get(f"/pasient/{cast.anna.id}/journal/{cast.units['ward']}/")
    assert refused.status_code == 404
    assert "Fant ikke siden" in refused.content.decode()


def test_a_lifted_block_waits_no_more(cast, open_gate, client_for):
    block = set_block(open_gate, HOME, cast.anna.id, Wish("category", "unit", cast.units["aas_home"], category=5))
    AccessBlock.objects.filter(registration=block).update(valid_to="2026-01-01T00:00Z", valid_from="2026-01-01T00:00Z")
    assert "Ingen sperringer venter" in client_for(DOCTOR).get(PAGE).content.decode()


def test_a_note_leads_to_its_block_however_old_it_is(cast, open_gate, client_for, monkeypatch):
    from access.selectors import blocks

    note = Note.objects.get(pk=cast.anna.rows["note"])
    monkeypatch.setattr(blocks, "ENTRIES", 1)
    newer = Note.objects.get(pk=note.pk)
    newer.pk, newer.origin_id, newer.event_at = uuid4(), None, note.event_at + timedelta(minutes=5)
    newer.save(force_insert=True)
    client, address = client_for(NURSE), f"/pasient/{cast.anna.id}/sperringer/ny/"
    assert f"{address}?innslag={note.pk}" in client.get(f"/pasient/{cast.anna.id}/journal/{note.pk}/").content.decode()
    assert f'value="{note.pk}" checked' in client.get(f"{address}?innslag={note.pk}").content.decode()
    assert "checked" not in client.get(f"{address}?innslag=tull").content.decode().split('id="block-entries"')[1].split("</div>")[0]
    sent = {"patient": str(cast.anna.id), "scope": "entry", "entry": str(note.pk), "target": "unit", "unit": str(cast.units["aas_home"])}
    assert f'value="{note.pk}" checked' in client.post(address, sent | {"try": "1"}).content.decode()
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        assert blocks_set(gate=gate, patient=cast.anna.id, wish_of=PATIENT, wishes=[Wish("entry", "unit", cast.units["aas_home"], entry_id=note.pk)])
