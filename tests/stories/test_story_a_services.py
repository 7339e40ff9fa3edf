"""Story A at service level: the same eleven steps through the gate, as the role that serves, without a browser."""

from datetime import timedelta

import pytest
from django.db import connection

from access import gate
from access.domain.codes import Action
from access.models import DocumentType, LegalEntity
from access.selectors import patients
from access.services import ways
from access.services.blocks import Wish, block_set
from journal.models import Bed, CriticalInfo, Medication, NextOfKin, Note, Stay, VitalSet
from journal.services import discharge, notes, stays, vitals
from journal.services.vitals import Measured

pytestmark = pytest.mark.django_db
HOME_NURSE, NURSE, DOCTOR, BYSTANDER = "aas.hjemmesykepleier", "lms.sykepleier", "lms.lege", "frogn.hjemmesykepleier"
WHY = "Økende tungpust siden i går, legges inn"
SET = Measured(
    respiration=24, spo2=93, on_oxygen=False, oxygen_flow=None, systolic=118, diastolic=70, pulse=104, temperature=None, consciousness="A", comment=""
)


@pytest.fixture
def kari(cast):
    return cast.kari


def sign(opened, patient, kind, content, event_at=None):
    kind = DocumentType.objects.get(code=kind)
    draft = notes.note_autosave(gate=opened, patient=patient, document_type=kind, content=content, event_at=event_at or opened.now)
    return notes.note_sign(gate=opened, note=draft)


def found(open_gate, username, kari) -> list:
    with open_gate(username, action=Action.SEARCH) as opened:
        return [row["id"] for row in patients.search(opened, [kari.family_name.lower()], [])]


def texts(open_gate, username, kari) -> set[str]:
    with open_gate(username, patient=kari.id):
        return {text for note in Note.objects.exclude(state="DRAFT") for text in note.content.values()}


def log_of(kari, **wanted) -> list[tuple]:
    where = "".join(f" AND {name} = %s" for name in wanted)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT user_name, legal_entity_name, template_code, reason FROM auditlog_entry WHERE patient_id = %s{where}",
            [kari.id, *wanted.values()],
        )
        return cursor.fetchall()


def test_story_a_through_the_gate(cast, kari, open_gate, set_clock):
    with open_gate(HOME_NURSE, patient=kari.id) as opened:
        at = opened.now - timedelta(hours=1)
        sign(opened, kari.id, "home_visit", {"observation": "Talte i enkeltord", "help": "Inhalasjon"}, event_at=at)
        start = opened.now
    the_ward_finds_nothing_before_the_arrival(cast, kari, open_gate)
    with open_gate(NURSE) as opened:
        assert ways.arrival_register(gate=opened, number=kari.number, caller="Legevakten", reason=WHY) == kari.id
    the_whole_course_is_read(kari, open_gate)
    what_is_blocked_is_said_and_not_read(cast, kari, open_gate)
    stay = she_is_admitted_and_charted(cast, kari, open_gate)
    assert found(open_gate, BYSTANDER, kari) == []
    assert_closed(open_gate, BYSTANDER, kari)
    with open_gate(NURSE, patient=kari.id, action=Action.WRITE) as opened:
        stay = Stay.objects.get(pk=stay.pk)
        done = discharge.stay_discharge(
            gate=opened,
            stay=stay,
            lock_version=stay.lock_version,
            discharged_at=opened.now,
            destination="Hjem",
            send_later=True,
            reason="Reiser raskt",
        )
        assert {item["kind"] for item in done.owed} >= {discharge.EPIKRISE}
    assert {"Talte i enkeltord", "Sover i stolen", "Knatrelyder"} <= texts(open_gate, HOME_NURSE, kari)
    assert "Sover i stolen" in texts(open_gate, NURSE, kari)
    the_tail_ends_and_finishing_opens_the_wards_own(cast, kari, open_gate, set_clock, start)
    the_log_names_everyone(kari)


def the_ward_finds_nothing_before_the_arrival(cast, kari, open_gate):
    assert found(open_gate, NURSE, kari) == []
    assert_closed(open_gate, NURSE, kari)
    with open_gate(NURSE) as opened:
        gate.call("refused_number", opened.secret, kari.number, opened.request.as_json())
    assert log_of(kari, outcome="deny", user_id=cast[NURSE].id)


def assert_closed(open_gate, username, kari):
    with pytest.raises(gate.Refusal), open_gate(username, patient=kari.id):
        pass


def the_whole_course_is_read(kari, open_gate):
    assert found(open_gate, NURSE, kari) == [kari.id]
    with open_gate(NURSE, patient=kari.id) as opened:
        assert "Observasjonsposten" in opened.basis
        for model in (CriticalInfo, Medication, NextOfKin):
            assert model.objects.filter(patient_id=kari.id).exists()
    assert {"Talte i enkeltord", "karimarkørord note"} <= texts(open_gate, NURSE, kari)
    assert ("Ingrid Solberg Haugen", "Follo LMS", "NOTIFIED") in {row[:3] for row in log_of(kari, outcome="allow")}


def what_is_blocked_is_said_and_not_read(cast, kari, open_gate):
    with open_gate(HOME_NURSE, patient=kari.id) as opened:
        wish = Wish(scope="entry", target="unit", target_id=cast.units["ward"], entry_id=kari.rows["note"])
        block_set(gate=opened, patient=kari.id, wish=wish, wish_of="Pasienten")
    assert "karimarkørord note" not in texts(open_gate, NURSE, kari)
    assert "Talte i enkeltord" in texts(open_gate, NURSE, kari)
    with open_gate(NURSE, patient=kari.id):
        assert gate.call("something_blocked", kari.id)


def she_is_admitted_and_charted(cast, kari, open_gate) -> Stay:
    with open_gate(NURSE, patient=kari.id, action=Action.WRITE) as opened:
        stay = stays.stay_expect(gate=opened, patient=kari.id, cause="Tungpust", expected_at=None)
        bed = Bed.objects.get(pk=cast.beds[4])
        stays.stay_admit(gate=opened, stay=stay, lock_version=stay.lock_version, bed=bed, admitted_at=opened.now)
    with open_gate(NURSE, patient=kari.id, action=Action.WRITE) as opened:
        vitals.vitals_record(gate=opened, patient=kari.id, measured=SET, taken_at=opened.now, confirmed=False, pregnant=False)
        assert VitalSet.objects.latest("recorded_at").news2_total is None
        note = sign(opened, kari.id, "nurse_note", {"text": "Sover i stolen"})
        assert note.legal_entity_id == LegalEntity.objects.get(name="Follo LMS").pk
    with open_gate(DOCTOR, patient=kari.id, action=Action.WRITE) as opened:
        sign(opened, kari.id, "doctor_daily", {"findings": "Knatrelyder", "assessment": "Pneumoni", "plan": "Antibiotika"})
    assert {"Sover i stolen", "Knatrelyder"} <= texts(open_gate, HOME_NURSE, kari)
    return stay


def the_tail_ends_and_finishing_opens_the_wards_own(cast, kari, open_gate, set_clock, start):
    with connection.cursor() as cursor:
        cursor.execute("SELECT tail_hours FROM access_measuretemplate WHERE code = 'ADMITTED'")
        later = start + timedelta(hours=cursor.fetchone()[0] + 1)
        set_clock(later)
        cursor.execute("UPDATE access_session SET last_seen_at = gate.clock()")
    assert found(open_gate, NURSE, kari) == []
    assert_closed(open_gate, NURSE, kari)
    with open_gate(NURSE) as opened:
        assert kari.id not in gate.call("my_patients", None, 100)
        ways.personal_open(gate=opened, template="FINISHING", number=kari.number, reason="Sammenfatningen ble ikke ferdig")
    read = texts(open_gate, NURSE, kari)
    assert "Sover i stolen" in read
    assert not {"Talte i enkeltord", "karimarkørord note"} & read
    assert {"Talte i enkeltord", "Sover i stolen"} <= texts(open_gate, HOME_NURSE, kari)


def the_log_names_everyone(kari):
    rows = log_of(kari)
    assert {"Ingrid Solberg Haugen", "Jonas Amundsen", "Hanne Moen"} <= {row[0] for row in rows}
    assert any(row[0] == "Ingrid Solberg Haugen" and row[3] == WHY for row in rows)
    assert any(row[0] == "Ingrid Solberg Haugen" and row[3] == "Sammenfatningen ble ikke ferdig" for row in rows)
