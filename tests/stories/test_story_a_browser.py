"""Story A in a browser: Kari of Ås is notified to the centre, found, opened, admitted, charted, discharged, and read at home.

By screens alone: no step opens access itself. Stand-ins: the ward registers the arrival by hand, the owed epikrise waits, and the log
reviewer reads Kari's log for her.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.cast import build_cast, marker_of
from tests.stories.desk import Desk
from tests.stories.stage import BYSTANDER

HOME_NURSE, NURSE, DOCTOR = "aas.hjemmesykepleier", "lms.sykepleier", "lms.lege"
CALLER, WHY_ARRIVAL = "Legevakten i Follo", "Økende tungpust siden i går, legges inn"
WHY_FINISHING = "Sammenfatningen ble ikke ferdig før vaktskiftet"
WHY_CONSENT = "Kari ber meg lese notatet fra hjemmet"
HOME_TEXT = "Satt framoverbøyd ved kjøkkenbordet og talte i enkeltord"
NURSE_TEXT = "Roligere pust etter forstøver, sover i stolen"
DOCTOR_TEXT = "Knatrelyder basalt på høyre side"


@pytest.fixture
def story(live_site: Any, desk_of: Callable[..., Desk]) -> Any:
    """The people of the story, each at a browser of their own, logged in once; the clock is set right again afterwards."""
    cast = build_cast()
    people = SimpleNamespace(site=live_site, kari=cast.kari, cast=cast, desk_of=desk_of)
    people.home, people.nurse, people.doctor = (desk_of(name) for name in (HOME_NURSE, NURSE, DOCTOR))
    yield people
    live_site.turn_clock(timedelta())


def test_kari_is_notified_found_admitted_charted_discharged_and_read_at_home(story):
    home_nursing_has_charted_at_ten_past_one(story)
    before_she_is_notified_the_ward_finds_nothing(story)
    the_ward_registers_that_she_is_coming(story)
    now_the_nurse_can_search_her_out(story)
    the_nurse_reads_the_whole_course_and_sees_why(story)
    what_she_has_blocked_is_said_but_not_shown(story)
    she_is_admitted_and_measured(story)
    what_the_centre_charts_is_read_in_as_at_once(story)
    bystanders_find_nothing(story)
    she_is_discharged_and_home_nursing_reads_what_was_done(story)
    the_centre_loses_access_when_the_time_after_discharge_is_over(story)
    the_log_of_kari_names_everyone_and_says_why(story)


def last_ten_past_one() -> datetime:
    """The latest 13:10 in Norway that is over."""
    now = datetime.now(ZoneInfo("Europe/Oslo"))
    today = now.replace(hour=13, minute=10, second=0, microsecond=0)
    return today if today <= now else today - timedelta(days=1)


def home_nursing_has_charted_at_ten_past_one(story):
    desk = story.home
    desk.search(story.kari.family_name)
    desk.follow(f"{story.kari.family_name}, {story.kari.given_name}")
    desk.choose_template("Hjemmebesøk")
    desk.page.get_by_label("Gjelder tid").fill(f"{last_ten_past_one():%d.%m.%Y %H:%M}")
    desk.write(observation=HOME_TEXT, help="Ga inhalasjon, støttet opp med puter", plan="Fastlegen vurderer innleggelse")
    desk.sign()
    entry = desk.page.locator(".epj-entry", has_text=HOME_TEXT)
    assert entry.locator("time").first.inner_text() == "13:10"
    assert entry.get_by_text("Signert").is_visible()


def before_she_is_notified_the_ward_finds_nothing(story):
    desk = story.nurse
    desk.search(story.kari.family_name)
    assert "Ingen treff" in desk.text
    assert story.kari.number not in desk.page.content()
    desk.search(story.kari.number)
    assert "Du har ikke tilgang til denne journalen" in desk.text
    assert_no_content(story, desk)


def assert_no_content(story, desk):
    """Who the number belongs to may be said; nothing that stands in the record, no unit, no service."""
    page = desk.page.content()
    for word in (marker_of("kari"), HOME_TEXT, "Hjemmesykepleien Ås nord", "Hanne Moen"):
        assert word not in page


def the_ward_registers_that_she_is_coming(story):
    desk = story.nurse
    desk.press("Registrer ankomst")
    desk.fill(caller=CALLER, reason=WHY_ARRIVAL)
    desk.press("Registrer ankomst")
    desk.page.get_by_role("heading", name="Forventet opphold").wait_for()
    desk.fill(cause="Økende tungpust", referrer="Fastlegen")
    desk.press("Lagre")
    expected = desk.page.locator("#board-expected")
    assert f"{story.kari.family_name}, {story.kari.given_name}" in expected.inner_text()
    assert "Økende tungpust" in expected.inner_text()


def now_the_nurse_can_search_her_out(story):
    desk = story.nurse
    desk.search(story.kari.given_name)
    assert "1 treff" in desk.text
    desk.follow(f"{story.kari.family_name}, {story.kari.given_name}")


def the_nurse_reads_the_whole_course_and_sees_why(story):
    desk, word = story.nurse, marker_of("kari")
    assert HOME_TEXT in desk.text
    assert f"{word} note" in desk.text
    assert "meldt til Observasjonsposten" in desk.page.locator(".epj-basis__why").inner_text()
    assert f"{word} criticalinfo" in desk.page.get_by_role("group", name="CAVE, overfølsomhet").inner_text()
    for tab, row in (("Legemidler", "medication"), ("Pårørende", "nextofkin"), ("Diagnoser", "diagnosis"), ("Kritisk info", "criticalinfo")):
        desk.tab(tab)
        desk.page.get_by_text(f"{word} {row}").first.wait_for()


def what_she_has_blocked_is_said_but_not_shown(story):
    """Kari asks her home nurse, who has one note blocked for the ward; the ward's nurse is told that something is blocked, no more."""
    kari = story.kari
    home = story.home
    home.open(kari.id, "patient_block_new")
    home.page.locator(f'[name="entry"][value="{kari.rows["note"]}"]').check()
    home.page.get_by_label("Observasjonsposten").first.check()
    home.press("Se hva sperringen fører til")
    # The note, and the demand to have it corrected that stands with it.
    assert "mister 2" in home.page.get_by_role("region", name="Hvem mister innsyn?").inner_text()
    home.page.locator("#block-informed").check()
    home.press("Sperr nå")
    assert "Sperringen gjelder fra nå." in home.text
    assert "Alle på Observasjonsposten" in home.text
    desk = story.nurse
    for route in ("patient", "notes"):
        desk.open(kari.id, route)
        assert desk.text.count("Noe er sperret for deg.") == 1
        assert HOME_TEXT in desk.text
        assert f"{marker_of('kari')} note" not in desk.page.content()
    assert desk.open(kari.id, "patient_block_list").status == 200
    assert "Ingenting er sperret som du kan se her." in desk.text
    with_her_consent_the_nurse_opens_the_one_note_and_closes_it_again(story, desk)


def with_her_consent_the_nurse_opens_the_one_note_and_closes_it_again(story, desk):
    desk.open(story.kari.id)
    desk.page.get_by_role("link", name="Hva betyr det?").click()
    desk.page.get_by_label("Pasienten samtykker nå").check()
    desk.fill(reason=WHY_CONSENT)
    desk.press("Vis hva som kan åpnes")
    assert f"{marker_of('kari')} note" not in desk.page.content()
    with desk.page.expect_navigation():
        desk.page.locator(f'form:has([name="entry"][value="{story.kari.rows["note"]}"]) button').click()
    assert f"{marker_of('kari')} note" in desk.text
    assert "Sperret opplysning er åpnet for deg" in desk.text
    desk.press("Lukk nå")
    assert f"{marker_of('kari')} note" not in desk.page.content()
    assert "Sperret opplysning er åpnet for deg" not in desk.text


def she_is_admitted_and_measured(story):
    desk = story.nurse
    desk.page.get_by_role("link", name="Tavle").click()
    desk.page.locator("#board-expected .epj-side-item", has_text=story.kari.family_name).get_by_role("link", name="Ta imot").click()
    desk.page.get_by_role("main").get_by_label("Seng 5").check()
    desk.press("Legg inn")
    desk.tab("Kurve")
    desk.follow("Registrer målinger")
    desk.fill(respiration="24", spo2="93", systolic="118", diastolic="70", pulse="104", temperature="38,2", oxygen_flow="0")
    desk.press("A Våken")
    assert "Målingene er lagret." in desk.text
    assert "innlagt" in desk.page.locator(".epj-basis__why").inner_text()
    desk.page.get_by_role("link", name="Tavle").click()
    row = desk.page.locator("#board-beds tr", has_text=story.kari.family_name)
    assert row.locator(".epj-board__bed").inner_text() == "5"
    assert row.locator(".epj-news b").inner_text() == "6"
    assert story.kari.family_name not in desk.page.locator("#board-expected").inner_text()


def what_the_centre_charts_is_read_in_as_at_once(story):
    written = ((story.nurse, "Kort sykepleienotat", {"text": NURSE_TEXT}),
               (story.doctor, "Visitt", {"findings": DOCTOR_TEXT, "assessment": "Pneumoni", "plan": "Antibiotika peroralt"}))  # fmt: skip
    for desk, template, sections in written:
        desk.open(story.kari.id)
        desk.choose_template(template)
        desk.write(**sections)
        desk.sign()
        story.home.open(story.kari.id)
        text = next(text for text in sections.values() if text in (NURSE_TEXT, DOCTOR_TEXT))
        entry = story.home.page.locator(".epj-entry", has_text=text)
        assert "Observasjonsposten" in entry.locator(".epj-entry__by").inner_text()
    units = (
        "SELECT DISTINCT e.name FROM journal_note n JOIN access_legalentity e ON e.id = n.legal_entity_id WHERE n.patient_id = %s AND n.unit_id = %s"
    )
    assert story.site.query(units, story.kari.id, story.cast.units["ward"]) == [("Follo LMS",)]


def bystanders_find_nothing(story):
    for username in ("frogn.hjemmesykepleier", BYSTANDER):
        desk = story.desk_of(username)
        desk.search(story.kari.family_name)
        assert "Ingen treff" in desk.text
        assert story.kari.number not in desk.page.content()
        desk.search(story.kari.number)
        assert "Du har ikke tilgang til denne journalen" in desk.text
        assert_no_content(story, desk)
        assert desk.open(story.kari.id).status == 404
        assert_no_content(story, desk)
        assert story.kari.family_name not in desk.page.content()


def she_is_discharged_and_home_nursing_reads_what_was_done(story):
    desk = story.nurse
    desk.open(story.kari.id)
    desk.tab("Opphold")
    desk.follow("Skriv ut")
    assert "Epikrise" in desk.text
    desk.fill(destination="Hjem med hjemmesykepleie", reason="Datteren henter nå, legen skriver i kveld")
    desk.page.get_by_label("Det som ikke er sendt, sendes i dag").check()
    desk.press("Skriv ut")
    owed = desk.page.get_by_role("region", name="Meldinger som skyldes")
    assert "Venter på sending" in owed.get_by_role("listitem").filter(has_text="Epikrise").inner_text()
    story.home.open(story.kari.id)
    for text in (HOME_TEXT, NURSE_TEXT, DOCTOR_TEXT):
        assert text in story.home.text


def the_centre_loses_access_when_the_time_after_discharge_is_over(story):
    desk = story.nurse
    assert desk.open(story.kari.id).status == 200
    (tail,) = story.site.query("SELECT tail_hours FROM access_measuretemplate WHERE code = 'ADMITTED'")[0]
    story.site.turn_clock(timedelta(hours=tail, minutes=5))
    desk.log_in(NURSE)
    desk.search(story.kari.family_name)
    assert "Ingen treff" in desk.text
    desk.page.get_by_role("link", name="Pasienter", exact=True).click()
    assert story.kari.family_name not in desk.page.content()
    assert desk.open(story.kari.id).status == 403
    assert "Journalen er lukket for deg" in desk.text
    assert_no_content(story, desk)
    finishing_work_opens_what_the_ward_itself_has_charted(story, desk)


def finishing_work_opens_what_the_ward_itself_has_charted(story, desk):
    desk.search(story.kari.number)
    desk.press("Gjør ferdig")
    desk.fill(reason=WHY_FINISHING)
    desk.press("Åpne journalen")
    desk.tab("Journal")
    assert NURSE_TEXT in desk.text
    assert HOME_TEXT not in desk.page.content()


def the_log_of_kari_names_everyone_and_says_why(story):
    desk = story.desk_of("logg.kontroll")
    desk.fill(pasient=story.kari.number, fra=f"{last_ten_past_one() - timedelta(days=2):%d.%m.%Y}")
    desk.press("Vis")
    log = read_all_pages(desk)
    for name in ("Ingrid Solberg Haugen", "Jonas Amundsen", "Hanne Moen", "Marte Lunde", "Nora Wiik"):
        assert any(name in row for row in log), name
    assert any("Marte Lunde" in row and "Avvist" in row for row in log)
    assert any("Ingrid Solberg Haugen" in row and WHY_ARRIVAL in row for row in log)
    assert any("Ingrid Solberg Haugen" in row and WHY_FINISHING in row for row in log)
    assert any("Hanne Moen" in row and "Registrerte sperring" in row for row in log)
    assert any("Ingrid Solberg Haugen" in row and "Åpnet sperret opplysning" in row and WHY_CONSENT in row for row in log)
    assert any("Ingrid Solberg Haugen" in row and "Avvist" in row and "Tiltaket er avsluttet" in row for row in log)
    assert any("Ingrid Solberg Haugen" in row and "Avvist" in row and "Søkte opp nummeret uten å ha tilgang" in row for row in log)
    assert all("Observasjonsposten, Follo LMS" in row for row in log if "Ingrid Solberg Haugen" in row)


def read_all_pages(desk) -> list[str]:
    """The text of every row of the log that the filter gives."""
    rows: list[str] = []
    while True:
        rows += desk.page.locator(".epj-log tbody tr").all_inner_texts()
        older = desk.page.locator("a[rel=next]")
        if not older.count():
            return rows
        with desk.page.expect_navigation():
            older.click()
