"""A nurse's evening on the real screens: a full set on a tablet, a round of ten doses, two who give at once – and the presses that it takes.

Presses are counted by the page itself, not by the test.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.urls import reverse

from journal.models import MedOrder
from lms_epj.core.clock import to_oslo
from tests.cast import build_cast
from tests.e2e.test_axe import faults
from tests.stories.desk import TABLET
from tests.stories.stage import admitted_patient

NURSE, DOCTOR = "lms.sykepleier", "lms.lege"
SET = ("25", "95", "0", "138", "80", "104", "37,8", "4")  # respiration … temperature, pain: in the order of the form
COUNTER = """
if (!window.epjCounts) {
  window.epjCounts = true;
  addEventListener("click", (event) => { if (event.isTrusted && event.detail) sessionStorage.presses = Number(sessionStorage.presses || 0) + 1; }, true);
}
"""
DRUGS = ("apiksaban", "bisoprolol", "furosemid", "ramipril", "atorvastatin")


@pytest.fixture(scope="module")
def ward(live_site):
    """Two patients with five doses each that are due now."""
    with live_site.as_owner():
        patients = [admitted_patient("Gudrun", "Dosemyrli"), admitted_patient("Halvor", "Rundemyrås")]
        for patient in patients:
            for drug in DRUGS:
                order(patient, drug)
    return patients


def order(patient: UUID, generic: str) -> None:
    cast, now = build_cast(), datetime.now(UTC)
    at = to_oslo(now).time().replace(second=0, microsecond=0)
    MedOrder.objects.create(
        patient_id=patient, category_id=5, unit_id=cast.units["ward"], legal_entity_id=cast.entities["lms"], author_id=cast[DOCTOR].id,
        event_at=now, recorded_at=now, kind="regular", generic=generic, dose=Decimal(5), unit_text="mg", route="gjennom munnen", times=[at],
        starts_at=now - timedelta(minutes=30), signed_by_id=cast[DOCTOR].id, signed_at=now,
    )  # fmt: skip


def counted(desk):
    desk.context.add_init_script(COUNTER)
    desk.page.reload()
    desk.page.evaluate("sessionStorage.presses = 0")
    return lambda: int(desk.page.evaluate("sessionStorage.presses"))


def test_a_full_set_takes_two_presses_beside_the_numbers(ward, desk_of, live_site):
    desk = desk_of(NURSE, viewport=TABLET, has_touch=True)
    desk.open(ward[0])
    presses = counted(desk)
    with desk.page.expect_navigation():
        desk.page.get_by_role("link", name="Registrer målinger").first.click()
    for value in SET:
        desk.page.keyboard.type(value)
        desk.page.keyboard.press("Enter")
    desk.press("A Våken")
    assert "Målingene er lagret." in desk.text
    assert presses() == 2
    row = "SELECT respiration, spo2, on_oxygen, systolic, diastolic, pulse, temperature, consciousness, news2_total FROM journal_vitalset WHERE patient_id = %s"
    assert live_site.query(row, ward[0]) == [(25, 95, False, 138, 80, 104, Decimal("37.8"), "A", 5)]
    assert live_site.query("SELECT value FROM journal_observation WHERE patient_id = %s", ward[0]) == [(4,)]


def test_a_round_of_ten_doses_takes_eleven_presses_and_two_cannot_give_one(ward, desk_of, live_site):
    desk, other = desk_of(NURSE, viewport=TABLET, has_touch=True), desk_of(DOCTOR)
    presses = counted(desk)
    with desk.page.expect_navigation():
        desk.page.get_by_role("link", name="Runde", exact=True).click()
    other.open(ward[0], "med_sheet")
    assert faults(other.page) == []
    other.page.goto(reverse("med_round"))
    assert faults(other.page) == []
    for patient in ward:
        card = desk.page.locator(f"#pasient-{patient}")
        for drug in DRUGS:
            with desk.page.expect_navigation():
                card.get_by_role("button", name=f"Gi {drug}").click()
    assert presses() == 11
    given = "SELECT count(*), count(DISTINCT order_id) FROM journal_meddose WHERE patient_id = ANY (%s) AND status = 'given'"
    assert live_site.query(given, [ward]) == [(10, 10)]
    assert "0 doser nå" in desk.text
    with other.page.expect_navigation():  # a page from before all this
        other.page.locator(f"#pasient-{ward[1]}").get_by_role("button", name="Gi ramipril").click()
    assert "Ingrid Solberg Haugen har ført denne dosen som gitt" in other.text
    assert live_site.query(given, [ward]) == [(10, 10)]


def test_a_doctor_orders_a_nurse_controls_and_another_gives(ward, desk_of):
    doctor, nurse = desk_of(DOCTOR), desk_of(NURSE)
    doctor.open(ward[0], "order_new")
    now = to_oslo(datetime.now(UTC))
    doctor.fill(
        generic="morfin",
        dose="2,5",
        unit_text="mg",
        route="gjennom munnen",
        times=f"{now:%H:%M}",
        indication="smerter",
        starts=f"{now:%d.%m.%Y %H:%M}",
    )
    doctor.press("Signer forordningen")
    row = doctor.page.locator("tr", has_text="morfin")
    assert "Dobbeltkontroll" in row.inner_text()
    nurse.open(ward[0], "med_sheet")
    with nurse.page.expect_navigation():
        nurse.page.locator("tr", has_text="morfin").get_by_role("button", name="Kontroller").click()
    assert "Du har kontrollert. En annen gir." in nurse.page.locator("tr", has_text="morfin").inner_text()
    doctor.page.reload()
    with doctor.page.expect_navigation():
        row.get_by_role("button", name="Gi morfin").click()
    assert "gitt" in row.inner_text()
    doctor.page.get_by_role("main").get_by_role("link", name="Stopp morfin").click()
    doctor.fill(reason="Smertefri")
    doctor.press("Stopp nå")
    assert "Stoppet" in doctor.page.locator("tr", has_text="morfin").inner_text()
