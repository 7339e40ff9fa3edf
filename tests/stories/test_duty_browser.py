"""On call, on the real screens: a year's rotation between six municipalities, its gaps mended, a swap over Easter, a page at night, and the hand-over."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from urllib.parse import urlsplit

import pytest
from django.test import override_settings

from ops.domain.calendar import easter
from ops.domain.wall import instant, oslo
from ops.models import Party, Roster, Shift
from ops.services.paging import pages_send
from tests.cast import build_cast
from tests.stories.desk import Desk
from tests.stories.duty_stage import KEEPER, SIX, SPEAKERS

PHONE = {"width": 390, "height": 844}


@dataclass
class Stage:
    roster: Roster
    parties: dict[str, Party]


@pytest.fixture(scope="module")
def nothing_yet(live_site):
    """The people are there; no system, nobody who answers."""
    with live_site.as_owner():
        build_cast()
    yield
    live_site.query("TRUNCATE ops_system, ops_party, ops_feed CASCADE")


def set_up(keeper: Desk, live_site) -> Stage:
    """A system, six municipalities that can answer for it, two of them with somebody who speaks for them."""
    keeper.page.goto("/vakt/oppsett/system/")
    keeper.fill(name="EPJ-system", code="story", phone="64 00 01 10", runbook="Se om innloggingen svarer.\nRing driftssentralen.")
    keeper.press("Lag systemet")
    keeper.fill(valid_from="01.01.2026", supplier="Follo IKT", answer_minutes="15", mend_minutes="240", up_percent="99")
    keeper.press("Legg inn avtalen")
    assert "gjelder nå" in keeper.text
    for number, name in enumerate(SIX):
        keeper.page.goto("/vakt/oppsett/part/")
        keeper.fill(name=name, phone=f"6400012{number}", speakers=SPEAKERS.get(name, ""))
        keeper.press("Lagre")
    with live_site.as_owner():
        roster = Roster.objects.get(system__code="story")
        parties = {one.name: one for one in Party.objects.filter(name__in=SIX, phone__startswith="6400012")}
    keeper.page.goto(f"/vakt/plan/{roster.id}/oppsett/")
    for party in parties.values():
        keeper.page.locator(f"input[value='{party.id}']").check()
    keeper.press("Lagre")
    assert "Ingen rotasjon er satt opp." in keeper.text
    return Stage(roster, parties)


def next_easter() -> datetime:
    """Easter Sunday at noon, the next one that the plan reaches."""
    today = datetime.now(UTC).date()
    day = next(easter(year) for year in (today.year, today.year + 1) if easter(year) > today)
    return instant(date(day.year, day.month, day.day), time(12))


def uncovered(keeper: Desk) -> list[str]:
    """The holes of this story's roster: others of the site may have theirs."""
    keeper.page.goto("/vakt/udekket/")
    return [row for row in keeper.page.locator("main li").all_inner_texts() if "EPJ" in row]


def test_a_year_of_on_call(nothing_yet, desk_of, new_desk, live_site):
    keeper = desk_of(KEEPER)
    stage = set_up(keeper, live_site)
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
    incident = woken_at_night(stage, desk_of, new_desk, live_site)
    keeper.page.goto(f"/vakt/plan/{stage.roster.id}/")
    keeper.fill(text="Svitsjen i teknisk rom er ustabil. Ny kommer torsdag.")
    keeper.press("Overlever")
    assert "Beskjeden til neste vakt er lagret." in keeper.text and "Ny kommer torsdag." in keeper.text
    coming = desk_of(SPEAKERS["Ås"])
    coming.page.goto(f"/vakt/plan/{stage.roster.id}/")
    coming.press("Jeg har lest")
    assert "Beskjeden er merket som lest." in coming.text and "lest av" in coming.text
    followed_up(coming, incident)


def followed_up(desk: Desk, incident: str):
    """The morning after: closed, reported as a deviation, and seen against what was agreed."""
    desk.page.goto(incident)
    desk.press("Det virker igjen – lukk")
    desk.page.get_by_role("link", name="Meld som avvik").click()
    desk.fill(what="Svitsjen i teknisk rom startet på nytt.")
    desk.press("Meld avvik")
    assert "Avviket er meldt." in desk.text
    desk.press("Jeg tar saken")
    desk.fill(measures="Svitsjen byttes torsdag.")
    desk.press("Lukk avviket")
    assert "Avviket er lukket." in desk.text
    desk.page.goto("/vakt/tjenesteniva/")
    assert "EPJ-system" in desk.text and "holdt" in desk.text


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
    with live_site.as_owner(), override_settings(EPJ_DEMO=True, EPJ_PUBLIC_URL=""):
        pages_send()  # those of tests before this one
    nurse = desk_of("lms.sykepleier")
    nurse.page.goto("/vakt/hendelser/ny/")
    nurse.page.locator("[name=system]").select_option(value=str(stage.roster.system_id))
    nurse.fill(title="Tavlen svarer ikke")
    nurse.press("Meld feil og varsle vakt")
    assert "Den som har vakt, varsles nå." in nurse.text
    incident = urlsplit(nurse.page.url).path
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
    return incident
