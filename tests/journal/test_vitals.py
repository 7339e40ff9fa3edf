"""Measurements: scored by the rule they are stored with, never scored when incomplete, never changed."""

from decimal import Decimal

import pytest

from journal.models import VitalSet
from journal.selectors.vitals import newest_sets, news
from journal.services.errors import JournalError
from journal.services.vitals import Measured, Unusual, oxygen_scale_prescribe, vitals_record, vitals_strike

pytestmark = pytest.mark.django_db
NURSE, DOCTOR = "lms.sykepleier", "lms.lege"
WHOLE = {
    "respiration": 25, "spo2": 87, "on_oxygen": True, "oxygen_flow": Decimal("2.0"), "systolic": 138, "diastolic": 80, "pulse": 104,
    "consciousness": "A", "temperature": Decimal("37.8"),
}  # fmt: skip


def record(gate, cast, confirmed=False, **values):
    return vitals_record(gate=gate, patient=cast.anna.id, measured=Measured(**values), taken_at=gate.now, confirmed=confirmed)


def test_whole_set_is_scored_on_the_prescribed_scale(cast, open_gate):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        row = record(gate, cast, **WHOLE)
        assert (row.spo2_scale, row.news2_total, row.news2_points["spo2"]) == (1, 9, 3)
    with open_gate(DOCTOR, patient=cast.anna.id) as gate:
        oxygen_scale_prescribe(gate=gate, patient=cast.anna.id, scale=2, reason="Kjent hyperkapni")
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        row = record(gate, cast, **WHOLE)
        assert (row.spo2_scale, row.news2_total, row.news2_level, row.rule_version) == (2, 7, "high", "NEWS2-2017.1/standard-1")
        assert (row.next_due_at - row.event_at).total_seconds() == 1800


def test_incomplete_set_has_no_total(cast, open_gate):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        row = record(gate, cast, pulse=80)
        assert (row.news2_total, row.news2_points) == (None, {"pulse": 0})
        assert news([row])["status"] == "incomplete"


def test_impossible_is_refused_and_unusual_asked_about(cast, open_gate):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        with pytest.raises(JournalError) as refused:
            record(gate, cast, spo2=250)
        assert refused.value.fields == {"spo2": "250 er utenfor 20–100. Sjekk tallet."}
        with pytest.raises(Unusual) as asked:
            record(gate, cast, systolic=250, diastolic=90)
        assert list(asked.value.fields) == ["systolic"]
        assert record(gate, cast, confirmed=True, systolic=250, diastolic=90).systolic == 250


def test_empty_set_is_refused(cast, open_gate):
    with open_gate(NURSE, patient=cast.anna.id) as gate, pytest.raises(JournalError, match="minst én"):
        record(gate, cast, comment="bare en merknad")


def test_struck_set_stays_and_no_longer_counts(cast, open_gate):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        row = record(gate, cast, **WHOLE)
        with pytest.raises(JournalError):
            vitals_strike(gate=gate, row=row, reason=" ")
        vitals_strike(gate=gate, row=row, reason="Feil pasient")
        assert VitalSet.objects.get(pk=row.pk).struck_reason == "Feil pasient"
        assert row.pk not in [one.pk for one in newest_sets(cast.anna.id, 10)]


def test_only_a_doctor_prescribes_the_scale(cast, open_gate):
    with open_gate(NURSE, patient=cast.anna.id) as gate, pytest.raises(JournalError, match="lege"):
        oxygen_scale_prescribe(gate=gate, patient=cast.anna.id, scale=2, reason="Tror det")


def test_form_keeps_what_was_typed_and_asks_once(cast, client_for):
    client = client_for(NURSE)
    url = f"/pasient/{cast.anna.id}/malinger/ny/"
    form = {"patient": cast.anna.id, "actor": cast[NURSE].id, "event_at": "00:00", "systolic": "250", "diastolic": "90", "temperature": "37,8"}
    asked = client.post(url, form)
    assert asked.status_code == 422
    assert "Stemmer det?" in asked.content.decode()
    assert 'value="37,8"' in asked.content.decode()
    assert client.post(url, {**form, "confirmed": "ja"}).status_code == 302
    assert client.post(url, {**form, "temperature": "varm"}).status_code == 422
