"""No text is lost, and none lands with another patient or before another person: the draft against all that goes wrong on a ward."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from tests.stories.desk import Desk
from tests.stories.stage import admitted_patient

NURSE, DOCTOR = "lms.sykepleier", "lms.lege"
FIELD = '[name="section.text"]'
TEMPLATE = "?template=nurse_note"
NOT_SAVED_YET = '[data-save="offline"], [data-save="failed"]'


@pytest.fixture
def patient(live_site: Any) -> Callable[..., UUID]:
    """`patient("Astrid", "Lien")`: one of the ward, for this test alone."""

    def made(given_name: str, family_name: str) -> UUID:
        with live_site.as_owner():
            return admitted_patient(given_name, family_name)

    return made


@pytest.fixture
def nurse(desk_of: Callable[..., Desk]) -> Desk:
    return desk_of(NURSE)


def compose(desk: Desk, patient: UUID) -> Any:
    """The patient's page with the short note; returns its field once the device is ready to keep text."""
    desk.page.goto(f"/pasient/{patient}/{TEMPLATE}")
    ready(desk)
    return desk.page.locator(FIELD)


def ready(desk: Desk) -> None:
    desk.page.evaluate("epj.vault.ready")


def drafts(site: Any, patient: UUID) -> list[str]:
    return [text for (text,) in site.query("SELECT content ->> 'text' FROM journal_note WHERE patient_id = %s AND state = 'DRAFT'", patient)]


def stored_here(desk: Desk) -> str:
    """Everything this browser has stored, as letters: what lies in the database of the page, in storage and in cookies."""
    return desk.page.evaluate(
        """async () => {
            const found = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie];
            for (const { name } of await indexedDB.databases()) {
                const opened = await new Promise((done) => { const asked = indexedDB.open(name); asked.onsuccess = () => done(asked.result); });
                for (const kept of opened.objectStoreNames) {
                    const rows = await new Promise((done) => { const asked = opened.transaction(kept).objectStore(kept).getAll(); asked.onsuccess = () => done(asked.result); });
                    for (const row of rows) found.push(JSON.stringify(row), new TextDecoder().decode(row.data));
                }
                opened.close();
            }
            return found.join("\\n");
        }"""
    )


def test_a_draft_survives_that_the_web_server_is_killed(live_site, nurse, patient):
    anyone = patient("Astrid", "Drapslien")
    field = compose(nurse, anyone)
    field.fill("Lagret før strømmen gikk. ")
    nurse.wait_until_saved()
    live_site.kill()
    field.press("End")
    field.press_sequentially("Skrevet mens tjeneren var nede.")
    nurse.page.locator(NOT_SAVED_YET).wait_for()
    live_site.start()
    nurse.page.reload()
    nurse.page.wait_for_function("field => document.querySelector(field).value.endsWith('nede.')", arg=FIELD)
    # The page may have saved by itself before it was loaded anew, or saves now.
    for _second in range(15):
        if (kept := drafts(live_site, anyone)) == ["Lagret før strømmen gikk. Skrevet mens tjeneren var nede."]:
            break
        nurse.page.wait_for_timeout(1000)
    assert kept == ["Lagret før strømmen gikk. Skrevet mens tjeneren var nede."]


def test_a_draft_written_without_net_is_saved_when_the_net_is_back(live_site, nurse, patient):
    anyone = patient("Birger", "Nettlien")
    field = compose(nurse, anyone)
    nurse.context.set_offline(True)
    field.fill("Skrevet i heisen")
    nurse.page.locator('[data-save="offline"]').wait_for()
    assert drafts(live_site, anyone) == []
    assert "Skrevet i heisen" not in stored_here(nurse)
    nurse.context.set_offline(False)
    nurse.page.locator('[data-save="saved"]').wait_for()
    assert drafts(live_site, anyone) == ["Skrevet i heisen"]


def test_a_screen_left_alone_locks_and_gives_the_text_back_for_the_pin(live_site, new_desk, patient):
    anyone = patient("Cecilie", "Hvilelien")
    desk = new_desk()
    desk.page.clock.install()
    desk.log_in(NURSE)
    compose(desk, anyone).fill("Halvferdig setning om natten")
    desk.page.clock.fast_forward("04:00")
    desk.page.locator(".epj-locked").wait_for()
    assert "Halvferdig" not in desk.page.content()
    assert "Hvilelien" not in desk.page.content()
    desk.unlock()
    desk.page.wait_for_function("field => document.querySelector(field).value === 'Halvferdig setning om natten'", arg=FIELD)
    assert drafts(live_site, anyone) == ["Halvferdig setning om natten"]


def test_a_text_locked_away_without_net_comes_back_after_the_pin(live_site, nurse, patient):
    anyone = patient("Dagny", "Mørkelien")
    field = compose(nurse, anyone)
    nurse.context.set_offline(True)
    field.fill("Skrevet uten nett, så låst")
    nurse.page.locator('[data-save="offline"]').wait_for()
    nurse.lock()
    assert "Skrevet uten nett" not in nurse.page.content()
    nurse.context.set_offline(False)
    nurse.unlock()
    nurse.page.locator('[data-save="saved"]').wait_for()
    assert nurse.page.locator(FIELD).input_value() == "Skrevet uten nett, så låst"
    assert drafts(live_site, anyone) == ["Skrevet uten nett, så låst"]


def test_the_next_person_at_the_machine_never_sees_the_text_and_the_first_gets_it_back(live_site, nurse, patient):
    anyone = patient("Eivind", "Byttelien")
    secret = "Dette har bare jeg skrevet"
    field = compose(nurse, anyone)
    nurse.context.set_offline(True)
    field.fill(secret)
    nurse.page.locator('[data-save="offline"]').wait_for()
    nurse.lock()
    nurse.context.set_offline(False)
    nurse.page.get_by_role("button", name="Logg inn som en annen").click()
    nurse.page.get_by_label("Brukernavn").wait_for()
    nurse.log_in(DOCTOR)
    for address in (f"/pasient/{anyone}/", f"/pasient/{anyone}/journal/", f"/pasient/{anyone}/journal/nytt/"):
        assert secret not in nurse.page.goto(address).text()
        ready(nurse)
        assert secret not in nurse.page.content()
        assert all(secret not in area.input_value() for area in nurse.page.locator("textarea").all())
        assert secret not in stored_here(nurse)
    hand_back(nurse)
    nurse.page.goto(f"/pasient/{anyone}/{TEMPLATE}")
    nurse.page.wait_for_function("([field, text]) => document.querySelector(field).value === text", arg=[FIELD, secret])


def hand_back(desk: Desk) -> None:
    """The doctor locks, and the nurse opens her own locked session on the same machine."""
    desk.lock()
    desk.page.get_by_role("button", name="Logg inn som en annen").click()
    desk.page.locator(".epj-session", has_text="Ingrid").get_by_role("link", name="Lås opp").click()
    desk.unlock()
    desk.page.locator(".epj-who", has_text="Ingrid").wait_for()


def test_two_tabs_with_two_patients_never_mix(live_site, nurse, patient):
    first, second = patient("Frida", "Venstrelien"), patient("Georg", "Høyrelien")
    other = Desk(nurse.context)
    for desk, anyone, text in ((nurse, first, "Om Frida"), (other, second, "Om Georg")):
        compose(desk, anyone).fill(text)
    nurse.page.locator(FIELD).press_sequentially(", mer om henne")
    other.page.locator(FIELD).press_sequentially(", mer om ham")
    for desk in (nurse, other):
        desk.page.bring_to_front()
        desk.wait_until_saved()
    assert drafts(live_site, first) == ["Om Frida, mer om henne"]
    assert drafts(live_site, second) == ["Om Georg, mer om ham"]


def test_a_form_with_another_patient_in_it_is_refused_and_nothing_is_stored(live_site, nurse, patient):
    first, second = patient("Hilde", "Rettelien"), patient("Ivar", "Feillien")
    compose(nurse, first).fill("Hører til Hilde")
    swapped = nurse.page.evaluate(
        """async ([other, address]) => {
            const form = document.querySelector("form[data-autosave-url]");
            form.elements.namedItem("patient").value = other;
            const body = new URLSearchParams(new FormData(form));
            const own = (await epj.request(form.dataset.autosaveUrl, { method: "POST", body })).status;
            const others = (await epj.request(address, { method: "POST", body: new URLSearchParams({ ...Object.fromEntries(body), patient: document.body.dataset.patient }) })).status;
            return [own, others];
        }""",
        [str(second), f"/pasient/{second}/journal/kladd/nurse_note/"],
    )
    assert swapped == [409, 409]
    assert drafts(live_site, second) == []


def test_the_same_author_in_two_windows_gets_both_texts_and_loses_neither(live_site, nurse, patient):
    anyone = patient("Jorunn", "Tolien")
    other = Desk(nurse.context)
    compose(nurse, anyone)
    compose(other, anyone).fill("Fra det andre vinduet")
    other.wait_until_saved()
    nurse.page.bring_to_front()
    nurse.page.locator(FIELD).fill("Fra det første vinduet")
    dialog = nurse.page.locator("#epj-conflict")
    dialog.wait_for()
    assert "Fra det andre vinduet" in dialog.locator('[data-text="theirs"]').inner_text()
    assert "Fra det første vinduet" in dialog.locator('[data-text="mine"]').inner_text()
    assert drafts(live_site, anyone) == ["Fra det andre vinduet"]
    dialog.get_by_label("Skriv en ny tekst som dekker begge").check()
    dialog.get_by_role("button", name="Lagre sammenslått").click()
    nurse.page.locator('[data-save="saved"]').wait_for()
    assert drafts(live_site, anyone) == ["Fra det andre vinduet\nFra det første vinduet"]


def test_one_who_keeps_the_own_text_for_now_can_still_choose_later(live_site, nurse, patient):
    anyone = patient("Kåre", "Sidenlien")
    other = Desk(nurse.context)
    compose(nurse, anyone)
    compose(other, anyone).fill("Lagret først")
    other.wait_until_saved()
    nurse.page.bring_to_front()
    nurse.page.locator(FIELD).fill("Skrevet samtidig")
    nurse.page.locator("#epj-conflict").get_by_role("button", name="Avbryt, behold min kladd").click()
    assert nurse.page.locator(FIELD).input_value() == "Skrevet samtidig"
    assert drafts(live_site, anyone) == ["Lagret først"]
    nurse.page.get_by_role("button", name="Vis begge tekstene").click()
    dialog = nurse.page.locator("#epj-conflict")
    dialog.locator("td", has_text="Skrevet samtidig").get_by_role("radio").first.check()
    dialog.get_by_role("button", name="Lagre sammenslått").click()
    nurse.page.locator('[data-save="saved"]').wait_for()
    assert drafts(live_site, anyone) == ["Skrevet samtidig"]
