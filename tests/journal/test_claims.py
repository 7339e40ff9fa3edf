"""Correction, deletion and wrong patient as three acts (3.6): decided by whom the law names, told to those who read, and what is deleted is gone."""

from contextlib import contextmanager
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from access import gate as gates
from access.domain.codes import Action
from access.gate import call, rows
from access.models import DocumentType, Patient
from auditlog.models import AccessLogEntry
from journal.models import Note, NoteNotice, NoteVersion, RecordClaim
from journal.selectors import claims as selectors
from journal.services import claims, notes
from journal.services.claim_letter import letter as letter_of
from journal.services.claims import Decision
from journal.services.errors import Conflict, JournalError
from messaging.models import Message
from telemed.models import BookingPatient
from tests.journal.on_paper import press, words

pytestmark = pytest.mark.django_db
NURSE, DOCTOR, CUSTODIAN, HOME = "lms.sykepleier", "lms.lege", "journalansvarlig", "aas.hjemmesykepleier"
WORD = "Slettemerkeord: påstand om rus som ikke stemmer"
GRANT = Decision(True, "burden", "Vilkårene er oppfylt", "Brev 23.11.", "Forfatteren er enig", weighed=True)
MOVE = Decision(True, "wrong_patient", "Feil pasient", "Samtale", "Forfatteren oppdaget det")


@pytest.fixture(autouse=True)
def _no_draft_yet(cast):
    """The cast's nurses have a draft of this kind already."""
    Note.objects.filter(state="DRAFT").exclude(patient_id=cast.former.id).delete()


def write(gate, patient, text=WORD, kind="nurse_note"):
    draft = notes.note_autosave(
        gate=gate, patient=patient, document_type=DocumentType.objects.get(code=kind), content={"text": text}, event_at=gate.now
    )
    return notes.note_sign(gate=gate, note=draft)


@pytest.fixture
def note(cast, open_gate):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        return write(gate, cast.anna.id)


def demand(open_gate, note, kind="deletion", user=NURSE, **more):
    with open_gate(user, patient=note.patient_id) as gate:
        return claims.claim_register(gate=gate, note=Note.objects.get(pk=note.pk), kind=kind, wish_of="patient", text=f"Vil ha bort {WORD}", **more)


@contextmanager
def custodian(cast, as_app, purpose="record_claims"):
    """The custodian's request, for the purpose the route gives."""
    request = gates.Request(action="search", route="custodian_claim", purpose=purpose)
    with as_app(), gates.enter(cast[CUSTODIAN].secret, request, action=Action.SEARCH) as one:
        yield one


def decide(cast, as_app, claim, decision, **purpose):
    with custodian(cast, as_app, **purpose) as gate:
        return claims.claim_decide(gate=gate, claim=claim.pk, kind=claim.kind, wish_of=claim.wish_of, decision=decision)


def everywhere(word):
    """Tables of the whole database with a row that says the word, in whatever column."""
    found = set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')")
        for (table,) in cursor.fetchall():
            cursor.execute(
                f"SELECT EXISTS (SELECT 1 FROM {table} t WHERE t::text LIKE %s OR t::text LIKE %s)", [f"%{word}%", f"%{word.encode().hex()}%"]
            )
            if cursor.fetchone()[0]:
                found.add(table)
    return found


def seen_by(client_for, user, patient, note):
    assert client_for(user).get(f"/pasient/{patient}/journal/{note.pk}/").status_code == 200


def test_deleted_is_gone_everywhere_and_a_trace_without_content_is_left(cast, open_gate, as_app, note, client_for):
    with open_gate(DOCTOR, patient=cast.anna.id) as gate, pytest.raises(PermissionDenied):
        claims.claim_register(gate=gate, note=Note.objects.get(pk=note.pk), kind="deletion", wish_of="patient", text="x")
    seen_by(client_for, DOCTOR, cast.anna.id, note)
    BookingPatient.objects.filter(pk=cast.anna.rows["bookingpatient"]).update(note=note.pk)
    claim = demand(open_gate, note)
    word = "Slettemerkeord"
    assert everywhere(word) == {"public.journal_note", "public.journal_noteversion", "public.journal_recordclaim"}
    assert decide(cast, as_app, claim, GRANT) == "erased"
    assert everywhere(word) == set()
    claim.refresh_from_db()
    assert BookingPatient.objects.get(pk=cast.anna.rows["bookingpatient"]).note_id is None, "the session it was written of stays without it"
    assert (claim.state, claim.text, claim.decided_by_id, bool(claim.erased_at)) == ("granted", "", cast[CUSTODIAN].id, True)
    nurse = client_for(NURSE)
    assert nurse.get(f"/pasient/{cast.anna.id}/journal/{note.pk}/").status_code == 404
    page = nurse.get(f"/pasient/{cast.anna.id}/journal/krav/").content.decode()
    assert "Notatet er slettet. Innholdet finnes ikke lenger." in page and "Vilkårene er oppfylt" in page


def test_what_was_sent_is_emptied_here_and_told_of_as_receiver_and_day(cast, open_gate, as_app, note, client_for):
    common = {
        "direction": "out", "title": "Helseopplysninger", "sha256": b"x", "transport": "files", "receiver_name": "Fastlegen", "patient_id": cast.anna.id,
        "category_id": note.category_id, "document_type_id": note.document_type_id, "unit_id": cast.units["ward"], "legal_entity_id": cast.entities["lms"],
        "author_id": cast[NURSE].id, "event_at": note.event_at, "recorded_at": note.recorded_at,
    }  # fmt: skip
    quoting = Message.objects.create(**common, msg_id="1", state="sent", sent_at=note.recorded_at, raw=f"<t>{WORD}</t>".encode())
    queued = Message.objects.create(**common, msg_id="2", state="queued", raw=b"<t>noe annet</t>", origin_id=note.pk)
    other = Message.objects.create(**common, msg_id="3", state="sent", sent_at=note.recorded_at, raw=b"<t>om noe helt annet</t>")
    claim = demand(open_gate, note)
    with custodian(cast, as_app) as gate:
        told = [one["text"] for one in selectors.custodian_claim(gate, claim.pk)["copies_now"]]
    assert told == ["Melding sendt til Fastlegen", "Melding til Fastlegen, ikke sendt: holdes tilbake"]
    decide(cast, as_app, claim, GRANT)
    assert everywhere("Slettemerkeord") == set()
    assert [(bytes(one.raw), one.state) for one in Message.objects.filter(pk__in=[quoting.pk, queued.pk]).order_by("msg_id")] == [
        (b"", "sent"),
        (b"", "held"),
    ]
    assert bytes(Message.objects.get(pk=other.pk).raw).endswith(b"annet</t>")
    page = client_for(NURSE).get(f"/pasient/{cast.anna.id}/meldinger/{quoting.pk}/").content.decode()
    assert "Innholdet er slettet herfra etter vedtak" in page
    with pytest.raises(DatabaseError), transaction.atomic():
        Message.objects.filter(pk=other.pk).update(raw=b"")


def test_those_who_had_read_it_are_told_and_say_that_they_have_seen_it(cast, open_gate, as_app, note, client_for):
    seen_by(client_for, DOCTOR, cast.anna.id, note)
    decide(cast, as_app, demand(open_gate, note), GRANT)
    assert {one.user_id for one in NoteNotice.objects.filter(note_id=note.pk)} == {cast[DOCTOR].id, cast[NURSE].id}
    doctor = client_for(DOCTOR)
    page = doctor.get("/notater/").content.decode()
    assert "er slettet etter vedtak. Bygg ikke på det du leste." in page and cast.anna.family_name in page
    notice = NoteNotice.objects.get(user_id=cast[DOCTOR].id)
    other = client_for(NURSE)
    other.post(f"/notater/varsel/{notice.pk}/sett/", {"actor": cast[NURSE].id})
    notice.refresh_from_db()
    assert notice.seen_at is None, "nobody sees it for another"
    doctor.post(f"/notater/varsel/{notice.pk}/sett/", {"actor": cast[DOCTOR].id})
    assert "slettet etter vedtak" not in doctor.get("/notater/").content.decode()


def test_refused_stands_with_its_reason_and_the_patient_gets_a_letter(cast, open_gate, as_app, note, client_for):
    claim = demand(open_gate, note)
    refusal = Decision(
        False, reason="Opplysningen er nødvendig for behandlingen", told="Brev 23.11. med klageadgang", heard="Forfatteren mener den stemmer"
    )
    assert decide(cast, as_app, claim, refusal) == "refused"
    assert Note.objects.filter(pk=note.pk).exists()
    claim.refresh_from_db()
    assert claim.text.startswith("Vil ha bort") and claim.decision == refusal.reason
    page = client_for(NURSE).get(f"/pasient/{cast.anna.id}/journal/krav/{claim.pk}/").content.decode()
    assert "Avslått" in page and refusal.reason in page and "Brev til pasienten" in page
    letter = client_for(NURSE).get(f"/pasient/{cast.anna.id}/journal/krav/{claim.pk}/brev/")
    assert letter.content.startswith(b"%PDF")
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        words = str(letter_of(Patient.objects.get(pk=cast.anna.id), RecordClaim.objects.get(pk=claim.pk), gate))
    assert "Klage til statsforvalteren" in words and refusal.reason in words and WORD not in words


@pytest.mark.parametrize(("change", "field"), [
    ({"ground": ""}, "ground"), ({"reason": " "}, "reason"), ({"told": ""}, "told"), ({"heard": ""}, "heard"), ({"weighed": False}, "weighed"),
])  # fmt: skip
def test_a_deletion_asks_for_all_that_the_law_asks_for(cast, open_gate, as_app, note, change, field):
    claim = demand(open_gate, note)
    with pytest.raises(JournalError) as refused:
        decide(cast, as_app, claim, replace(GRANT, **change))
    assert list(refused.value.fields) == [field]
    assert Note.objects.filter(pk=note.pk).exists()


def test_only_the_custodian_for_this_purpose_decides_and_each_look_is_logged(cast, open_gate, as_app, note):
    claim = demand(open_gate, note)
    for user in (NURSE, DOCTOR, "lms.leder", "tilgang.admin"):
        with open_gate(user) as gate, pytest.raises(PermissionDenied):
            claims.claim_decide(gate=gate, claim=claim.pk, kind=claim.kind, wish_of=claim.wish_of, decision=GRANT)
    with pytest.raises(PermissionDenied):
        decide(cast, as_app, claim, GRANT, purpose="case_review")
    with custodian(cast, as_app) as gate:
        assert [row["claim_id"] for row in selectors.custodian_claims(gate, waiting=True)] == [claim.pk]
        told = selectors.custodian_claim(gate, claim.pk)
        assert told["note"]["sections"] == [("Notat", WORD)] and told["note"]["author"] == "Ingrid Solberg Haugen"
    assert AccessLogEntry.objects.filter(action="record_claim", patient_id=cast.anna.id, user_id=cast[CUSTODIAN].id).exists()


def test_wrong_patient_takes_the_note_to_the_right_record_with_all_it_had(cast, open_gate, as_app, note, client_for):
    with open_gate(NURSE, patient=cast.anna.id) as gate, pytest.raises(DatabaseError), transaction.atomic():
        claims.claim_register(gate=gate, note=note, kind="wrong_patient", wish_of="own", text="Feil", right_patient=cast.foreign.id)
    form = {"patient": cast.anna.id, "actor": cast["aas.to_roller"].id, "kind": "wrong_patient", "wish_of": "own", "text": "Gjelder en annen"}
    url = f"/pasient/{cast.anna.id}/journal/{note.pk}/krav/"
    nurse = client_for(NURSE)
    refused = nurse.post(url, form | {"actor": cast[NURSE].id, "number": cast.foreign.number})
    assert refused.status_code == 422 and "tilgang til å skrive" in refused.content.decode()
    with open_gate(HOME, patient=cast.kari.id) as gate:
        wrong = write(gate, cast.kari.id, "Merkeord om Anna")
    home = client_for(HOME)
    answer = home.post(
        f"/pasient/{cast.kari.id}/journal/{wrong.pk}/krav/", form | {"patient": cast.kari.id, "actor": cast[HOME].id, "number": cast.anna.number}
    )
    assert answer.status_code == 302
    claim = RecordClaim.objects.get(about_id=wrong.pk)
    assert claim.right_patient_id == cast.anna.id
    assert decide(cast, as_app, claim, MOVE) == "moved", "Ås has no custodian in the cast, so that of the centre answers"
    claim.refresh_from_db()
    there = Note.objects.get(pk=claim.moved_to)
    assert (there.patient_id, there.author_id, there.signed_by_id, there.event_at) == (cast.anna.id, cast[HOME].id, cast[HOME].id, wrong.event_at)
    assert there.content == wrong.content and not Note.objects.filter(pk=wrong.pk).exists()
    versions = list(NoteVersion.objects.filter(note=there).order_by("number").values_list("reason", flat=True))
    assert versions == ["", "Flyttet hit: notatet var ført på feil pasient."]
    assert "Merkeord om Anna" in client_for(HOME).get(f"/pasient/{cast.anna.id}/journal/{there.pk}/").content.decode()
    assert {one.what for one in NoteNotice.objects.filter(note_id=wrong.pk)} == {"wrong_patient"}


def test_a_correction_is_refused_with_a_reason_or_granted_once_it_is_corrected(cast, open_gate, note, client_for):
    seen_by(client_for, DOCTOR, cast.anna.id, note)
    claim = demand(open_gate, note, "correction")
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        with pytest.raises(JournalError) as early:
            claims.correction_decide(gate=gate, claim=claim, decision=Decision(True, "wrong", told="Brev"))
        assert early.value.code == "not_corrected"
        with pytest.raises(JournalError):
            claims.correction_decide(gate=gate, claim=claim, decision=Decision(False, told="Brev"))
    with open_gate(DOCTOR, patient=cast.anna.id) as gate, pytest.raises(PermissionDenied):
        claims.correction_decide(gate=gate, claim=claim, decision=Decision(False, reason="Nei", told="Brev"))
    RecordClaim.objects.filter(pk=claim.pk).update(recorded_at=claim.recorded_at.replace(year=2020))
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        standing = Note.objects.get(pk=note.pk)
        draft = notes.note_autosave(
            gate=gate, patient=cast.anna.id, document_type=standing.document_type, content={"text": "Rettet tekst"}, event_at=gate.now, corrects=standing,
            reason="Stemte ikke",
        )  # fmt: skip
        notes.note_sign(gate=gate, note=draft)
        claim.refresh_from_db()
        claims.correction_decide(gate=gate, claim=claim, decision=Decision(True, "wrong", told="Brev 23.11."))
        with pytest.raises(Conflict):
            claims.correction_decide(gate=gate, claim=claim, decision=Decision(True, "wrong", told="Brev 23.11."))
        assert WORD in [version.content["text"] for version in NoteVersion.objects.filter(note=note)], "the old text stays readable"
    page = client_for(DOCTOR).get("/notater/").content.decode()
    assert "er rettet" in page and "Se endringen" in page


def test_a_demand_stands_once_and_is_hidden_with_its_note(cast, open_gate, client_for):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        note = write(gate, cast.anna.id, "Annet")
    demand(open_gate, note)
    with pytest.raises(Conflict):
        demand(open_gate, note)
    with open_gate(NURSE, patient=cast.anna.id):
        with pytest.raises(DatabaseError), transaction.atomic():
            RecordClaim.objects.filter(about_id=note.pk).update(state="granted")
        assert RecordClaim.objects.filter(about_id=note.pk).exists()
    with open_gate(HOME, patient=cast.anna.id):
        assert not RecordClaim.objects.filter(about_id=cast.anna.rows["note"]).exists(), "the note is blocked for home nursing, so is the demand"


@pytest.mark.parametrize("statement", [
    "DELETE FROM journal_note WHERE id = %s", "DELETE FROM journal_noteversion WHERE note_id = %s",
    "UPDATE journal_note SET content = '{}' WHERE id = %s",
])  # fmt: skip
def test_without_a_granted_demand_not_even_the_owner_removes_a_note(cast, open_gate, note, statement):
    demand(open_gate, note)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [note.pk])


def test_withheld_from_the_patient_is_marked_on_page_and_paper_with_its_reason(cast, open_gate, note, client_for):
    nurse = client_for(NURSE)
    url = f"/pasient/{cast.anna.id}/journal/{note.pk}/utlevering/"
    form = {"patient": cast.anna.id, "actor": cast[NURSE].id}
    assert nurse.post(url, form | {"reason": ""}).status_code == 422
    assert nurse.post(url, form | {"reason": "Fare for liv"}).status_code == 302
    assert "Skal ikke gis til pasienten." in nurse.get(f"/pasient/{cast.anna.id}/journal/{note.pk}/").content.decode()
    paper = words(press(nurse, cast[NURSE].id, cast.anna.id, what="note", note=note.pk))
    assert "Skal ikke gis til pasienten." in paper and "Fare for liv" in paper
    assert client_for(DOCTOR).post(url, form | {"actor": cast[DOCTOR].id, "reason": "x"}).status_code == 403
    nurse.post(url, form)
    note.refresh_from_db()
    assert note.withheld_at is None


def test_my_notices_are_mine(cast, open_gate):
    with open_gate(DOCTOR):
        assert rows("my_notices") == [] and call("notice_seen", cast.anna.id) is False
