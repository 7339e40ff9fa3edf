"""The control of access, each at an own screen: the custodian follows an emergency to its verdict, the log reviewer takes a look-up from the
work list to a verdict, and the employee answers in between."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.cast import build_cast
from tests.stories.desk import TABLET, Desk
from tests.stories.stage import admitted_patient, unusual_look_up

NURSE, CUSTODIAN, REVIEWER = "lms.sykepleier", "journalansvarlig", "logg.kontroll"
WHY = "Funnet livløs på toalettet, må vite hvilke legemidler hun bruker"


@pytest.fixture
def people(live_site: Any, desk_of: Callable[..., Desk]) -> Callable[[str], Desk]:
    """`people(NURSE)`: that person's browser, logged in once."""
    live_site.wake_sessions()
    desks: dict[str, Desk] = {}

    def desk(username: str) -> Desk:
        if username not in desks:
            desks[username] = desk_of(username)
        return desks[username]

    return desk


def test_the_custodian_follows_an_emergency_to_its_verdict(people):
    patient = build_cast().foreign
    the_nurse_opens_under_emergency_and_writes(people(NURSE), patient)
    the_custodian_asks(people(CUSTODIAN), patient)
    the_nurse_answers(people(NURSE), "Hvem fant henne?", "Pårørende ropte fra gangen, jeg var alene på vakt")
    the_custodian_decides(people(CUSTODIAN), patient)


def the_nurse_opens_under_emergency_and_writes(desk: Desk, patient: Any) -> None:
    desk.search(patient.number)
    desk.page.locator('[name="reason_code"]').first.check()
    desk.fill(reason=WHY)
    desk.page.locator('[name="scope"][value="record"]').check()
    desk.page.locator('[name="confirmed"]').check()
    desk.press("Åpne journalen i 60 minutter")
    assert desk.page.get_by_role("button", name="Avslutt nå").is_visible()
    desk.choose_template("Kort sykepleienotat")
    desk.write(text="Livløs, frie luftveier, sideleie. Våkner etter ett minutt.")
    desk.sign()
    assert desk.page.locator(".epj-rail").get_by_text("Spørsmål").count() == 0


def the_custodian_asks(desk: Desk, patient: Any) -> None:
    assert desk.page.url.endswith("/kontroll/")
    row = desk.page.locator("[data-row]", has_text=WHY)
    assert patient.family_name in row.inner_text()
    with desk.page.expect_navigation():
        row.get_by_role("link", name="Nødrettstilgang").click()
    assert "Kort sykepleienotat" in desk.text
    assert "Livløs" not in desk.text
    assert desk.page.get_by_role("cell", name="Leste").first.is_visible()
    desk.fill(question="Hvem fant henne?")
    desk.press("Send spørsmål")
    assert "Venter på svar fra Ingrid Solberg Haugen" in desk.text


def the_nurse_answers(desk: Desk, question: str, answer: str) -> None:
    desk.page.reload()
    with desk.page.expect_navigation():
        desk.page.locator(".epj-rail").get_by_role("link", name="Spørsmål").click()
    with desk.page.expect_navigation():
        desk.page.locator(".epj-asked li", has_text=question).get_by_role("link").click()
    desk.fill(answer=answer)
    desk.press("Send svar")
    assert "Svaret er sendt" in desk.text
    assert desk.page.locator(".epj-rail").get_by_text("Spørsmål").count() == 0


def the_custodian_decides(desk: Desk, patient: Any) -> None:
    desk.page.goto("/kontroll/")
    row = desk.page.locator("[data-row]", has_text=WHY)
    assert "Besvart" in row.inner_text()
    with desk.page.expect_navigation():
        row.get_by_role("link", name="Nødrettstilgang").click()
    assert "jeg var alene på vakt" in desk.text
    desk.page.get_by_label("Rettmessig", exact=True).check()
    desk.fill(assessment="Notat ført ti minutter etter, samsvarer med svaret")
    desk.press("Avslutt saken")
    assert "saken er avsluttet" in desk.text
    desk.follow("Kontroll av innsyn")
    assert WHY not in desk.text
    desk.follow("Avsluttet")
    assert "Rettmessig" in desk.page.locator("[data-row]", has_text=WHY).inner_text()
    desk.follow("Tall per enhet")
    assert "Observasjonsposten" in desk.text
    assert "Ingrid" not in desk.text


def test_the_log_reviewer_takes_a_look_up_from_the_work_list_to_a_verdict(people, live_site):
    with live_site.as_owner():
        patient = admitted_patient("Egen", "Egenmyrlien")
        unusual_look_up("lms.helsefag", patient, live_site.query("SELECT value FROM access_patientidentity WHERE patient_id = %s", patient)[0][0])
    desk = people(REVIEWER)
    desk.page.set_viewport_size(TABLET)
    with desk.page.expect_navigation():
        desk.page.locator(".epj-rail").get_by_role("link", name="Uvanlig").click()
    row = desk.page.locator("[data-row]", has_text="Egenmyrlien")
    assert "Den ansatte åpnet sin egen journal." in row.inner_text()
    with desk.page.expect_navigation():
        row.get_by_role("link").first.click()
    desk.press("Opprett sak")
    desk.fill(question="Hvorfor åpnet du din egen journal?")
    desk.press("Send spørsmål")
    the_nurse_answers(people("lms.helsefag"), "din egen journal", "Jeg ville se et prøvesvar")
    desk.page.reload()
    assert "Jeg ville se et prøvesvar" in desk.text
    desk.page.get_by_label("Urettmessig, meldt til leder", exact=True).check()
    desk.fill(assessment="Innsyn i egen journal skal skje etter søknad. Leder er orientert.")
    desk.press("Avslutt saken")
    assert "saken er avsluttet" in desk.text
    desk.page.goto("/logg/arbeidsliste/")
    assert "Egenmyrlien" not in desk.text
