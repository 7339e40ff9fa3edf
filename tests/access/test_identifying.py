"""Somebody without a number is admitted, found out, and – when it was wrong – unknown again. The record is the same all the way."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st

from access.domain.codes import Action
from access.domain.identity import synthetic_number
from access.domain.temporary import check_digit, temporary_number
from access.gate import call
from access.models import Patient, PatientIdentity, RecordMerge, UnknownIdentity
from access.services import identifying, ways
from access.services.identifying import Person
from access.services.ways import UnknownPerson, WayError
from auditlog.models import AccessLogEntry
from lms_epj.core.formatting import format_identity_number

pytestmark = pytest.mark.django_db
NURSE = "lms.sykepleier"
FREE = synthetic_number(date(1961, 4, 9), female=False, seed=12)
D_NUMBER = synthetic_number(date(1979, 12, 1), female=True, seed=3, d_number=True)


@pytest.fixture
def unknown(open_gate):
    with open_gate(NURSE, action=Action.SEARCH) as gate:
        person = UnknownPerson("Ukjent", "mann", None, "M", 55, 65, "Arr over høyre øye, blå boblejakke", "Funnet ved stasjonen")
        return ways.unknown_arrival_register(gate=gate, person=person, caller="AMK", reason="Bevisstløs, kommer med ambulanse")


@given(st.integers(0, 99), st.integers(0, 99999))
def test_a_temporary_number_is_read_however_it_is_written_and_one_wrong_digit_is_seen(year, serial):
    seven = f"{year:02}{serial:05}"
    digit = check_digit(seven)
    if digit is None:
        return
    number = f"U{seven}{digit}"
    assert temporary_number(f" u{seven[:2]} {seven[2:]}-{digit} ") == number
    assert temporary_number(format_identity_number(number)) == number
    assert not any(temporary_number(f"U{seven[:i]}{(int(seven[i]) + 1) % 10}{seven[i + 1 :]}{digit}") for i in range(7))


def test_the_unknown_one_has_a_number_that_finds_the_record_and_what_can_be_seen(unknown, client_for):
    identity = PatientIdentity.objects.get(patient=unknown)
    assert identity.kind == "TMP" and temporary_number(identity.value) == identity.value
    assert (seen := UnknownIdentity.objects.get(patient=unknown)).number == identity.value and (seen.age_from, seen.age_to) == (55, 65)
    client = client_for(NURSE)
    found = client.post("/pasienter/sok/", {"q": format_identity_number(identity.value)})
    assert found.status_code == 302 and str(unknown) in found["Location"]
    page = client.get(f"/pasient/{unknown}/identitet/").content.decode()
    assert "boblejakke" in page and "Anslått 55–65 år" in page and "Ukjent identitet" in page


def test_a_free_number_becomes_the_patients_and_the_temporary_one_is_history(unknown, open_gate):
    with open_gate(NURSE, patient=unknown) as gate:
        with pytest.raises(WayError) as told:
            identifying.identity_set(gate=gate, patient=unknown, number=FREE, basis="Førerkort")
        assert "family_name" in told.value.errors
        person = Person("Berg", "Nils", date(1961, 4, 9), "M")
        assert identifying.identity_set(gate=gate, patient=unknown, number=FREE, basis="Førerkort", person=person) == "known"
    patient = Patient.objects.get(pk=unknown)
    assert (patient.family_name, patient.birth_date) == ("Berg", date(1961, 4, 9))
    numbers = {one.kind: one for one in PatientIdentity.objects.filter(patient=unknown)}
    assert numbers["TMP"].valid_to and numbers["FNR"].value == FREE and numbers["FNR"].valid_to is None
    with open_gate(NURSE, action=Action.SEARCH):
        assert call("lookup_number", numbers["TMP"].value)["patient_id"] == str(unknown)
        assert call("lookup_number", FREE)["patient_id"] == str(unknown)
    assert AccessLogEntry.objects.filter(patient_id=unknown, action="identify", reason="Førerkort").count() == 1


def test_d_number_and_birth_number_follow_each_other_and_nothing_follows_a_birth_number(unknown, open_gate):
    person = Person("Nowak", "Anna", None, "K")
    with open_gate(NURSE, patient=unknown) as gate:
        assert identifying.identity_set(gate=gate, patient=unknown, number=D_NUMBER, basis="Pass og D-nummer", person=person) == "known"
        assert PatientIdentity.objects.get(value=D_NUMBER).kind == "DNR"
        assert identifying.identity_set(gate=gate, patient=unknown, number=FREE, basis="Brev fra Skatteetaten", person=person) == "known"
        with pytest.raises(WayError):
            identifying.identity_set(
                gate=gate, patient=unknown, number=synthetic_number(date(1950, 1, 1), female=True), basis="Førerkort", person=person
            )


def test_the_number_of_another_record_proposes_a_merge_and_both_logs_say_so(unknown, open_gate, cast):
    with open_gate(NURSE, patient=unknown) as gate:
        for _ in range(2):
            assert identifying.identity_set(gate=gate, patient=unknown, number=cast.kari.number, basis="Datteren er her") == "proposed"
    proposal = RecordMerge.objects.get()
    assert (proposal.survivor_id, proposal.gone_id, proposal.state) == (cast.kari.id, unknown, "proposed")
    assert PatientIdentity.objects.get(patient=unknown).kind == "TMP"
    for patient in (unknown, cast.kari.id):
        assert AccessLogEntry.objects.filter(patient_id=patient, action="merge_propose", user_id=cast[NURSE].id).count() == 2


@pytest.mark.parametrize("text", ["", "12345", FREE[:10] + str((int(FREE[10]) + 1) % 10), "01450112345"])
def test_a_number_that_cannot_be_is_refused_with_why(unknown, open_gate, text):
    with open_gate(NURSE, patient=unknown) as gate, pytest.raises(WayError) as told:
        identifying.identity_set(gate=gate, patient=unknown, number=text, basis="Førerkort")
    assert told.value.errors["number"]


def test_a_wrong_name_is_taken_off_and_the_record_is_as_before(unknown, open_gate, cast):
    before = Patient.objects.filter(pk=unknown).values().get()
    with open_gate(NURSE, patient=unknown) as gate:
        identifying.identity_set(gate=gate, patient=unknown, number=FREE, basis="Lommebok i jakken", person=Person("Berg", "Nils"))
        identifying.identity_withdraw(gate=gate, patient=unknown, reason="Jakken var lånt")
        with pytest.raises(WayError):
            identifying.identity_withdraw(gate=gate, patient=unknown, reason="Jakken var lånt")
    assert Patient.objects.filter(pk=unknown).values().get() == before
    assert [(one.kind, one.valid_to) for one in PatientIdentity.objects.filter(patient=unknown)] == [("TMP", None)]


def test_whoever_may_not_chart_on_the_patient_says_nothing_of_who_it_is(unknown, open_gate, cast):
    with open_gate("aas.hjemmesykepleier", action=Action.SEARCH) as gate, pytest.raises(PermissionDenied):
        identifying.identity_set(gate=gate, patient=unknown, number=FREE, basis="Førerkort", person=Person("Berg"))


def test_the_page_asks_twice(unknown, client_for, cast):
    client, here = client_for(NURSE), f"/pasient/{unknown}/identitet/"
    form = {"patient": str(unknown), "number": cast.kari.number, "basis": "Datteren er her"}
    first = client.post(here, form)
    assert first.status_code == 200 and cast.kari.family_name in first.content.decode() and not RecordMerge.objects.exists()
    assert client.post(here, form | {"confirmed": "1", "shown": "01810112345"}).status_code == 200 and not RecordMerge.objects.exists()
    done = client.post(here, form | {"confirmed": "1", "shown": cast.kari.number})
    assert done.status_code == 302 and RecordMerge.objects.count() == 1
    assert "journalansvarlig" in client.get(done["Location"]).content.decode()
