"""Five working days on the real screens, from the log-in page: what each takes in presses of the mouse or finger, and in keys beside the text.

The pages count, not the test: a choice in a list counts as two presses, one to open it and one to choose. Rounds of medicine stand in test_curve_browser.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse

from access.models import DecidedMeasure, MeasureTemplate, Patient, PatientIdentity
from journal.models import Task, Visit
from tests.cast import PASSWORD, build_cast
from tests.stories.desk import TABLET, Desk
from tests.stories.stage import admitted_patient

NURSE, DOCTOR, HOME, PHYSIO, OFFICER = "lms.sykepleier", "lms.lege", "aas.hjemmesykepleier", "aas.fysioterapeut", "aas.saksbehandler"
COUNTER = """
if (!window.epjCounts) {
  window.epjCounts = true;
  const add = (name) => sessionStorage.setItem(name, Number(sessionStorage.getItem(name) || 0) + 1);
  addEventListener("pointerdown", (event) => { if (event.isTrusted) add("presses"); }, true);
  addEventListener("keydown", (event) => { if (event.isTrusted && event.key.length > 1 && !["Shift", "Control", "Alt"].includes(event.key)) add("keys"); }, true);
}
"""


class Hand:
    """A person's hand at a desk: presses what a person presses, types what a person types."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.page, self.chosen = desk, desk.page, 0
        desk.context.add_init_script(COUNTER)

    def log_in(self, username: str) -> None:
        """The name has the focus when the page opens."""
        self.page.goto(reverse("login"))
        self.page.wait_for_function("document.activeElement.name === 'username'")
        self.page.keyboard.type(username)
        self.page.keyboard.press("Tab")
        self.page.keyboard.type(PASSWORD)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.page.locator(".epj-who").wait_for()

    def press(self, what: Any, *, leads_on: bool = True) -> None:
        if not leads_on:
            what.click()
            return
        with self.page.expect_navigation():
            what.click()

    def choose(self, field: Any, label: str, *, leads_on: bool = False) -> None:
        self.chosen += 2
        if not leads_on:
            field.select_option(label=label)
            return
        with self.page.expect_navigation():
            field.select_option(label=label)

    def write(self, *texts: str) -> None:
        """From the field that has the focus to the next and the next."""
        for place, text in enumerate(texts):
            if place:
                self.page.keyboard.press("Tab")
            self.page.keyboard.type(text)

    @property
    def presses(self) -> int:
        return self.chosen + int(self.page.evaluate("Number(sessionStorage.presses || 0)"))

    @property
    def keys(self) -> int:
        return int(self.page.evaluate("Number(sessionStorage.keys || 0)"))


@pytest.fixture
def hand(new_desk: Any) -> Any:
    return lambda **options: Hand(new_desk(**options))


@pytest.fixture(scope="module")
def evening(live_site: Any) -> UUID:
    """One on the ward with a task that is due."""
    with live_site.as_owner():
        patient = admitted_patient("Ragna", "Kveldsmyrhaug")
        cast, now = build_cast(), datetime.now(UTC)
        Task.objects.create(
            patient_id=patient, category_id=13, unit_id=cast.units["ward"], legal_entity_id=cast.entities["lms"], author_id=cast[DOCTOR].id, event_at=now,
            recorded_at=now, title="Veiing før kvelds", due_at=now + timedelta(minutes=20), for_unit_id=cast.units["ward"],
        )  # fmt: skip
    return patient


@pytest.fixture(scope="module")
def round_patient(live_site: Any) -> UUID:
    with live_site.as_owner():
        return admitted_patient("Torvald", "Visittmyrdal")


@pytest.fixture(scope="module")
def home_round(live_site: Any) -> list[UUID]:
    """Two visits for Kari's nurse, the first in a minute."""
    with live_site.as_owner():
        cast, now = build_cast(), datetime.now(UTC)
        kari = cast.kari
        Visit.objects.filter(visiting_unit_id=cast.units["aas_home"]).update(status="cancelled")
        return [
            Visit.objects.create(
                patient_id=kari.id, category_id=2, unit_id=cast.units["aas_home"], legal_entity_id=cast.entities["aas"], author_id=cast[HOME].id, event_at=now,
                recorded_at=now, visiting_unit_id=cast.units["aas_home"], assigned_to_id=cast[HOME].id, planned_at=now + timedelta(minutes=minutes), minutes=20,
                chores=[{"text": "Legemidler fra dosett", "done": False}, {"text": "Stell", "done": False}],
            ).pk
            for minutes in (1, 2)
        ]  # fmt: skip


def test_a_nurses_evening(evening, hand, live_site):
    """From the log-in to a signed daily note, then the task."""
    nurse = hand()
    nurse.log_in(NURSE)
    page = nurse.page
    nurse.press(page.locator("a.epj-board__name", has_text="Kveldsmyrhaug"))
    nurse.choose(page.get_by_label("Mal"), "Sykepleienotat, døgn", leads_on=True)
    nurse.press(page.locator('[name="section.status"]'), leads_on=False)
    nurse.write("Rolig kveld, smertefri", "Spiste en halv porsjon", "Oppe i stol to ganger", "Datteren ringte", "Veies i morgen")
    nurse.press(page.get_by_role("button", name="Signer notat"))
    page.get_by_text("Notatet er signert.").wait_for()
    assert nurse.presses <= 6, "log-in to a signed daily note"
    assert live_site.query("SELECT document_type_id, state FROM journal_note WHERE patient_id = %s", evening) == [("nurse_daily", "SIGNED")]
    nurse.press(page.get_by_role("link", name="Oppgaver", exact=True).first)
    nurse.press(page.locator("tr", has_text="Veiing før kvelds").get_by_role("button", name="Gjort"))
    assert live_site.query("SELECT done_at IS NOT NULL FROM journal_task WHERE patient_id = %s", evening) == [(True,)]
    assert (nurse.presses, nurse.keys) <= (8, 6)


def test_a_doctors_round(round_patient, hand, live_site):
    """Decides that the patient stays, orders a medicine, signs the round's note."""
    doctor = hand()
    doctor.log_in(DOCTOR)
    page = doctor.page
    doctor.press(page.locator("a.epj-board__name", has_text="Visittmyrdal"))
    doctor.choose(page.get_by_label("Mal"), "Visitt", leads_on=True)
    doctor.press(page.locator('[name="section.subjective"]'), leads_on=False)
    doctor.write("Bedre enn i går", "Knatrelyder basalt", "Pneumoni i bedring", "Fortsetter antibiotika")
    doctor.press(page.get_by_role("button", name="Signer notat"))
    page.get_by_text("Notatet er signert.").wait_for()
    noted = doctor.presses
    doctor.press(page.get_by_role("link", name="Legemidler", exact=True))
    doctor.press(page.get_by_role("link", name="Ny forordning"))
    doctor.press(page.locator('main [name="generic"]'), leads_on=False)
    doctor.write("paracetamol", "1", "g")
    for name, text in (("route", "gjennom munnen"), ("times", "08 14 20"), ("indication", "feber")):
        page.locator(f'main [name="{name}"]').focus()
        page.keyboard.type(text)
    doctor.press(page.get_by_role("button", name="Signer forordningen"))
    doctor.press(page.get_by_role("link", name="Opphold", exact=True))
    doctor.press(page.get_by_role("link", name="Ta avgjørelse"))
    doctor.choose(page.locator("#f-outcome"), "Blir på LMS")
    doctor.press(page.get_by_role("main").get_by_label("Begrunnelse"), leads_on=False)
    doctor.write("Trenger intravenøst ett døgn til")
    doctor.press(page.get_by_role("button", name="Lagre avgjørelsen"))
    assert live_site.query("SELECT outcome FROM journal_staydecision WHERE patient_id = %s", round_patient) == [("stay",)]
    assert live_site.query("SELECT generic, signed_at IS NOT NULL FROM journal_medorder WHERE patient_id = %s", round_patient) == [
        ("paracetamol", True)
    ]
    assert noted <= 6
    assert doctor.presses <= 16


def test_a_home_care_round_on_a_tablet(home_round, hand, live_site):
    """One visit as planned; in the other something is left, and the reason is asked for."""
    nurse = hand(viewport=TABLET, has_touch=True)
    nurse.log_in(HOME)
    page = nurse.page
    page.locator("#visit-form").wait_for()
    nurse.press(page.get_by_role("button", name="Start besøk"))
    for chore in page.locator(".epj-chore").all():
        nurse.press(chore, leads_on=False)
    nurse.press(page.get_by_role("button", name="Utført", exact=True))
    first = nurse.presses
    nurse.press(page.get_by_role("button", name="Start besøk"))
    nurse.press(page.locator(".epj-chore").first, leads_on=False)
    nurse.press(page.get_by_role("button", name="Utført", exact=True))
    assert page.locator("#visit-remark-error").is_visible()
    assert page.locator(".epj-chore input").first.is_checked(), "what was ticked stays"
    nurse.write("Ville ikke stelles i dag")
    nurse.press(page.get_by_role("button", name="Utført", exact=True))
    rows = live_site.query("SELECT status, remark FROM journal_visit WHERE id = ANY (%s) ORDER BY planned_at", home_round)
    assert rows == [("done", ""), ("done", "Ville ikke stelles i dag")]
    assert first <= 4
    assert nurse.presses <= 8


def test_a_physiotherapists_assessment(hand, live_site):
    """Finds the patient whom she has a task about, assesses and signs."""
    physio = hand()
    physio.log_in(PHYSIO)
    page, kari = physio.page, build_cast().kari
    physio.press(page.get_by_role("link", name="Pasienter", exact=True))
    physio.press(page.get_by_role("main").get_by_role("link", name=f"{kari.family_name}, {kari.given_name}"))
    physio.choose(page.get_by_label("Mal"), "Fysioterapi, undersøkelse", leads_on=True)
    texts = page.locator(".epj-composer textarea")
    physio.press(texts.first, leads_on=False)
    physio.write("Falt hjemme, redd for å gå")
    for field in texts.all()[1:]:
        field.focus()
        physio.write("Reiser seg med støtte")
    for field in page.locator(".epj-composer .epj-composer__short").all():
        field.focus()
        physio.write("3")
    physio.press(page.get_by_role("button", name="Signer notat"))
    page.get_by_text("Notatet er signert.").wait_for()
    written = "SELECT state FROM journal_note WHERE patient_id = %s AND document_type_id = 'physio_assessment'"
    assert live_site.query(written, kari.id) == [("SIGNED",)]
    assert physio.presses <= 6


@pytest.fixture(scope="module")
def applicant(live_site: Any) -> tuple[UUID, str]:
    """A resident of Ås whom the office has not met."""
    with live_site.as_owner():
        patient = admitted_patient("Signe", "Vedtaksmyrlund")
        DecidedMeasure.objects.filter(patient_id=patient, template=MeasureTemplate.objects.get(code="ADMITTED")).exists()
        assert Patient.objects.get(pk=patient).municipality_number == "3218"
        return patient, PatientIdentity.objects.get(patient_id=patient).value


def test_a_case_officers_decision(applicant, hand, live_site):
    """An application opens the case; the assessment is signed, the service decided with type and period."""
    patient, number = applicant
    officer = hand()
    officer.log_in(OFFICER)
    page = officer.page
    page.goto(reverse("assessment_new"))
    officer.press(page.get_by_label("Fødselsnummer"), leads_on=False)
    officer.write(number, "Hjemmesykepleie etter oppholdet")
    officer.press(page.get_by_role("button", name="Åpne sak"))
    officer.choose(page.get_by_label("Mal"), "Vurdering av tjenestebehov", leads_on=True)
    texts = page.locator(".epj-composer textarea")
    officer.press(texts.first, leads_on=False)
    officer.write(*(["Bor alene i andre etasje"] * texts.count()))
    officer.press(page.get_by_role("button", name="Signer notat"))
    page.get_by_text("Notatet er signert.").wait_for()
    officer.press(page.get_by_role("link", name="Tjenester", exact=True))
    officer.press(page.get_by_role("link", name="Nytt vedtak"))
    main = page.get_by_role("main")
    officer.choose(main.locator('[name="service_type"]'), main.locator('[name="service_type"] option').nth(1).inner_text())
    officer.choose(main.locator('[name="executing_unit"]'), "Hjemmesykepleien Ås nord")
    officer.press(main.locator('[name="text"]'), leads_on=False)
    officer.write("Stell og legemidler hver dag")
    officer.press(page.get_by_role("button", name="Fatt vedtak"))
    units = "SELECT executing_unit_id FROM journal_servicedecision WHERE patient_id = %s"
    assert live_site.query(units, patient) == [(build_cast().units["aas_home"],)]
    assert officer.presses <= 16
