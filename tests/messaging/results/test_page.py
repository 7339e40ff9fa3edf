"""The page of results: the newest of each, the one before, the curve, and what no longer stands."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from messaging.domain.laboratory import Limits, limits_of, outside
from messaging.selectors.results import charts, curve
from messaging.simulator.laboratory import Finding

pytestmark = pytest.mark.django_db
NURSE = "lms.sykepleier"
NOW = datetime.now(UTC).replace(microsecond=0)


def test_the_newest_the_one_before_and_the_curve(report, client_for, open_gate, cast):
    for days, value in ((3, "12"), (1, "88"), (0, "41")):
        report(
            Finding("NPU19748", "P-CRP", value, "mg/L", "< 5", "1"),
            Finding("", "U-Dyrkning", "Ingen vekst."),
            taken=NOW - timedelta(days=days, hours=1),
        )
    page = client_for(NURSE).get(f"/pasient/{cast.anna.id}/provesvar/").content.decode()
    listed = page[page.index("epj-results__list") :]
    assert listed.index("41") < listed.index("88") < listed.index("12<")
    assert "Ingen vekst." in page and "Over" in page and "Laboratoriets referanseområde" in page
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        crp, culture = charts(gate, cast.anna.id)
        drawn = curve(crp)
    assert [one["value"] for one in drawn["points"]] == ["12", "88", "41"] and curve(culture) is None
    x, y = [one["x"] for one in drawn["points"]], [one["y"] for one in drawn["points"]]
    assert x == sorted(x) and y[1] < y[2] < y[0], "what is more lies higher"
    assert drawn["band"]["y"] > y[0], "under five lies below them all"


def test_what_is_less_than_it_can_measure_is_drawn_as_a_bound_and_another_unit_is_not(report, open_gate, cast):
    for hours, (value, unit) in enumerate((("7", "ng/L"), ("<5", "ng/L"), ("0.01", "µg/L"))):
        report(Finding("NPU27501", "P-Troponin T", value, unit), taken=NOW - timedelta(hours=1 + hours))
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        (chart,) = charts(gate, cast.anna.id)
    assert [(one["value"], one["bound"]) for one in curve(chart)["points"]] == [("< 5", True), ("7", False)]
    assert [one.value for one in chart.standing] == ["7", "< 5", "0,01"]


def test_a_report_sent_again_as_final_is_not_two_answers(report, open_gate, cast):
    document, taken = str(uuid4()), NOW - timedelta(hours=3)
    for hours, value in ((2, "40"), (1, "41")):
        report(Finding("NPU19748", "P-CRP", value, "mg/L"), document=document, taken=taken, at=NOW - timedelta(hours=hours))
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        assert [one.value for one in charts(gate, cast.anna.id)[0].standing] == ["41"]


def test_what_was_cancelled_is_struck_out_and_says_why(report, client_for, cast):
    document = str(uuid4())
    report(Finding("NPU19748", "P-CRP", "41", "mg/L"), document=document, at=NOW - timedelta(hours=2))
    report(Finding("NPU19748", "P-CRP", "41", "mg/L"), document=document, at=NOW - timedelta(hours=1), status="C")
    page = client_for(NURSE).get(f"/pasient/{cast.anna.id}/provesvar/").content.decode()
    assert "<s>41 mg/L</s>" in page and "Kansellert av avsenderen" in page and "epj-results__value" not in page


def test_only_who_may_read_it_has_the_page(report, client_for, cast):
    report(Finding("NPU19748", "P-CRP", "41", "mg/L"))
    assert client_for("frogn.hjemmesykepleier").get(f"/pasient/{cast.anna.id}/provesvar/").status_code in (403, 404)


@pytest.mark.parametrize(
    ("written", "limits"),
    [
        ("60 - 105", (60, 105)),
        ("3,6 – 4,6", (3.6, 4.6)),
        ("< 5", (None, 5)),
        (">= 60", (60, None)),
        ("se kommentar", (None, None)),
        ("", (None, None)),
    ],
)
def test_limits_are_read_as_laboratories_write_them(written, limits):
    assert limits_of(written) == Limits(*limits)


def test_the_laboratorys_own_mark_goes_before_its_limits():
    assert outside(7, "", "", "3 - 5") == "high"
    assert outside(7, "", "2", "3 - 5") == "low"
    assert outside(7, "<", "", "3 - 5") == "", "a bound lies nowhere in particular"
    assert outside(None, "", "", "3 - 5") == ""
