"""One person at one browser, doing by screens what a person does: log in, find, write, sign, lock."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse

from tests.cast import DEVICE, PASSWORD, PIN

DESKTOP, TABLET = {"width": 1440, "height": 900}, {"width": 834, "height": 1112}
PATIENCE = 15_000  # ms that a screen may take on a busy machine before a test gives up
SAVED = '[data-save="saved"]'


class Desk:
    """A browser of its own (cookies, storage), and the page in front of the person."""

    def __init__(self, context: Any) -> None:
        self.context = context
        self.page = context.new_page()

    # --- who ---

    def log_in(self, username: str) -> None:
        """Through the log-in page; lands where the role lands."""
        self.fill_log_in(username)
        self.page.locator(".epj-who").wait_for()

    def fill_log_in(self, username: str) -> None:
        """Name and password, sent."""
        self.page.goto(reverse("login"))
        self.page.get_by_label("Brukernavn").fill(username)
        self.page.get_by_label("Passord").fill(PASSWORD)
        with self.page.expect_navigation():
            self.page.get_by_role("button", name="Logg inn").click()

    def sit_in(self, secret: str, address: str) -> None:
        """Goes on in a session of the cast that stands ready, without the log-in page."""
        cookies = {"epj_session": secret, "epj_device": DEVICE}
        self.context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])

    def lock(self) -> None:
        self.page.keyboard.press("F9")
        self.page.locator(".epj-locked").wait_for()

    def unlock(self) -> None:
        """By PIN on the locked screen; the page is loaded anew behind it."""
        self.page.get_by_label("PIN-kode").fill(PIN)
        with self.page.expect_event("load"):
            self.page.keyboard.press("Enter")

    # --- whom ---

    def search(self, text: str) -> None:
        """The search field at the top."""
        self.page.locator("#epj-search").fill(text)
        with self.page.expect_navigation():
            self.page.locator("#epj-search").press("Enter")

    def open(self, patient: UUID, route: str = "patient") -> Any:
        """An address by hand; returns the response."""
        return self.page.goto(reverse(route, args=[patient]))

    def tab(self, name: str) -> None:
        """A part of the record, by its tab."""
        self.page.get_by_role("navigation", name="Deler av journalen").get_by_role("link", name=name).click()

    @property
    def text(self) -> str:
        """What the page says."""
        return self.page.locator("body").inner_text()

    # --- what ---

    def choose_template(self, name: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_label("Mal").select_option(label=name)

    def write(self, **sections: str) -> None:
        """Into the composer, section by section."""
        for key, text in sections.items():
            self.page.locator(f'[name="section.{key}"]').fill(text)

    def wait_until_saved(self) -> None:
        self.page.locator(".epj-composer").press("Control+s")
        self.page.locator(SAVED).wait_for()

    def sign(self) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name="Signer notat").click()
        self.page.get_by_text("Notatet er signert.").wait_for()

    def fill(self, **fields: str) -> None:
        """Fields of a form in the page's main part, by name."""
        for name, value in fields.items():
            self.page.locator(f'main [name="{name}"]').fill(value)

    def press(self, button: str) -> None:
        """A button of the page's main part that leads to another page."""
        with self.page.expect_navigation():
            self.page.get_by_role("main").get_by_role("button", name=button, exact=True).click()

    def follow(self, link: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("main").get_by_role("link", name=link, exact=True).click()


@pytest.fixture
def new_desk(browser: Any, live_site: Any) -> Iterator[Callable[..., Desk]]:
    """`new_desk()`: a new browser with nothing in it. A fault in a script of the page fails the test."""
    contexts, faults = [], []

    def made(**options: Any) -> Desk:
        values = {"viewport": DESKTOP, "locale": "nb-NO", "timezone_id": "Europe/Oslo", "reduced_motion": "reduce"} | options
        context = browser.new_context(base_url=live_site.address, **values)
        context.set_default_timeout(PATIENCE)
        context.on("weberror", lambda error: faults.append(str(error.error)))
        contexts.append(context)
        return Desk(context)

    yield made
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def desk_of(new_desk: Callable[..., Desk]) -> Callable[..., Desk]:
    """`desk_of("lms.lege")`: a new browser where that person has logged in."""

    def made(username: str, **options: Any) -> Desk:
        desk = new_desk(**options)
        desk.log_in(username)
        return desk

    return made
