"""What a shift asks for, by the keyboard alone: no test here touches a mouse."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.cast import PASSWORD, PIN
from tests.stories.desk import Desk
from tests.stories.stage import admitted_patient

MOST_STEPS = 120


def focused(desk: Desk) -> str:
    """What has the focus, in the words a screen reader would begin with."""
    return desk.page.evaluate(
        """() => {
            const at = document.activeElement;
            if (at === document.body) return "";
            const label = at.labels && at.labels[0];
            return (at.getAttribute("aria-label") || (label ? label.innerText : at.innerText) || "").trim().replace(/\\s+/g, " ");
        }"""
    )


def tab_to(desk: Desk, words: str) -> None:
    """Tab until the thing with these words has the focus, which it may have from the start, and see that the focus is drawn where it is."""
    for _ in range(MOST_STEPS):
        if words in focused(desk):
            assert desk.page.evaluate("document.activeElement.matches(':focus-visible')")
            return
        desk.page.keyboard.press("Tab")
    raise AssertionError(f"«{words}» is not reached by Tab")


@pytest.fixture
def patient(live_site: Any) -> str:
    """Surname of one who lies on the ward, for this test alone."""
    with live_site.as_owner():
        admitted_patient("Tora", "Tastelien")
    return "Tastelien"


def test_log_in_find_open_write_sign_lock_and_unlock_without_a_mouse(new_desk: Callable[..., Desk], patient: str) -> None:
    desk = new_desk()
    keys = desk.page.keyboard
    desk.page.goto("/")
    for label, text in (("Brukernavn", "lms.sykepleier"), ("Passord", PASSWORD)):
        tab_to(desk, label)
        keys.type(text)
    keys.press("Enter")
    desk.page.locator(".epj-who").wait_for()

    keys.press("/")
    assert "Finn pasient" in focused(desk)
    keys.type(patient)
    with desk.page.expect_navigation():
        keys.press("Enter")
    keys.press("j")
    assert patient in focused(desk)
    with desk.page.expect_navigation():
        keys.press("Enter")
    assert desk.page.title().startswith(patient)

    tab_to(desk, "Situasjon")
    keys.type("Skrevet uten mus")
    tab_to(desk, "Aktuell vurdering")
    keys.type("Stabil")
    with desk.page.expect_navigation():
        keys.press("Control+Enter")
    desk.page.get_by_text("Notatet er signert.").wait_for()
    assert desk.page.locator(".epj-entry", has_text="Skrevet uten mus").get_by_text("Signert").is_visible()

    keys.press("F9")
    desk.page.locator(".epj-locked").wait_for()
    assert patient not in desk.page.content()
    assert "PIN-kode" in focused(desk)
    keys.type(PIN)
    with desk.page.expect_event("load"):
        keys.press("Enter")
    assert desk.page.title().startswith(patient)


def test_the_first_tab_of_every_page_skips_to_the_content(desk_of: Callable[..., Desk]) -> None:
    desk = desk_of("lms.sykepleier")
    for address in ("/tavle/", "/pasienter/", "/oppgaver/"):
        desk.page.goto(address)
        desk.page.keyboard.press("Tab")
        assert focused(desk) == "Hopp til innholdet"
        desk.page.keyboard.press("Enter")
        assert desk.page.evaluate("document.activeElement.id") == "innhold"


def test_the_rail_is_reached_by_two_letters_and_the_letters_are_listed(desk_of: Callable[..., Desk]) -> None:
    desk = desk_of("lms.sykepleier")
    for letters, address in (("gp", "/pasienter/"), ("go", "/oppgaver/"), ("gt", "/tavle/")):
        with desk.page.expect_navigation(url=re.compile(re.escape(address) + "$")):
            desk.page.keyboard.type(letters)
    desk.page.keyboard.press("?")
    listed = desk.page.get_by_role("dialog")
    for key in ("g t", "g p", "g o", "/", "F9", "Ctrl+Enter"):
        assert listed.get_by_text(key, exact=True).is_visible()
    desk.page.keyboard.press("Escape")
    listed.wait_for(state="detached")


def test_letters_typed_in_a_field_stay_letters(desk_of: Callable[..., Desk]) -> None:
    desk = desk_of("lms.sykepleier")
    desk.page.keyboard.press("/")
    desk.page.keyboard.type("gp/j?")
    assert desk.page.locator("#epj-search").input_value() == "gp/j?"
    assert not desk.page.get_by_role("dialog").is_visible()


def test_a_dialog_keeps_the_focus_and_gives_it_back(desk_of: Callable[..., Desk], patient: str) -> None:
    desk = desk_of("lms.sykepleier")
    desk.search(patient)
    desk.page.keyboard.press("j")
    with desk.page.expect_navigation():
        desk.page.keyboard.press("Enter")
    desk.write(situation="Skal kastes")
    desk.wait_until_saved()
    desk.page.reload()
    tab_to(desk, "Forkast")
    desk.page.keyboard.press("Enter")
    dialog = desk.page.get_by_role("dialog", name="Forkaste kladden?")
    dialog.wait_for()
    for _ in range(5):
        desk.page.keyboard.press("Tab")
        assert desk.page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")
    desk.page.keyboard.press("Escape")
    assert focused(desk) == "Forkast"
