"""Reading a patient as a whole: in one minute, what is new since one looked, problem by problem, by stay, and words outside the notes."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from access.gate import call
from access.models import AccessBlock, DocumentType
from auditlog.models import AccessLogEntry
from journal.models import Diagnosis, Note, PlanProblem, Stay
from journal.services import notes
from lms_epj.core.ids import uuid7

pytestmark = pytest.mark.django_db
NURSE, DOCTOR, HOME, OFFICER = "lms.sykepleier", "lms.lege", "aas.hjemmesykepleier", "aas.saksbehandler"


@pytest.fixture(autouse=True)
def _no_draft_yet(cast):
    Note.objects.filter(state="DRAFT", patient_id=cast.anna.id).delete()


def sign(gate, patient, content="Går bedre med rullator", **more):
    kind = DocumentType.objects.get(code="nurse_shift")
    draft = notes.note_autosave(
        gate=gate, patient=patient.id, document_type=kind, content={"changed": "Ny vakt", "handover": content}, event_at=gate.now, **more
    )
    return notes.note_sign(gate=gate, note=draft)


def url(patient, part=""):
    return f"/pasient/{patient.id}/{part}"


def page_of(client, patient, part=""):
    answer = client.get(url(patient, part))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_summary_holds_each_part_and_is_printed(cast, open_gate, client_for):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        sign(gate, cast.anna)
    screen = page_of(client_for(DOCTOR), cast.anna, "sammendrag/")
    for kind in ("diagnosis", "planproblem", "medication", "medorder", "nextofkin", "servicedecision"):
        assert f"annamarkørord {kind}" in screen, kind
    assert "Går bedre med rullator" in screen and "Ikke tatt: bli, sykehus eller hjem" in screen and "NEWS2" in screen
    paper = page_of(client_for(DOCTOR), cast.anna, "sammendrag/utskrift/")
    assert "annamarkørord criticalinfo" in paper and "Kassér i makuleringsboks" in paper and '<nav class="epj-rail' not in paper
    assert AccessLogEntry.objects.filter(route="summary_print", patient_id=cast.anna.id, action="print").exists()


def test_what_the_role_does_not_read_is_named_and_is_not_none(cast, client_for):
    page = page_of(client_for(OFFICER), cast.kari, "sammendrag/")
    assert re.search(r"leser ikke:[^.]*målinger", page)
    assert "karimarkørord diagnosis" in page and "karimarkørord medication" not in page


def test_it_is_ready_before_the_patient_arrives(cast, open_gate, client_for):
    assert client_for(NURSE).get(url(cast.kari, "sammendrag/")).status_code == 404
    with open_gate(NURSE):
        call("register_arrival", cast.kari.number, "Hjemmesykepleien", "Tung i pusten")
    page = page_of(client_for(NURSE), cast.kari, "sammendrag/")
    assert "karimarkørord medication" in page and "karimarkørord note" in page


def test_it_costs_the_same_for_many_notes_as_for_few(cast, open_gate, client_for):
    def cost():
        with CaptureQueriesContext(connection) as asked:
            page_of(client, cast.anna, "sammendrag/")
        return len([one for one in asked if one["sql"].lstrip().startswith("SELECT") and "current_user" not in one["sql"]])

    client = client_for(DOCTOR)
    page_of(client, cast.anna, "sammendrag/")
    few = cost()
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        for number in range(12):
            sign(gate, cast.anna, f"Vakt {number}")
    assert cost() == few <= 38


def aged(hours, *routes):
    """The log's lines of these routes, as if written so long ago."""
    AccessLogEntry.objects.filter(route__in=routes).update(at=call_clock() - timedelta(hours=hours))


def call_clock():
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate.clock()")
        return cursor.fetchone()[0]


def test_new_is_what_others_wrote_since_one_had_the_record_open(cast, open_gate, client_for):
    doctor = client_for(DOCTOR)
    assert 'class="epj-new"' not in page_of(doctor, cast.anna), "the first time nothing is new"
    aged(3, "patient")
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        note = sign(gate, cast.anna)
    doctor.get("/tavle/")  # names the patient, and is no look into the record
    page = page_of(doctor, cast.anna)
    assert re.search(rf'id="entry-{note.pk}".*?class="epj-new"', page, re.S) and "1 nytt notat" in page
    assert page.count('class="epj-new"') == 1, "what stood there before is not"
    assert "Går bedre med rullator" in page_of(doctor, cast.anna, "sammendrag/")
    assert page_of(doctor, cast.anna, "journal/").count('class="epj-new"') == 1, "it stays marked while one works"
    assert 'class="epj-new"' not in page_of(client_for(NURSE), cast.anna, "journal/"), "one's own is not new"


def test_last_look_tells_of_ones_own_alone(cast, open_gate):
    with open_gate(NURSE, patient=cast.anna.id):
        pass
    AccessLogEntry.objects.filter(patient_id=cast.anna.id).update(at=call_clock() - timedelta(hours=5))
    with open_gate(DOCTOR, patient=cast.anna.id) as gate:
        assert call("last_look", cast.anna.id) is None
        assert call("last_look", cast.kari.id) is None
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        assert timedelta(hours=4) < gate.now - call("last_look", cast.anna.id) < timedelta(hours=6)


def test_a_note_is_tied_to_a_problem_and_found_under_it(cast, open_gate, client_for):
    problem, diagnosis = cast.anna.rows["planproblem"], cast.anna.rows["diagnosis"]
    client = client_for(NURSE)
    assert f'<option value="{problem}"' in page_of(client, cast.anna)
    form = {
        "patient": cast.anna.id,
        "actor": cast[NURSE].id,
        "event_at": "00:00",
        "lock_version": 0,
        "section.changed": "Rød hæl",
        "section.handover": "Hælen avlastes",
        "problem": problem,
    }
    assert client.post(url(cast.anna, "journal/kladd/nurse_shift/"), form).status_code == 200
    assert f'<option value="{problem}" selected' in page_of(client, cast.anna)
    signed = client.post(url(cast.anna, "journal/signer/nurse_shift/"), form | {"lock_version": 1, "problem": diagnosis})
    assert signed.status_code == 302
    note = Note.objects.get(patient=cast.anna.id, content__handover="Hælen avlastes")
    assert note.problem_id == diagnosis
    page = page_of(client, cast.anna, "problemer/")
    assert page.index("annamarkørord planproblem</a>") < page.index("annamarkørord diagnosis") < page.index("Hælen avlastes")
    assert "annamarkørord planaction" in page and "annamarkørord planevaluation" in page
    narrowed = page_of(client, cast.anna, f"journal/?problem={diagnosis}")
    assert "Hælen avlastes" in narrowed and "annamarkørord note" not in narrowed
    with connection.cursor() as cursor, pytest.raises(Exception, match="only by a new version"):
        cursor.execute("UPDATE journal_note SET problem_id = %s WHERE id = %s", [problem, note.pk])


def test_anothers_problem_is_no_problem(cast, open_gate):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        assert sign(gate, cast.anna, problem=cast.kari.rows["planproblem"]).problem_id is None


def test_notes_are_narrowed_to_a_stay(cast, client_for):
    stay = cast.anna.rows["stay"]
    client = client_for(NURSE)
    assert f'<option value="{stay}"' in page_of(client, cast.anna, "journal/")
    assert "annamarkørord note" in page_of(client, cast.anna, f"journal/?opphold={stay}")
    other = Stay.objects.get(pk=cast.kari.rows["stay"])
    other.pk, other.patient_id = uuid7(), cast.anna.id
    other.save(force_insert=True)
    assert "annamarkørord note" not in page_of(client, cast.anna, f"journal/?opphold={other.pk}")


def test_words_are_found_outside_the_notes_and_what_is_blocked_is_not(cast, client_for):
    Diagnosis.objects.filter(pk=cast.anna.rows["diagnosis"]).update(text="Trykksår på hælen")
    PlanProblem.objects.filter(pk=cast.anna.rows["planproblem"]).update(problem="Sår som ikke gror")
    client, form = client_for(NURSE), {"patient": cast.anna.id, "actor": cast[NURSE].id, "ord": "sår"}
    page = client.post(url(cast.anna, "journal/"), form).content.decode()
    assert "<mark>Trykksår</mark>" in page and "<mark>Sår</mark>" in page and "Tiltaksplan" in page
    now = call_clock()
    AccessBlock.objects.create(
        patient_id=cast.anna.id, scope="entry", entry_id=cast.anna.rows["diagnosis"], target="unit", target_id=cast.units["ward"], wish_of="Pasienten",
        registered_at=now, valid_from=now - timedelta(days=1),
    )  # fmt: skip
    page = client.post(url(cast.anna, "journal/"), form).content.decode()
    assert "Trykksår" not in page and "<mark>Sår</mark>" in page
