"""What stands beside NEWS2 on the curve, a set with it in one act, and a unit's own action levels."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from journal.domain.fluids import fluid_day
from journal.domain.observations import Kind
from journal.models import ActionLevels, MedDose, MedOrder, Observation, VitalSet
from journal.selectors import observations as reading
from journal.services.action_levels import action_levels_set, levels_of
from journal.services.entries import entry_columns
from journal.services.errors import JournalError
from journal.services.observations import Observed, observation_strike, observations_record
from journal.services.vitals import Measured, Unusual, vitals_record

pytestmark = pytest.mark.django_db
NURSE, DOCTOR, LEADER = "lms.sykepleier", "lms.lege", "lms.leder"
SET = {"respiration": "25", "spo2": "87", "systolic": "138", "diastolic": "80", "pulse": "104", "temperature": "37,8"}


def test_several_are_stored_together_or_not_at_all(cast, open_gate):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        before = Observation.objects.count()

        def record(*observed, **options):
            return observations_record(gate=gate, patient=cast.anna.id, observed=observed, taken_at=gate.now, **options)

        with pytest.raises(JournalError) as refused:
            record(Observed(Kind.PAIN, Decimal(3)), Observed(Kind.PAIN, Decimal(11)))
        assert refused.value.fields["pain"].startswith("11 er utenfor 0–10")
        with pytest.raises(Unusual):
            record(Observed(Kind.GLUCOSE, Decimal("2.9")))
        assert Observation.objects.count() == before
        rows = record(Observed(Kind.GLUCOSE, Decimal("2.9"), "fasting"), Observed(Kind.ESAS, answers={"nausea": 7, "appetite": 2}), confirmed=True)
        assert [reading.text_of(row) for row in rows] == ["2,9 fastende", "Kvalme 7"]
        observation_strike(gate=gate, row=rows[0], reason="Feil pasient")
        with pytest.raises(JournalError, match="allerede"):
            observation_strike(gate=gate, row=rows[0], reason="Igjen")


def test_fluid_balance_takes_infusions_from_the_doses(cast, open_gate):
    with open_gate(DOCTOR, patient=cast.anna.id) as gate:
        first = gate.now - timedelta(minutes=1)
        order = MedOrder(
            **entry_columns(gate, cast.anna.id, 5), kind="as_needed", generic="ringeracetat", dose=1000, unit_text="mL", volume_ml=1000, max_per_day=4,
            starts_at=first, signed_by_id=gate.user_id, signed_at=gate.now,
        )  # fmt: skip
        order.save(force_insert=True)
        part = MedDose(**entry_columns(gate, cast.anna.id, 5), order=order, origin_id=order.pk, status="partly", dose=400, reason_code="doctor")
        part.save(force_insert=True)
        amounts = [Observed(Kind.FLUID_IN, Decimal(200), "drink"), Observed(Kind.FLUID_OUT, Decimal(350), "urine")]
        observations_record(gate=gate, patient=cast.anna.id, observed=amounts, taken_at=gate.now)
        observed = reading.observations(cast.anna.id, first, gate.now + timedelta(minutes=1))
        (day,) = reading.fluid_days(cast.anna.id, observed, first, gate.now)
        assert (day["day"], day["into"], day["out"], day["net"]) == (fluid_day(gate.now), "600\u00a0mL", "350\u00a0mL", "+250\u00a0mL")


def test_a_set_and_what_was_measured_beside_it_in_one_press(cast, client_for):
    client = client_for(NURSE)
    url = f"/pasient/{cast.anna.id}/malinger/ny/"
    form = {
        "patient": cast.anna.id,
        "actor": cast[NURSE].id,
        "event_at": "00:00",
        **SET,
        "oxygen_flow": "2",
        "pain": "4",
        "glucose": "7,2",
        "consciousness": "A",
    }
    assert client.post(url, form | {"glucose": "9999"}).status_code == 422
    assert not VitalSet.objects.filter(patient_id=cast.anna.id, respiration=25).exists()
    assert client.post(url, form).status_code == 302
    row = VitalSet.objects.get(patient_id=cast.anna.id, respiration=25)
    assert (row.on_oxygen, row.news2_total, row.consciousness) == (True, 9, "A")
    assert Observation.objects.filter(patient_id=cast.anna.id, event_at=row.event_at).count() == 2
    assert client.post(url, form | {"oxygen_flow": "0", "consciousness": ""}).status_code == 302
    air = VitalSet.objects.filter(patient_id=cast.anna.id, respiration=25).order_by("-recorded_at", "-pk").first()
    assert (air.on_oxygen, air.oxygen_flow, air.news2_total) == (False, None, None), "nobody said how awake: no sum"
    for show, word in (("", "epj-curve-data"), ("rutenett/", "87"), ("vaeske/", "mmol/L")):
        page = client.get(f"/pasient/{cast.anna.id}/kurve/{show}?periode=72")
        assert page.status_code == 200 and word in page.content.decode(), show


def test_the_leader_decides_the_units_levels_as_a_new_version(cast, open_gate, client_for):
    minutes = {"zero": 720, "low": 240, "low_medium": 60, "medium": 60, "high": 15, "incomplete": 60}
    with open_gate(LEADER) as gate:
        assert levels_of(gate.unit_id).version == "standard-1"
        with pytest.raises(JournalError, match="mer alvorlig"):
            action_levels_set(gate=gate, minutes=minutes | {"high": 300}, actions={}, reason="Prøve")
        with pytest.raises(JournalError, match="hvorfor"):
            action_levels_set(gate=gate, minutes=minutes, actions={}, reason="")
        assert action_levels_set(gate=gate, minutes=minutes, actions={}, reason="Fagrådet 3.11.") == 1
        assert action_levels_set(gate=gate, minutes=minutes | {"low": 300}, actions={"high": "Ring bakvakt"}, reason="Fagrådet 4.11.") == 2
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        row = vitals_record(
            gate=gate, patient=cast.anna.id, measured=Measured(25, 87, True, Decimal(2), 138, 80, 104, "A", Decimal("37.8")), taken_at=gate.now
        )
        assert (row.rule_version, row.next_due_at - row.event_at) == ("NEWS2-2017.1/post-2", timedelta(minutes=15))
    with open_gate(NURSE) as gate, pytest.raises(Exception, match="does not lead"):
        action_levels_set(gate=gate, minutes=minutes, actions={}, reason="Jeg vil")
    assert "Ny NEWS2. Ring bakvakt" in client_for(NURSE).get(f"/pasient/{cast.anna.id}/").content.decode()
    leader = client_for(LEADER)
    page = leader.get("/news2-nivaer/").content.decode()
    assert "post-2" in page and "Fagrådet 4.11." in page
    sent = minutes | {"reason": "Fagrådet 5.11.", "actor": cast[LEADER].id}
    assert leader.post("/news2-nivaer/", sent).status_code == 302
    assert leader.post("/news2-nivaer/", sent | {"high": "2"}).status_code == 422
    assert client_for(NURSE).get("/news2-nivaer/").status_code in (403, 404)
    assert ActionLevels.objects.filter(unit_id=cast.units["ward"]).count() == 3


def test_fluids_and_esas_have_a_page_of_their_own(cast, client_for):
    client, url = client_for(NURSE), f"/pasient/{cast.anna.id}/malinger/andre/ny/"
    form = {"patient": cast.anna.id, "actor": cast[NURSE].id, "event_at": "00:00"}
    for wrong in ({}, {"fluid_in": "200"}, {"pain": "vondt"}, {"esas_nausea": "12"}, {"esas_nausea": "litt"}, {"weight": "400"}):
        assert client.post(url, form | wrong).status_code == 422, wrong
    whole = {"fluid_in": "200", "fluid_in_code": "drink", "stool_code": "none", "esas_nausea": "7", "weight": "72,4", "comment": "Drakk selv"}
    assert client.post(url, form | whole).status_code == 302
    rows = Observation.objects.filter(patient_id=cast.anna.id).exclude(pk=cast.anna.rows["observation"])
    assert sorted((row.kind, row.value, row.code) for row in rows if row.kind != "esas") == [
        ("fluid_in", Decimal(200), "drink"), ("stool", None, "none"), ("weight", Decimal("72.4"), ""),
    ]  # fmt: skip
    page = client.get(f"/pasient/{cast.anna.id}/kurve/vaeske/?periode=72").content.decode()
    assert "ingen avføring" in page and "Kvalme 7" in page and "Drakk selv" in page
    strike = f"/pasient/{cast.anna.id}/malinger/andre/{rows[0].pk}/feil/"
    assert client.post(strike, form | {"reason": " "}).status_code == 422
    assert client.post(strike, form | {"reason": "Feil pasient"}).status_code == 302


def test_a_score_is_stored_whole_or_not_at_all_and_shown_with_its_band(cast, client_for):
    client, path = client_for(NURSE), reverse("score_new", args=[cast.anna.id, "must"])
    values = {"patient": str(cast.anna.id), "actor": str(cast[NURSE].id), "bmi": "1", "loss": "1", "event_at": ""}
    refused = client.post(path, values | {"event_at": "10:00 i går"})
    assert refused.status_code == 422
    assert 'name="bmi" value="1" checked' in refused.content.decode()
    assert not Observation.objects.filter(kind="score").exists()
    assert client.post(path, values | {"acute": "0", "event_at": timezone.localtime().strftime("%d.%m.%Y %H:%M")}).status_code == 302
    assert Observation.objects.get(kind="score").value == 2
    assert "Høy risiko" in client.get(reverse("scores", args=[cast.anna.id])).content.decode()
    assert client.get(reverse("score_new", args=[cast.anna.id, "gjettet"])).status_code == 404
