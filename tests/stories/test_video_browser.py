"""A wound consult from booked to documented, with a cart that fails in the morning and a specialist by a link; and a function switched on for the next in turn."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse
from guardian.shortcuts import assign_perm

from access.models import User
from journal import models as journal
from lms_epj.core.clock import to_oslo
from telemed import models as telemed
from tests.cast import build_cast, identify
from tests.e2e.test_axe import faults
from tests.stories.desk import TABLET
from tests.stories.stage import admitted_patient

NURSE, LEADER, FROGN = "lms.sykepleier", "lms.leder", "frogn.hjemmesykepleier"


@pytest.fixture
def ward(live_site: Any) -> UUID:
    """A patient with two entries that can be shown, and two carts that are always open."""
    cast, now = build_cast(), datetime.now(UTC)
    with live_site.as_owner():
        patient = admitted_patient("Vilma", "Videomyrlien")
        columns = {"patient_id": patient, "unit_id": cast.units["ward"], "legal_entity_id": cast.entities["lms"], "author_id": cast[NURSE].id,
                   "event_at": now, "recorded_at": now}  # fmt: skip
        journal.CriticalInfo.objects.create(**columns, category_id=3, kind="allergy", substance="Jod", reaction="utslett")
        journal.VitalSet.objects.create(**columns, category_id=6, respiration=16, spo2=97, pulse=71, systolic=131, diastolic=79, news2_total=1)
        for number in (1, 2):
            cart = telemed.Resource.objects.create(kind="equipment", name=f"Storyvogn {number}", unit_id=cast.units["ward"], place="Lager 9")
            telemed.Equipment.objects.create(
                resource=cart, type="cart", owner_id=cast.entities["lms"], support_name="IKT-vakt", support_phone="64 00 00 00"
            )
            telemed.Opening.objects.bulk_create(
                telemed.Opening(resource=cart, weekday=n, opens=time(0), closes=time(0), valid_from=date(2020, 1, 1)) for n in range(7)
            )
    return patient


def test_a_wound_consult_is_booked_rescued_held_and_documented(ward, desk_of, new_desk):
    nurse, guest = desk_of(NURSE), new_desk(viewport=TABLET)
    quarter = to_oslo(datetime.now(UTC).replace(second=0, microsecond=0))
    start = quarter - timedelta(minutes=quarter.minute % 15)

    def book(kind: str, at: datetime) -> None:
        nurse.open(ward, "video_new")
        nurse.page.get_by_label("Hva timen er").select_option(label=kind)
        nurse.fill(aim="Leggsår som ikke gror", day=f"{at:%d.%m.%Y}", time=f"{at:%H:%M}", external="Sårsykepleier", organisation="Ahus")
        nurse.page.get_by_text("Storyvogn 1").click()
        nurse.press("Bestill")

    book("Sårkonsultasjon", start)
    assert "Bestilt. De som er med, er spurt." in nurse.text

    # The same cart again is refused with times; one of them books, and that booking is moved and cancelled.
    book("Veiledning", start)
    assert "Storyvogn 1 er opptatt" in nurse.text and nurse.page.locator("#f-aim").input_value() == "Leggsår som ikke gror"
    assert faults(nurse.page) == []
    with nurse.page.expect_navigation():
        nurse.page.locator('[name="pick"]').nth(1).click()
    assert "Bestilt." in nurse.text
    nurse.follow("Flytt")
    with nurse.page.expect_navigation():
        nurse.page.locator('[name="pick"]').first.click()
    assert "Flyttet." in nurse.text
    nurse.follow("Avlys")
    nurse.page.get_by_label("Hvorfor").select_option(label="Ikke lenger nødvendig")
    nurse.press("Avlys timen")
    assert "Avlyst. Rom, utstyr og folk er ledige." in nurse.text

    # The cart fails; the other one takes its place.
    nurse.page.goto(reverse("equipment"))
    nurse.follow("Storyvogn 1")
    nurse.fill(text="Mikrofonen er død")
    nurse.press("Meld ute av drift")
    with nurse.page.expect_navigation():
        nurse.page.get_by_role("button", name=re.compile("Storyvogn 2")).click()
    assert "Timen har fått annet utstyr" in nurse.text
    assert faults(nurse.page) == []

    # Held: the specialist knocks, is let in, and sees the two things that were chosen.
    nurse.open(ward, "patient_video")
    nurse.page.get_by_role("link", name=re.compile(r"\d\d:\d\d")).first.click()
    nurse.page.get_by_role("button", name=re.compile("Lag lenke")).click()
    link = nurse.page.locator("#link").input_value()
    nurse.follow("Tilbake til timen")
    nurse.press("Åpne rommet")
    assert "IKT-vakt, 64 00 00 00" in nurse.text and "Storyvogn 2" in nurse.text
    guest.page.goto(link)
    assert faults(guest.page) == []
    guest.press("Jeg er her")
    nurse.page.get_by_role("button", name=re.compile("Slipp inn")).click()
    nurse.page.get_by_text("Er sluppet inn").wait_for()
    for text in ("Jod", "NEWS2 1"):
        nurse.page.locator(".epj-pick", has_text=text).click()
    nurse.press("Vis det som er valgt")
    assert faults(nurse.page) == []
    guest.page.locator(".epj-shown").nth(1).wait_for()
    assert "Jod" in guest.text and "131/79 mmHg" in guest.text and "Videomyrlien" not in guest.text and "Leggsår" not in guest.text
    assert faults(guest.page) == []
    with guest.context.expect_page() as opened:
        guest.page.get_by_role("link", name="Bli med i rommet").click()
    opened.value.get_by_text("Ingrid Solberg Haugen").wait_for()
    assert faults(opened.value) == []

    nurse.follow("Avslutt og dokumenter")
    assert faults(nurse.page) == []
    nurse.fill(**{"section.assessment": "Såret er rent", "section.agreed": "Bytter bandasje annenhver dag her", "saved_km": "58"})
    nurse.page.get_by_label("Avgjørelse for oppholdet").select_option(label="Blir på LMS")
    nurse.press("Avslutt timen og signer notatet")
    assert "Avgjørelse: Blir på LMS" in nurse.text and "Spart reise 58 km" in nurse.text
    guest.page.get_by_text("Timen er over").wait_for()
    guest.page.locator(".epj-shown").first.wait_for(state="detached")
    nurse.follow("Vurder timen")
    assert faults(nurse.page) == []
    nurse.open(ward, "stay")
    assert "Blir på LMS" in nurse.text and "Videotimer" in nurse.text


def test_one_municipality_is_the_pilot_and_then_the_next(live_site, desk_of):
    """The leader registers a room in Frogn and opens its hours; what waits its turn is refused, and booked once it is a pilot."""
    cast, tomorrow = build_cast(), to_oslo(datetime.now(UTC)) + timedelta(days=1)
    with live_site.as_owner():
        plans = [
            telemed.RollOutPlan.objects.create(legal_entity_id=cast.entities["nordre_follo"]),
            telemed.RollOutPlan.objects.get(pk=identify("plan", "frogn")),
        ]
        for plan in plans:
            assign_perm("manage_rollout", User.objects.get(pk=cast[LEADER].id), plan)
    leader, nurse = desk_of(LEADER), desk_of(FROGN)

    def stage(name: str, stage: str) -> str:
        leader.page.goto(reverse("rollout"))
        with leader.page.expect_navigation():
            leader.page.get_by_role("link", name=f"Sett trinn {name}").click()
        leader.page.get_by_label("Hva").select_option(label="Pasient hjemme")
        leader.page.get_by_label("Trinn").select_option(label=stage)
        leader.press("Sett trinnet")
        return leader.page.get_by_role("region", name=name).inner_text()

    def book() -> None:
        nurse.open(cast.foreign.id, "video_new")
        nurse.page.get_by_label("Hva timen er").select_option(label="Pasient hjemme")
        nurse.fill(aim="Samtale om smerter", day=f"{tomorrow:%d.%m.%Y}", time="10:00")
        nurse.page.get_by_text("Storyrom Frogn").click()
        nurse.press("Bestill")

    leader.page.goto(reverse("rollout"))
    with leader.page.expect_navigation():
        leader.page.get_by_role("link", name="Rom, utstyr og folk Frogn kommune").click()
    leader.follow("Nytt")
    leader.page.get_by_label("Hva", exact=True).select_option(label="Rom")
    leader.page.get_by_label("Enhet").select_option(label="Hjemmesykepleien Frogn")
    leader.fill(name="Storyrom Frogn", place="1. etasje")
    leader.press("Registrer")
    assert "Sett åpningstider" in leader.text
    for day in ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"):
        leader.page.get_by_text(day, exact=True).click()
    leader.fill(week_opens="00:00", week_closes="00:00")
    leader.press("Sett tidene")
    assert "hele døgnet" in leader.text

    assert "Pilot" in stage("Nordre Follo kommune", "Pilot")
    assert "Planlagt" in stage("Frogn kommune", "Planlagt")
    book()
    assert "er ikke tatt i bruk i virksomheten din" in nurse.text
    assert "Pilot" in stage("Frogn kommune", "Pilot")
    book()
    assert "Bestilt." in nurse.text
