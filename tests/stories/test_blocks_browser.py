"""A block from both sides by screens: the administrator registers and lifts it without reading a word, and the doctor it is aimed at sees what is left."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from access.models import PatientIdentity
from tests.stories.desk import Desk
from tests.stories.stage import admitted_patient

ADMIN, NURSE, DOCTOR = "tilgang.admin", "lms.sykepleier", "lms.lege"
TEXT = "Fortalte om noe som hun ikke vil at legen skal lese"


@pytest.fixture
def patient(live_site: Any) -> tuple[Any, str]:
    """(id, number) of one who lies on the ward."""
    with live_site.as_owner():
        key = admitted_patient("Sigrun", "Sperrelien")
        return key, PatientIdentity.objects.get(patient_id=key).value


def find(desk: Desk, number: str) -> None:
    desk.page.goto(reverse("blocks"))
    desk.fill(q=number)
    desk.press("Finn")


def test_an_administrator_sets_and_lifts_a_block_and_the_doctor_sees_what_is_left(desk_of: Callable[..., Desk], patient: tuple[Any, str]):
    key, number = patient
    nurse = desk_of(NURSE)
    nurse.open(key)
    nurse.choose_template("Kort sykepleienotat")
    nurse.write(text=TEXT)
    nurse.sign()
    doctor = desk_of(DOCTOR)
    doctor.open(key)
    assert TEXT in doctor.text
    admin = desk_of(ADMIN)
    the_administrator_blocks_the_note_for_the_doctor(admin, number)
    the_doctor_is_told_once_and_reads_nothing(doctor, key)
    nurse.open(key)
    assert TEXT in nurse.text
    assert "Noe er sperret" not in nurse.text
    find(admin, number)
    admin.follow("Opphev")
    admin.fill(wish_of="Pasienten")
    admin.press("Opphev sperringen")
    assert "Sperringen er opphevet fra nå." in admin.text
    doctor.open(key)
    assert TEXT in doctor.text
    assert "Noe er sperret" not in doctor.text


def the_administrator_blocks_the_note_for_the_doctor(desk: Desk, number: str) -> None:
    find(desk, number)
    assert TEXT not in desk.page.content()
    desk.follow("Ny sperring")
    desk.page.locator('[name="entry"]').first.check()
    desk.page.locator('[name="target"][value="user"]').check()
    desk.fill(username=DOCTOR)
    desk.press("Se hva sperringen fører til")
    lost = desk.page.get_by_role("region", name="Hvem mister innsyn?").inner_text()
    assert "Jonas Amundsen" in lost
    assert "mister 1" in lost
    desk.page.locator("#block-informed").check()
    desk.press("Sperr nå")
    assert "Sperringen gjelder fra nå." in desk.text
    assert "Jonas Amundsen" in desk.text
    assert TEXT not in desk.page.content()
    href = desk.page.get_by_role("link", name="Brev til pasienten (PDF)").get_attribute("href")
    letter = desk.page.request.get(href)
    assert letter.headers["content-type"] == "application/pdf"


def the_doctor_is_told_once_and_reads_nothing(desk: Desk, key: Any) -> None:
    for route in ("patient", "notes"):
        desk.open(key, route)
        assert desk.text.count("Noe er sperret for deg.") == 1
        assert TEXT not in desk.page.content()
    desk.open(key, "patient_block_list")
    assert "Ingenting er sperret som du kan se her." in desk.text
