"""A report's results become rows of the record: what was measured, when, and what no longer stands."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import permutations
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from access.models import AccessBlock, RegisterPerson
from messaging.models import LabResult, Message
from messaging.selectors.results import charts
from messaging.simulator.laboratory import Finding
from messaging.simulator.people import PEOPLE, usual
from tests.messaging.engine.letters import letter

pytestmark = pytest.mark.django_db
NURSE = "lms.sykepleier"
CRP = Finding("NPU19748", "P-CRP", "41", "mg/L", "< 5", "1")
NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.mark.parametrize("version", ["1.3", "1.4"])
def test_each_result_is_a_row_with_what_it_was_measured_on(report, cast, version):
    taken = NOW - timedelta(hours=3)
    filed = report(
        CRP, Finding("NPU27501", "P-Troponin T", "<5", "ng/L", "< 14"), Finding("", "U-Dyrkning", "Ingen vekst."), Finding("NO05172", "B-INR", "1.5", "0"),
        version=version, taken=taken,
    )  # fmt: skip
    assert filed.state == "filed"
    crp, troponin, culture, inr = LabResult.objects.filter(message=filed).order_by("place")
    assert (crp.code, crp.name, crp.value, crp.number, crp.measured_in, crp.reference, crp.deviation) == (
        "NPU19748",
        "P-CRP",
        "41",
        41,
        "mg/L",
        "< 5",
        "1",
    )
    assert (crp.event_at, crp.sampled, crp.day_only) == (taken, True, False)
    assert (crp.patient_id, crp.category_id, crp.document_type_id, crp.unit_id, crp.origin_id) == (
        cast.anna.id, filed.category_id, filed.document_type_id, filed.unit_id, filed.id,
    )  # fmt: skip
    assert (troponin.comparator, troponin.value, troponin.number) == ("<", "5", Decimal(5))
    assert (culture.analyte, culture.value, culture.number) == ("u dyrkning", "Ingen vekst.", None)
    assert inr.measured_in == "", "a nought stands for no unit"


@pytest.mark.parametrize("order", list(permutations("NMC")))
def test_what_was_corrected_or_cancelled_does_not_stand_in_whatever_order_it_came(report, open_gate, cast, order):
    document, values = str(uuid4()), {"N": "41", "M": "14", "C": "14"}
    for status in order:
        at = NOW - timedelta(hours={"N": 3, "M": 2, "C": 1}[status])
        report(Finding("NPU19748", "P-CRP", values[status], "mg/L"), status=status, document=document, at=at)
        kept = {one.status: one for one in Message.objects.filter(patient_id=cast.anna.id, type="SVAR_LAB")}
        stands = "" if "C" in kept else "M" if "M" in kept else "N"
        with open_gate(NURSE, patient=cast.anna.id) as gate:
            shown = [one.value for chart in charts(gate, cast.anna.id) for one in chart.standing]
        assert shown == ([values[stands]] if stands else [])
    assert LabResult.objects.filter(patient_id=cast.anna.id).count() == 2, "what was sent before stays readable"


def test_a_single_result_taken_back_stands_no_longer_and_its_new_value_does(report, open_gate, cast):
    document = str(uuid4())
    report(Finding("NO05172", "B-Hb", "12.0", "g/dL"), CRP, document=document, at=NOW - timedelta(hours=2))
    report(
        Finding("NO05172", "B-Hb", "14.0", "g/dL", status="M"), Finding("NO05172", "B-Hb", "", status="C"), CRP, document=document, status="M", at=NOW
    )
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        assert {one.name: [value.value for value in one.standing] for one in charts(gate, cast.anna.id)} == {"B-Hb": ["14,0"], "P-CRP": ["41"]}


def test_a_result_follows_the_rule_of_its_message(report, open_gate, cast):
    filed = report(CRP)
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        assert [one.name for one in charts(gate, cast.anna.id)] == ["P-CRP"]
        with pytest.raises(DatabaseError), transaction.atomic():
            LabResult.objects.update(value="1")
    with open_gate("frogn.hjemmesykepleier", patient=cast.foreign.id) as gate:
        assert not LabResult.objects.exists()
    AccessBlock.objects.create(
        patient_id=cast.anna.id, scope="entry", entry_id=filed.id, target="unit", target_id=cast.units["ward"], wish_of="Pasienten",
        registered_at=timezone.now(), valid_from=filed.received_at,
    )  # fmt: skip
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        assert charts(gate, cast.anna.id) == []


def test_another_kind_of_message_has_none_and_a_row_is_never_changed(report, post, cast):
    filed = report(CRP)
    with pytest.raises(DatabaseError, match="kept as it came"), transaction.atomic():
        LabResult.objects.filter(message=filed).update(value="4")
    from tests.messaging.engine.letters import about

    assert not LabResult.objects.filter(message=post.receive(letter(about(cast.foreign)))).exists()


def test_a_report_about_one_without_a_record_is_refused_and_the_one_who_watches_is_told(report, client_for):
    """The demo's Per is in the population register alone until he is referred; the partner sends about one who has a record."""
    per = PEOPLE["per"]
    RegisterPerson.objects.create(
        number=per.number("FNR"), kind="FNR", family_name=per.family, given_name=per.given, birth_date=per.born.day, sex="M", municipality_number="3220",
        name_fold="brekke per",
    )  # fmt: skip
    stranger = type("Named", (), {"family_name": per.family, "given_name": per.given, "number": per.number("FNR")})
    refused = report(CRP, patient=stranger)
    assert (refused.state, refused.code) == ("refused", "E35")
    page = client_for("meldingsansvarlig").get("/meldingsvakt/").content.decode()
    assert "Pasienten har ikke journal her." in page and "Laboratoriet" in page and "Avsenderen har fått beskjed" in page
    assert per.family not in page
    assert (usual("SVAR_LAB"), usual("EPIKRISE"), usual("HENVISNING_NYTILSTAND")) == ("kari", "kari", "per")
