"""What waits for whom: own notes to sign, others' to co-sign, drafts; and what those who left have left, up to the colleague who signs it (3.7)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from access.gate import call
from access.models import AccessAuthorisation, DocumentType
from auditlog.models import AccessLogEntry
from journal.models import Note, NoteVersion
from journal.selectors import note_work
from journal.services import notes
from journal.services.errors import Conflict, JournalError
from journal.services.left_notes import left_draft_settle

pytestmark = pytest.mark.django_db
NURSE, DOCTOR, HELPER, LEADER, HOME = "lms.sykepleier", "lms.lege", "lms.helsefag", "lms.leder", "aas.hjemmesykepleier"


@pytest.fixture(autouse=True)
def _no_draft_yet(cast):
    """The cast's nurses have a draft of this kind already."""
    Note.objects.filter(state="DRAFT").exclude(patient_id=cast.former.id).delete()


def write(gate, cast, text="Hun sover godt", kind="nurse_note", **more):
    return notes.note_autosave(
        gate=gate, patient=cast.anna.id, document_type=DocumentType.objects.get(code=kind), content={"text": text}, event_at=gate.now, **more
    )


def listed(gate):
    return {one["key"]: [row["id"] for row in one["rows"]] for one in note_work.note_work(gate)["lists"]}


def leave(cast, user):
    """As when the role in the unit is ended."""
    AccessAuthorisation.objects.filter(user_id=cast[user].id).update(valid_to=Note.objects.latest("recorded_at").recorded_at - timedelta(seconds=1))


def test_each_note_stands_in_the_list_of_whoever_it_waits_for(cast, open_gate):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        note = notes.note_confirm(gate=gate, note=write(gate, cast))
        draft = write(gate, cast, "Ny kladd")
    with open_gate(HELPER, patient=cast.anna.id) as gate:
        helped = notes.note_sign(gate=gate, note=write(gate, cast, "Stell"))
    with open_gate(NURSE) as gate:
        found = listed(gate)
        assert found["sign"] == [note.pk] and found["cosign"] == [helped.pk] and draft.pk in found["draft"]
        assert call("own_unsigned") == len(found["draft"]) + 1
    with open_gate(HELPER) as gate:
        assert listed(gate)["cosign"] == [], "who needs a co-signature gives none"
    with open_gate(DOCTOR) as gate:
        assert helped.pk not in listed(gate)["cosign"], "a doctor does not sign in nursing"


def test_a_list_is_logged_and_says_nothing_of_patients_one_cannot_open(cast, open_gate, client_for):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        write(gate, cast)
    page = client_for(NURSE).get("/notater/").content.decode()
    assert cast.anna.family_name in page
    assert AccessLogEntry.objects.filter(route="note_work", patient_id=cast.anna.id, user_id=cast[NURSE].id).exists()
    Note.objects.filter(author_id=cast[HOME].id, patient_id=cast.former.id, state="DRAFT").update(lock_version=3)
    page = client_for(HOME).get("/notater/").content.decode()
    assert cast.former.family_name not in page
    assert "Hos pasienter du ikke har tilgang til nå" in page and "1 × kladd" in page


def test_signing_from_the_list_comes_back_to_it(cast, open_gate, client_for):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        note = notes.note_confirm(gate=gate, note=write(gate, cast))
    form = {"patient": cast.anna.id, "actor": cast[NURSE].id, "liste": "1"}
    answer = client_for(NURSE).post(f"/pasient/{cast.anna.id}/journal/{note.pk}/signer/", form)
    assert (answer.status_code, answer["Location"]) == (302, "/notater/?gjort=signert")
    assert "Notatet er signert." in client_for(NURSE).get(answer["Location"]).content.decode()
    note.refresh_from_db()
    assert note.state == "SIGNED"


def test_a_draft_of_one_who_left_reaches_the_leader_and_then_a_colleague(cast, open_gate, client_for):
    with open_gate(HELPER, patient=cast.anna.id) as gate:
        draft = write(gate, cast, "Fallmerketekst: falt på badet")
    with open_gate(LEADER) as gate:
        assert note_work.left_notes() == []
    leave(cast, HELPER)
    leader = client_for(LEADER)
    page = leader.get("/usignerte-notater/").content.decode()
    assert "Oda Brekke" in page and "Fallmerketekst" not in page and cast.anna.family_name not in page
    url = f"/usignerte-notater/{draft.pk}/"
    assert leader.post(url, {"actor": cast[LEADER].id, "reason": " "}).status_code == 422
    assert leader.post(url, {"actor": cast[LEADER].id, "reason": "Sluttet 20.11."}).status_code == 302
    line = AccessLogEntry.objects.get(action="left_draft_settle")
    assert (line.patient_id, line.reason, line.user_id) == (cast.anna.id, "Sluttet 20.11.", cast[LEADER].id)
    with open_gate(NURSE) as gate:
        assert listed(gate)["left"] == [draft.pk]
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        shown = Note.objects.get(pk=draft.pk)
        assert shown.state == "CONFIRMED" and shown.author_id == cast[HELPER].id
        done = notes.note_sign(gate=gate, note=shown)
        assert (done.state, done.author_id, done.signed_by_id) == ("SIGNED", cast[HELPER].id, gate.user_id)
        assert list(NoteVersion.objects.filter(note=done).order_by("number").values_list("state", "author_id")) == [
            ("CONFIRMED", cast[LEADER].id), ("SIGNED", gate.user_id)]  # fmt: skip


def test_nobody_takes_over_from_one_who_is_here(cast, open_gate):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        note = notes.note_confirm(gate=gate, note=write(gate, cast))
        open_draft = write(gate, cast, "Min")
    with open_gate(LEADER), pytest.raises(Conflict):
        left_draft_settle(note=open_draft.pk, reason="Ville se")
    leave(cast, NURSE)
    with open_gate(HELPER, patient=cast.anna.id) as gate, pytest.raises(PermissionDenied):
        notes.note_sign(gate=gate, note=Note.objects.get(pk=note.pk))


def test_an_empty_draft_and_that_of_a_correction_are_thrown_away(cast, open_gate):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        signed = notes.note_sign(gate=gate, note=write(gate, cast))
        correction = write(gate, cast, "Rettes", corrects=signed, reason="Feil")
        empty = write(gate, cast, "  ")
    leave(cast, NURSE)
    with open_gate(LEADER):
        assert left_draft_settle(note=correction.pk, reason="Sluttet") == left_draft_settle(note=empty.pk, reason="Sluttet") == "forkastet"
        with pytest.raises(JournalError):
            left_draft_settle(note=empty.pk, reason="Sluttet")
    assert not Note.objects.filter(pk__in=[correction.pk, empty.pk]).exists() and Note.objects.get(pk=signed.pk).version == 1


def test_only_a_leader_sees_the_leaders_list(cast, client_for):
    assert client_for(NURSE).get("/usignerte-notater/").status_code == 404
    assert client_for(LEADER).get("/usignerte-notater/").status_code == 200
