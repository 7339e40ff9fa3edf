"""Two administrators at two browsers: a right is taken away and is gone at once, given back by both, and a role and a document type are made."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from tests.cast import build_cast, marker_of
from tests.stories.desk import Desk

FIRST, SECOND, NURSE = "tilgang.admin", "tilgang.admin2", "lms.sykepleier"
CELL = "Sykepleie, Innlagt"
WHY = "Prøver at retten kan tas bort og gis tilbake"


@pytest.fixture
def desks(live_site: Any, desk_of: Callable[..., Desk]) -> tuple[Desk, Desk, Desk]:
    return desk_of(FIRST), desk_of(SECOND), desk_of(NURSE)


def test_a_right_is_taken_at_once_and_given_back_by_two(desks):
    first, second, nurse = desks
    anna = build_cast().anna
    note = f"{marker_of('anna')} note"
    assert reads(nurse, anna, note)
    change_cell(first, "Skrive", "Ingen")
    assert "Får mindre" in first.text
    assert first.page.locator("#effect-lose ~ .epj-effect__sum").inner_text().split()[0] == "2"
    first.page.evaluate("document.querySelector('main form').noValidate = true")
    first.press("La endringen gjelde nå")
    assert first.page.locator(".epj-errors").is_visible()
    first.fill(reason=WHY)
    first.press("La endringen gjelde nå")
    assert "Endringen gjelder nå" in first.text
    assert not reads(nurse, anna, note)

    change_cell(first, "Ingen", "Skrive")
    first.fill(reason=WHY)
    first.press("Send til godkjenning")
    assert "Du foreslo endringen selv" in first.text
    assert first.page.get_by_role("button", name="Godkjenn").count() == 0
    assert not reads(nurse, anna, note)

    second.page.goto(reverse("rights_changes"))
    second.follow("Se over Sykepleier")
    assert "Får mer" in second.text
    second.press("Godkjenn")
    assert "godkjent og gjelder nå" in second.text
    assert reads(nurse, anna, note)
    open_role(second)
    second.follow("Historikk")
    assert "Tor Kristian Bakke, godkjent av Ragnhild Vatne" in second.text


def reads(desk: Desk, patient: Any, text: str) -> bool:
    """Whether the note stands on the patient's page, loaded anew, with nobody logging in again."""
    desk.open(patient.id, "notes")
    return text in desk.text


def open_role(desk: Desk) -> None:
    """The nurse of the ward, by searching for the role."""
    desk.page.goto(reverse("rights"))
    with desk.page.expect_navigation():
        desk.page.get_by_role("link", name="Sykepleier", exact=False).filter(has_text="1 enhet").first.click()


def change_cell(desk: Desk, before: str, after: str) -> None:
    open_role(desk)
    cell = desk.page.get_by_label(CELL, exact=True)
    assert cell.evaluate("one => one.selectedOptions[0].text") == before
    assert desk.page.locator("[data-bar]").is_hidden()
    cell.select_option(label=after)
    assert "1 endring er ikke lagret." in desk.text
    desk.press("Se hvem det gjelder")


def test_a_role_and_a_document_type_are_made_on_screen(desks):
    first, _, nurse = desks
    open_role(first)
    first.follow("Ny rolle")
    first.fill(name="Sykepleier, nattevakt", mark="N", reason="Egen rolle for natt")
    first.press("Lag rollen")
    assert "Rollen er laget" in first.text
    assert first.page.get_by_role("heading", name="Sykepleier, nattevakt", level=2).is_visible()

    first.page.goto(reverse("document_types"))
    first.follow("Ny journaltype")
    first.fill(name="Nattlogg", headings="Søvn\nTilsyn", reason="Ønsket av posten")
    first.page.get_by_label("Informasjonskategori").select_option(label="Sykepleie")
    first.page.get_by_label("Sykepleier", exact=True).check()
    first.press("Lagre journaltypen")
    assert "Nattlogg" in first.text
    nurse.open(build_cast().anna.id)
    nurse.choose_template("Nattlogg")
    assert nurse.page.locator('[name="section.sovn"]').is_visible()
