"""Notes from draft to correction: no text is lost, nothing signed is rewritten."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from access.domain.codes import Action
from access.models import DocumentType
from journal.models import Note, NoteVersion
from journal.selectors.timeline import Filter, notes_page
from journal.services import notes
from journal.services.errors import Conflict, JournalError

pytestmark = pytest.mark.django_db
NURSE, DOCTOR, HELPER = "lms.sykepleier", "lms.lege", "lms.helsefag"


def isbar() -> DocumentType:
    return DocumentType.objects.get(code="nurse_isbar")


def write(gate, cast, content, kind="nurse_isbar", **more):
    kind = DocumentType.objects.get(code=kind)
    return notes.note_autosave(gate=gate, patient=cast.anna.id, document_type=kind, content=content, event_at=more.pop("event_at", gate.now), **more)


def signed(gate, cast, text="Som hun var"):
    return notes.note_sign(gate=gate, note=write(gate, cast, {"situation": text, "assessment": "Stabil"}))


def test_draft_is_updated_in_place_and_only_its_author_sees_it(cast, open_gate):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        first = write(gate, cast, {"situation": "Tung i pusten"})
        again = write(gate, cast, {"situation": "Tung i pusten, sitter"}, note_id=first.id, lock_version=1)
        assert (again.id, again.lock_version, again.mark) == (first.id, 2, "S")
    with open_gate(DOCTOR, patient=cast.anna.id):
        assert not Note.objects.filter(pk=first.id).exists()


def test_two_windows_keep_both_texts(cast, open_gate):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        first = write(gate, cast, {"situation": "Fra det ene vinduet"})
        with pytest.raises(Conflict) as refused:
            write(gate, cast, {"situation": "Fra det andre vinduet"})
        assert refused.value.theirs.content["situation"] == "Fra det ene vinduet"
        assert Note.objects.get(pk=first.id).content["situation"] == "Fra det ene vinduet"
        merged = write(gate, cast, {"situation": "Begge"}, lock_version=refused.value.theirs.lock_version)
        assert merged.id == first.id


def test_an_answer_that_was_lost_is_no_conflict(cast, open_gate):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        first = write(gate, cast, {"situation": "Samme tekst"})
        assert write(gate, cast, {"situation": "Samme tekst"}).id == first.id


def test_event_time_is_kept_beside_recording_time_and_is_never_ahead(cast, open_gate):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        earlier = gate.now - timedelta(hours=3)
        note = write(gate, cast, {"situation": "I morges"}, event_at=earlier)
        assert (note.event_at, note.recorded_at) == (earlier, gate.now)
        with pytest.raises(JournalError, match="fram i tid"):
            write(gate, cast, {"situation": "I kveld"}, event_at=gate.now + timedelta(minutes=1), note_id=note.id, lock_version=1)


def test_signing_asks_for_required_sections_and_keeps_the_draft(cast, open_gate):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        draft = write(gate, cast, {"situation": "Bare dette"})
        with pytest.raises(JournalError) as refused:
            notes.note_sign(gate=gate, note=draft)
        assert list(refused.value.fields) == ["section.assessment"]
        assert Note.objects.get(pk=draft.id).state == "DRAFT"


def test_signed_note_stands_with_its_version(cast, open_gate):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        note = signed(gate, cast)
        version = NoteVersion.objects.get(note=note)
        assert (note.state, note.signed_by_id, note.version, version.content) == ("SIGNED", gate.user_id, 1, note.content)
        with pytest.raises(DatabaseError), transaction.atomic():
            Note.objects.filter(pk=note.pk).update(content={"situation": "Omskrevet"})
        with pytest.raises(JournalError):
            write(gate, cast, {"situation": "For sent"}, note_id=note.id, lock_version=2)


def test_correction_is_a_new_version_and_the_old_one_is_readable(cast, open_gate):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        note = signed(gate, cast, "Høyre arm")
        assert notes.correction_draft(gate, note)._state.adding
        new = {"situation": "Venstre arm", "assessment": "Stabil"}
        draft = write(gate, cast, new, corrects=note)
        with pytest.raises(JournalError) as refused:
            notes.note_sign(gate=gate, note=draft)
        assert refused.value.code == "reason_missing"
        draft = write(gate, cast, new, corrects=note, note_id=draft.id, lock_version=1, reason="Feil side")
        corrected = notes.note_sign(gate=gate, note=draft)
        texts = list(NoteVersion.objects.filter(note=note).order_by("number").values_list("content__situation", "reason"))
        assert texts == [("Høyre arm", ""), ("Venstre arm", "Feil side")]
        assert (corrected.version, corrected.corrected_at, corrected.signed_at) == (2, gate.now, note.signed_at)
        assert not Note.objects.filter(pk=draft.pk).exists()


def test_confirmed_note_is_read_by_colleagues_and_signed_by_its_author(cast, open_gate):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        note = notes.note_confirm(gate=gate, note=write(gate, cast, {"situation": "Foreløpig"}))
    with open_gate(DOCTOR, patient=cast.anna.id) as gate:
        assert Note.objects.get(pk=note.pk).state == "CONFIRMED"
        with pytest.raises(PermissionDenied):
            notes.note_sign(gate=gate, note=Note.objects.get(pk=note.pk))
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        draft = write(gate, cast, {"situation": "Endelig", "assessment": "Stabil"}, corrects=note)
        done = notes.note_sign(gate=gate, note=draft)
        assert (done.state, done.version, done.content["situation"]) == ("SIGNED", 2, "Endelig")


def test_helper_needs_a_cosignature_by_another(cast, open_gate):
    with open_gate(HELPER, patient=cast.anna.id) as gate:
        note = notes.note_sign(gate=gate, note=write(gate, cast, {"text": "Stell utført"}, kind="nurse_note"))
        assert note.needs_cosign
        with pytest.raises(PermissionDenied):
            notes.note_cosign(gate=gate, note=note)
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        done = notes.note_cosign(gate=gate, note=Note.objects.get(pk=note.pk))
        assert (done.state, done.cosigned_by_id, done.signed_by_id) == ("COSIGNED", gate.user_id, note.signed_by_id)


def test_role_writes_its_own_document_types_only(cast, open_gate):
    with open_gate(NURSE, patient=cast.anna.id) as gate, pytest.raises(PermissionDenied):
        write(gate, cast, {"findings": "Ronki"}, kind="doctor_daily")
    with open_gate(NURSE, patient=cast.anna.id) as gate, pytest.raises(PermissionDenied):
        write(gate, cast, {"observation": "Besøk"}, kind="doctor_discharge")


def test_discard_takes_drafts_only(cast, open_gate):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        draft = write(gate, cast, {"situation": "Skal bort"})
        notes.note_discard(gate=gate, note=draft)
        assert not Note.objects.filter(pk=draft.pk).exists()
        with pytest.raises(JournalError):
            notes.note_discard(gate=gate, note=signed(gate, cast))


def test_pages_by_keyset_give_each_note_once(cast, open_gate):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        for number in range(7):
            notes.note_sign(
                gate=gate, note=write(gate, cast, {"situation": str(number), "assessment": "x"}, event_at=gate.now - timedelta(hours=number // 2))
            )
        seen, cursor = [], ""
        while True:
            page, cursor = notes_page(cast.anna.id, Filter(), cursor, size=3)
            seen += [note.pk for note in page]
            if not cursor:
                break
        assert seen == list(Note.objects.order_by("-event_at", "-pk").values_list("pk", flat=True))
        assert len(seen) == len(set(seen)) >= 8
        assert notes_page(cast.anna.id, Filter(), "tull")[0][0].pk == seen[0]


def test_autosave_answers_with_both_texts_on_conflict(cast, client_for):
    client = client_for(NURSE)
    url = f"/pasient/{cast.anna.id}/journal/kladd/nurse_isbar/"
    form = {"patient": cast.anna.id, "actor": cast[NURSE].id, "event_at": "00:00", "lock_version": "0", "note": ""}
    first = client.post(url, {**form, "section.situation": "Det ene"})
    assert first.status_code == 200
    assert json.loads(first.content)["lock_version"] == 1
    second = client.post(url, {**form, "section.situation": "Det andre", "base": json.dumps({"situation": "Før"})})
    text = second.content.decode()
    assert second.status_code == 409
    assert all(words in text for words in ("Det ene", "Det andre", "Før"))


def test_form_of_another_patient_saves_nothing(cast, client_for):
    client = client_for(NURSE)
    form = {"patient": cast.blocked.id, "actor": cast[NURSE].id, "event_at": "00:00", "section.situation": "Feil pasient"}
    assert client.post(f"/pasient/{cast.anna.id}/journal/kladd/nurse_isbar/", form).status_code == 409
    assert not Note.objects.filter(content__situation="Feil pasient").exists()


def test_refused_signature_keeps_the_text_on_the_page(cast, client_for):
    client = client_for(NURSE)
    form = {"patient": cast.anna.id, "actor": cast[NURSE].id, "event_at": "25:99", "section.situation": "Min lange tekst"}
    answer = client.post(f"/pasient/{cast.anna.id}/journal/signer/nurse_isbar/", form)
    assert answer.status_code == 422
    assert "Min lange tekst" in answer.content.decode()


def test_cosigning_is_by_post_from_one_who_may_sign(cast, open_gate, client_for):
    with open_gate(HELPER, patient=cast.anna.id, action=Action.WRITE) as gate:
        note = notes.note_sign(gate=gate, note=write(gate, cast, {"text": "Stell"}, kind="nurse_note"))
    url = f"/pasient/{cast.anna.id}/journal/{note.pk}/kontrasigner/"
    client = client_for(NURSE)
    assert client.get(url).status_code == 405
    assert client.post(url, {"patient": cast.anna.id, "actor": cast[NURSE].id}).status_code == 302
    note.refresh_from_db()
    assert note.state == "COSIGNED"
