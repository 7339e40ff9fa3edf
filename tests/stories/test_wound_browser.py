"""A wound on the real screens: charted on a tablet with the camera, through lost net and a locked screen, compared, and answered by a specialist.

Presses are counted by the page itself, not by the test.
"""

import pytest
from django.urls import reverse

from tests.e2e.test_axe import faults
from tests.journal.pictures import jpeg
from tests.stories.desk import TABLET
from tests.stories.stage import admitted_patient
from tests.stories.test_curve_browser import counted

NURSE = "lms.sykepleier"
CAMERA = 'input[type="file"][capture="environment"]'


@pytest.fixture(scope="module")
def patient(live_site):
    with live_site.as_owner():
        return admitted_patient("Solveig", "Sårmyrhaugen")


def photograph(desk, colour):
    desk.page.locator(CAMERA).set_input_files({"name": "image.jpg", "mimeType": "image/jpeg", "buffer": jpeg(colour, (3000, 2000))})
    desk.page.locator("[data-chosen] canvas").wait_for()


def test_a_wound_from_the_body_to_the_answer_of_a_specialist(patient, desk_of, new_desk, live_site):
    desk = desk_of(NURSE, viewport=TABLET, has_touch=True)
    desk.open(patient, "wounds")
    presses = counted(desk)
    desk.follow("Nytt sår")
    desk.page.locator('[data-site="heel_left"]').click()
    assert desk.page.locator("[data-body-name]").inner_text() == "Venstre hæl"
    desk.page.get_by_label("Type sår").select_option(label="Trykksår")
    desk.page.get_by_label("Kategori (trykksår)").select_option(label="Kategori II")
    desk.press("Lagre og vurder")
    photograph(desk, "firebrick")
    desk.fill(length_mm="40", width_mm="30", granulation="70", fibrin="30")
    assert "12,0 cm²" in desk.page.locator("[data-area]").inner_text() and desk.page.locator("[data-bed]").inner_text() == "100 %"
    for pick in ("Moderat", "Vitale, i plan"):
        desk.page.get_by_role("radio", name=pick, exact=True).click()
    desk.page.get_by_role("button", name="I morgen").click()

    desk.context.set_offline(True)
    desk.page.get_by_role("button", name="Lagre vurderingen").click()
    desk.page.get_by_text("Nettet er nede.").wait_for()
    assert desk.page.locator("[data-chosen] canvas").count() == 1 and desk.page.locator("[name=length_mm]").input_value() == "40"
    desk.context.set_offline(False)
    desk.press("Lagre vurderingen")
    assert "Vurderingen er lagret." in desk.text and "12,0" in desk.text
    assert presses() == 8, "the two choices in lists are made by the keyboard of the tablet; one press was for the lost net"
    stored = "SELECT width, height, media_type FROM journal_attachment WHERE patient_id = %s"
    assert live_site.query(stored, patient) == [(2000, 1333, "image/jpeg")]
    assert live_site.query("SELECT title FROM journal_task WHERE patient_id = %s", patient) == [("Sårstell: Trykksår, kategori II, venstre hæl",)]

    desk.follow("Ny vurdering")
    photograph(desk, "salmon")
    desk.fill(length_mm="20", width_mm="15")
    desk.page.wait_for_timeout(1000)
    desk.lock()
    desk.unlock()
    desk.page.locator("[data-chosen] canvas").wait_for()
    assert desk.page.locator("[name=length_mm]").input_value() == "20"
    desk.press("Lagre vurderingen")
    assert "75 % mindre" in desk.text and live_site.query("SELECT count(*) FROM journal_attachment WHERE patient_id = %s", patient) == [(2,)]

    desk.follow("Sammenlign bilder")
    assert faults(desk.page) == []
    desk.page.set_viewport_size(TABLET)
    desk.page.get_by_role("button", name="Legg oppå hverandre").click()
    assert desk.page.locator("[data-over]").is_visible()
    desk.page.get_by_role("main").get_by_role("link", name="Til såret").click()

    desk.page.get_by_role("link", name="Spør spesialist").click()
    desk.fill(question="Bør hælen revideres?", name="Sårsykepleier", organisation="Ahus")
    desk.press("Lag lenke")
    address, code = (desk.page.locator(f"#{field}").input_value() for field in ("link", "code"))
    specialist = new_desk()
    specialist.page.goto(address)
    assert faults(specialist.page) == []
    specialist.fill(code=code)
    specialist.press("Åpne")
    assert "Bør hælen revideres?" in specialist.text and "Sårmyrhaugen" not in specialist.text
    assert specialist.page.locator(".epj-shown__image").evaluate_all("images => images.every(image => image.complete && image.naturalWidth > 100)")
    assert faults(specialist.page) == []
    specialist.fill(answer="Ikke nå. Avlast, og se igjen om en uke.", name="Liv Sår, sårsykepleier")
    specialist.press("Send svar")
    assert "Svaret er sendt." in specialist.text
    desk.page.get_by_role("link", name="Til såret").click()
    desk.page.get_by_text("Ikke nå. Avlast").wait_for()
    assert "Les svar fra spesialist" in desk.page.goto(reverse("patient_tasks", args=[patient])).text()
