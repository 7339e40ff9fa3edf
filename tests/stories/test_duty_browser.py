"""On call, on the real screens: a year's rotation between six municipalities, its gaps mended, a swap over Easter, a page at night, and the hand-over."""

import re
from datetime import UTC, date, datetime, time

import pytest
from django.test import override_settings

from ops.domain.calendar import easter
from ops.domain.wall import instant, oslo
from ops.models import Shift
from ops.services.paging import pages_send
from tests.stories.desk import Desk
from tests.stories.duty_stage import KEEPER, SIX, lay_roster

PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def stage(live_site):
    with live_site.as_owner():
        stage = lay_roster("epj", "EPJ-system", planned=False)
    yield stage
    live_site.query("TRUNCATE ops_system, ops_party, ops_feed CASCADE")


def next_easter() -> datetime:
    """Easter Sunday at noon, the next one that the plan reaches."""
    today = datetime.now(UTC).date()
    day = next(easter(year) for year in (today.year, today.year + 1) if easter(year) > today)
    return instant(date(day.year, day.month, day.day), time(12))


def uncovered(keeper: Desk) -> list[str]:
    """The holes of this story's roster: others of the site may have theirs."""
    keeper.page.goto("/vakt/udekket/")
    return [row for row in keeper.page.locator("main li").all_inner_texts() if "EPJ" in row]


def test_a_year_of_on_call(stage, desk_of, new_desk, live_site):
    keeper = desk_of(KEEPER)
    keeper.page.goto(f"/vakt/plan/{stage.roster.id}/regel/")
    today = oslo(datetime.now(UTC))
    keeper.fill(name="Døgnvakt, ukevis", anchor=f"{today:%d.%m.%Y}", **{f"place_{stage.parties[name].id}": str(n) for n, name in enumerate(SIX, 1)})
    for day in ("lørdag", "søndag"):
        keeper.page.get_by_label(day).uncheck()
    keeper.press("Se hva det fører til")
    assert "Slik blir det" in keeper.text and "Udekket:" in keeper.text
    keeper.press("Lagre planen")
    assert "Planen er lagret og gjelder fra nå av." in keeper.text

    assert uncovered(keeper)
    keeper.page.goto(f"/vakt/plan/{stage.roster.id}/regel/?regel=0")
    for day in ("lørdag", "søndag"):
        keeper.page.get_by_label(day).check()
    keeper.press("Se hva det fører til")
    keeper.press("Lagre planen")
    first_hours = uncovered(keeper)
    assert len(first_hours) <= 1, "only what is left of today before the first shift may be open"
    if first_hours:
        keeper.page.get_by_role("link", name=re.compile("Dekk vakten EPJ")).first.click()
        keeper.page.get_by_label("Hvem", exact=True).select_option(label="Vestby")
        keeper.fill(reason="Til planen begynner")
        keeper.press("Endre vakten")
    assert not uncovered(keeper)

    over_easter(stage, desk_of, live_site)
    woken_at_night(stage, desk_of, new_desk, live_site)
    keeper.page.goto(f"/vakt/plan/{stage.roster.id}/")
    keeper.fill(text="Svitsjen i teknisk rom er ustabil. Ny kommer torsdag.")
    keeper.press("Overlever")
    assert "Beskjeden til neste vakt er lagret." in keeper.text and "Ny kommer torsdag." in keeper.text


def over_easter(stage, desk_of, live_site):
    """Whoever has Easter asks the other speaker's municipality to take it, and gets a yes."""
    moment = next_easter()
    with live_site.as_owner():
        shift = Shift.objects.select_related("party").get(roster=stage.roster, span__contains=moment)
    asking, answering = ("Ås", "Frogn") if shift.party.name != "Frogn" else ("Frogn", "Ås")
    desk = desk_of(KEEPER if shift.party.name not in ("Ås", "Frogn") else {"Ås": "drift", "Frogn": "meldingsansvarlig"}[asking])
    desk.page.goto(f"/vakt/?uke={oslo(moment).date().isoformat()}")
    desk.page.locator(".epj-bar:not(.epj-bar--gap)", has_text=shift.party.name).last.click()
    desk.page.get_by_label("Spør", exact=True).select_option(label=answering)
    desk.fill(note="Påskeferie")
    desk.press("Send spørsmål")
    assert "Spørsmålet er sendt." in desk.text
    other = desk_of({"Ås": "drift", "Frogn": "meldingsansvarlig"}[answering])
    other.page.goto("/vakt/bytter/")
    assert "Påskeferie" in other.text
    other.press("Ja, jeg tar den")
    assert "Byttet er godtatt." in other.text
    with live_site.as_owner():
        assert Shift.objects.get(roster=stage.roster, span__contains=moment).party.name == answering


def woken_at_night(stage, desk_of, new_desk, live_site):
    """A nurse reports; the link in what is sent is opened on a telephone, and one tap is enough."""
    nurse = desk_of("lms.sykepleier")
    nurse.page.goto("/vakt/hendelser/ny/")
    nurse.fill(title="Tavlen svarer ikke")
    nurse.press("Meld feil og varsle vakt")
    assert "Den som har vakt, varsles nå." in nurse.text
    with live_site.as_owner(), override_settings(EPJ_DEMO=True, EPJ_PUBLIC_URL=""):
        assert pages_send() == 1
    desk = desk_of(KEEPER)
    desk.page.goto("/vakt/postkasse/")
    phone = new_desk(viewport=PHONE)
    phone.page.goto(re.search(r"/vakt/varsel/[\w/-]+/", desk.text)[0])
    button = phone.page.get_by_role("button", name="Kvitter: jeg tar det")
    assert button.bounding_box()["y"] + button.bounding_box()["height"] < PHONE["height"], "seen without scrolling"
    button.click()
    phone.page.get_by_text("har kvittert").wait_for()
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    with live_site.as_owner(), override_settings(EPJ_DEMO=True):
        assert pages_send() == 0
