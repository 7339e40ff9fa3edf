"""The ward beyond the single stay: map of beds, isolation, moves and who writes meanwhile, what is done before leaving, how beds are used."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from access.gate import call, rows
from access.models import DocumentType, OrgUnit
from journal.models import Bed, DischargeCheck, Isolation, Note, Placement, Stay, StayDecision, VitalSet
from journal.services import discharge, isolation, leaving, notes, stays, vitals
from journal.services.errors import Conflict, JournalError

pytestmark = pytest.mark.django_db
NURSE, DOCTOR, HELPER, HOME = "lms.sykepleier", "lms.lege", "lms.helsefag", "aas.hjemmesykepleier"
OTHER_WARD = "5f0e1a52-3a53-4c26-9a51-0d7a6a3c9c55"


@pytest.fixture(autouse=True)
def _plain(cast):
    """No draft is begun, and the cast's own rows of these kinds do not stand in the way."""
    Note.objects.filter(state="DRAFT", patient_id=cast.anna.id).delete()
    for model in (Isolation, Placement, DischargeCheck):
        model.objects.all().delete()


@pytest.fixture
def other_ward(cast):
    now = Stay.objects.get(pk=cast.anna.rows["stay"]).event_at
    return OrgUnit.objects.create(
        id=OTHER_WARD, legal_entity_id=cast.entities["lms"], name="Post to", kind="observation_ward", valid_from=now - timedelta(days=9)
    )


def stay_of(patient):
    return Stay.objects.get(pk=patient.rows["stay"])


def url(patient, part=""):
    return f"/pasient/{patient.id}/{part}"


def form(cast, user, patient, **more):
    return {"patient": patient.id, "actor": cast[user].id, "lock_version": 1, **more}


def isolate(gate, patient, kind="contact", **more):
    return isolation.isolation_begin(gate=gate, patient=patient.id, kind=kind, reason="MRSA i nese", begins_at=gate.now, **more)


# --- Transfer while charting ---


def autosave(gate, patient, text, **more):
    kind = DocumentType.objects.get(code="nurse_shift")
    return notes.note_autosave(
        gate=gate, patient=patient.id, document_type=kind, content={"changed": text, "handover": text}, event_at=gate.now, **more
    )


@pytest.mark.parametrize("to", ["bed", "ward"])
def test_what_is_written_while_the_patient_is_moved_is_kept_in_the_stay(cast, open_gate, other_ward, to):
    stay = cast.anna.rows["stay"]
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        draft = autosave(gate, cast.anna, "Begynt før flytting")
    with open_gate(DOCTOR, patient=cast.anna.id) as gate:
        bed = Bed.objects.get(pk=cast.beds[7]) if to == "bed" else None
        stays.stay_transfer(
            gate=gate, stay=stay_of(cast.anna), lock_version=1, bed=bed, ward=other_ward if to == "ward" else None, reason="Trenger ro"
        )
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        draft = autosave(gate, cast.anna, "Ferdig etter flytting", note_id=draft.pk, lock_version=draft.lock_version)
        signed = notes.note_sign(gate=gate, note=draft)
        measured = vitals.vitals_record(gate=gate, patient=cast.anna.id, measured=vitals.Measured(pulse=80), taken_at=gate.now)
        anew = autosave(gate, cast.anna, "Et notat til")
    assert (signed.state, signed.content["changed"], signed.stay_id) == ("SIGNED", "Ferdig etter flytting", stay)
    assert VitalSet.objects.get(pk=measured.pk).stay_id == stay and anew.stay_id == stay


def test_what_is_written_after_discharge_belongs_to_the_stay_that_ended(cast, open_gate):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        leave(gate, cast, reason="Ønsket å reise")
    with open_gate(DOCTOR, patient=cast.anna.id) as gate:
        kind = DocumentType.objects.get(code="doctor_discharge")
        draft = notes.note_autosave(gate=gate, patient=cast.anna.id, document_type=kind, content={}, event_at=gate.now)
    assert draft.stay_id == cast.anna.rows["stay"]
    with open_gate(HOME, patient=cast.anna.id) as gate:
        assert vitals.vitals_record(gate=gate, patient=cast.anna.id, measured=vitals.Measured(pulse=80), taken_at=gate.now).stay_id is None


def test_moves_are_kept_with_when_why_and_by_whom(cast, open_gate, client_for, other_ward):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        moved = stays.stay_transfer(gate=gate, stay=stay_of(cast.anna), lock_version=1, bed=Bed.objects.get(pk=cast.beds[7]), reason="Isolering")
        with pytest.raises(Conflict):
            stays.stay_transfer(gate=gate, stay=moved, lock_version=1, bed=Bed.objects.get(pk=cast.beds[8]))
    where = list(Placement.objects.filter(stay=cast.anna.rows["stay"]).order_by("event_at").values_list("bed__number", "reason"))
    assert where == [(1, ""), (8, "Isolering")], "where the patient lay from the beginning is written down at the first move"
    page = client_for(NURSE).get(url(cast.anna, "opphold/")).content.decode()
    assert "Senger og flyttinger" in page and "Isolering" in page
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE epj_app")
        with pytest.raises(Exception, match="permission denied"):
            cursor.execute("UPDATE journal_placement SET reason = 'x'")


# --- Isolation ---


def test_isolation_stands_where_people_look(cast, open_gate, client_for):
    client = client_for(NURSE)
    tag = client.get("/tavle/").content
    asked = form(cast, NURSE, cast.anna, kind="contact", reason="MRSA i nese", begins_at="00:00", ordered_by=cast[DOCTOR].id)
    assert client.post(url(cast.anna, "opphold/isolering/"), asked | {"kind": ""}).status_code == 422
    assert client.post(url(cast.anna, "opphold/isolering/"), asked).status_code == 302
    row = Isolation.objects.get(patient=cast.anna.id)
    assert (row.ordered_by_id, row.author_id, row.stay_id) == (cast[DOCTOR].id, cast[NURSE].id, cast.anna.rows["stay"])
    for place in ("/tavle/", "/tavle/senger/", url(cast.anna), url(cast.anna, "opphold/")):
        assert "Kontaktsmitte" in client.get(place).content.decode(), place
    assert client.get("/tavle/").content != tag
    ended = client.post(
        url(cast.anna, f"opphold/isolering/{row.pk}/avslutt/"), form(cast, NURSE, cast.anna, reason="Negativ prøve", ended_at="00:00")
    )
    assert ended.status_code in (302, 422)  # right after midnight the end may not be before the beginning
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        if row := isolation.in_force(cast.anna.id):
            isolation.isolation_end(gate=gate, row=row, lock_version=row.lock_version, ended_at=gate.now, reason="Negativ prøve")
    assert "Kontaktsmitte" not in client.get("/tavle/").content.decode()
    assert "Negativ prøve" in client.get(url(cast.anna, "opphold/")).content.decode()


def test_one_isolation_at_a_time_ended_in_the_own_name_and_with_the_stay(cast, open_gate):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        row = isolate(gate, cast.anna)
        with pytest.raises(JournalError) as refused:
            isolate(gate, cast.anna, kind="airborne")
        assert refused.value.code == "isolated"
        with pytest.raises(JournalError):
            isolation.isolation_end(gate=gate, row=row, lock_version=1, ended_at=gate.now, reason=" ")
        assert call("isolated_beds") == [cast.beds[0]]
        leave(gate, cast, reason="Ønsket å reise")
    row.refresh_from_db()
    assert (row.ended_by_id, row.end_reason) == (cast[NURSE].id, "Utskrevet")


# --- The map ---


def test_the_map_shows_rooms_beds_and_those_without_a_bed(cast, client_for, other_ward):
    client = client_for(NURSE)
    Bed.objects.filter(pk__in=cast.beds[:2]).update(room="Rom 101")
    Bed.objects.filter(pk=cast.beds[8]).update(status="out_of_service", remark="Madrass til reparasjon")
    page = client.get("/tavle/senger/").content.decode()
    assert "Rom 101" in page and cast.anna.family_name in page and "Madrass til reparasjon" in page and "Uten rom" in page
    assert "Oppholdet er sperret for deg" in page and "2 av 9 senger i bruk (22 %)" in page
    Stay.objects.filter(pk=cast.anna.rows["stay"]).update(bed=None, lock_version=2)
    assert "Innlagt uten seng" in client.get("/tavle/senger/").content.decode()


def test_a_bed_goes_out_of_use_with_a_reason(cast, client_for):
    client, typed = client_for(NURSE), {"bed": cast.beds[9], "actor": cast[NURSE].id, "status": "out_of_service", "room": "Rom 7"}
    assert client.post("/tavle/senger/", typed | {"remark": ""}).status_code == 422
    assert client.post("/tavle/senger/", typed | {"remark": "Bremsen er løs"}).status_code == 302
    bed = Bed.objects.get(pk=cast.beds[9])
    assert (bed.status, bed.room, bed.remark) == ("out_of_service", "Rom 7", "Bremsen er løs")
    assert "Bremsen er løs" in client.get("/tavle/").content.decode()


def test_board_asks_the_same_for_many_patients_and_stays_within_its_limit(cast, open_gate, client_for):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        isolate(gate, cast.anna)
        stays.stay_decide(gate=gate, stay=stay_of(cast.anna), outcome="hospital", reason="Økende surstoffbehov")
        ready = discharge.stay_mark_discharge_ready(
            gate=gate, stay=stay_of(cast.anna), lock_version=1, planned_discharge_at=gate.now, destination="sykehus"
        )
        leaving.discharge_check(gate=gate, stay=ready, item="kin", state="done")
    client = client_for(NURSE)
    client.get("/tavle/")
    with CaptureQueriesContext(connection) as asked:
        page = client.get("/tavle/").content.decode()
    assert "Sendes til sykehus" in page and "Pårørende er informert" in page
    own = [query["sql"] for query in asked if "SELECT" in query["sql"][:8] and "current_user" not in query["sql"]]
    assert len(own) <= 15, own


def test_use_of_beds_counts_the_hours_also_of_those_one_may_not_see(cast, open_gate):
    with open_gate(NURSE) as gate:
        now = gate.now
    Stay.objects.filter(pk__in=[cast.anna.rows["stay"], cast.blocked.rows["stay"]]).update(admitted_at=now - timedelta(days=3))
    Stay.objects.filter(pk=cast.former.rows["stay"]).update(discharged_at=now - timedelta(days=90))
    with open_gate(NURSE) as gate:
        days = rows("occupancy", 3)
        assert [float(row["used"]) for row in days] == [2, 2, 2]
        assert rows("occupancy", 400) == []
    with open_gate(HOME):
        assert {float(row["used"]) for row in rows("occupancy", 3)} == {0}


# --- Before leaving ---


def leave(gate, cast, **more):
    stay = stay_of(cast.anna)
    return discharge.stay_discharge(
        gate=gate,
        stay=stay,
        lock_version=stay.lock_version,
        discharged_at=gate.now,
        destination="hjem",
        cancel_open_tasks=True,
        send_later=True,
        **more,
    )


def test_leaving_with_something_undone_asks_for_a_reason_and_keeps_it(cast, open_gate, client_for):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        with pytest.raises(JournalError) as refused:
            leave(gate, cast)
        assert (refused.value.code, list(refused.value.fields)) == ("not_done", ["reason"])
        assert "Tjenestene hjemme er informert" in refused.value.message
        leaving.discharge_check(gate=gate, stay=stay_of(cast.anna), item="kin", state="done", remark="Datter, kl. 12")
        leave(gate, cast, reason="Reiste på egen hånd")
    missed = DischargeCheck.objects.filter(stay=cast.anna.rows["stay"], state="missed")
    assert {row.item for row in missed} == {"medicines", "doctor_discharge", "nurse_discharge", "services", "transport"}
    page = client_for(NURSE).get(url(cast.anna, "opphold/")).content.decode()
    assert "Reiste på egen hånd" in page and "Datter, kl. 12" in page


def test_the_list_is_ticked_by_name_and_taken_back(cast, client_for):
    client, there = client_for(HELPER), url(cast.anna, "opphold/sjekkliste/")
    asked = form(cast, HELPER, cast.anna, item="transport", state="done", remark="Taxi kl. 14")
    assert client.post(there, asked | {"item": "medicines"}).status_code == 422, "what the data know is not ticked"
    assert client.post(there, asked).status_code == 302
    page = client_for(NURSE).get(url(cast.anna, "opphold/")).content.decode()
    assert "Taxi kl. 14" in page and "Oda Brekke" in page
    assert client.post(there, asked | {"state": "undone"}).status_code == 302
    assert [item.done for item in leaving.checklist(stay_of(cast.anna)) if item.key == "transport"] == [False]
    assert client_for(HOME).post(there, form(cast, HOME, cast.anna, item="transport", state="done")).status_code in (404, 422, 302)
    assert not DischargeCheck.objects.filter(author=cast[HOME].id, patient_id=cast.anna.id).exists()


def test_the_decision_is_told_where_one_looks(cast, open_gate, client_for):
    with open_gate(DOCTOR, patient=cast.anna.id) as gate:
        stays.stay_decide(gate=gate, stay=stay_of(cast.anna), outcome="home", reason="Feberfri")
    client = client_for(NURSE)
    for place in ("/tavle/", url(cast.anna, "sammendrag/"), url(cast.anna, "opphold/")):
        page = client.get(place).content.decode()
        assert "Sendes hjem" in page and "Jonas Amundsen" in page, place
    assert StayDecision.objects.filter(stay=cast.anna.rows["stay"]).count() == 1
