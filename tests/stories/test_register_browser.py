"""The register on the real screens: an administrator gives and ends a role; the unit's leader goes through the unit, and closes one who leaves."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from access.models import Course, ReapprovalCycle, RequiredCourse, RoleTemplate
from tests.access.staff import hire, hold
from tests.cast import build_cast
from tests.stories.desk import PATIENCE

ADMINISTRATOR, LEADER = "tilgang.admin", "lms.leder"


@pytest.fixture(scope="module")
def cast(live_site):
    """The ward's register is the administrator's; temps whom no other test needs; a re-approval is asked for."""
    cast, now = build_cast(), datetime.now(UTC)
    with live_site.as_owner():
        hold(ADMINISTRATOR, cast.units["ward"])
        cast.temps = {name: hire(name, "lms_doctor", cast.units["ward"]) for name in ("post.en", "post.to")}
        hire("post.ny", "economy", cast.units["custody"])
        ReapprovalCycle.objects.create(unit_id=cast.units["ward"], opened_at=now, due_at=now + timedelta(days=14))
    yield cast
    live_site.query("UPDATE access_reapprovalcycle SET closed_at = now() WHERE closed_at IS NULL")


def test_an_administrator_gives_a_role_and_ends_it(cast, desk_of, live_site):
    desk = desk_of(ADMINISTRATOR)
    assert "Du ser ikke journalinnhold i denne rollen" in desk.text
    desk.page.get_by_label("Navn eller brukernavn").fill("post.ny")
    desk.press("Vis")
    desk.page.get_by_role("main").get_by_role("link", name="Ansattmyr").click()
    desk.page.get_by_role("link", name="Gi rolle").click()
    desk.page.get_by_label("Rolle", exact=True).select_option(label="Sykepleier")
    desk.page.get_by_label("Enhet", exact=True).select_option(label="Observasjonsposten, Follo LMS")
    desk.fill(reason="Vikar i jula", to="31.12.2020")
    desk.press("Gi rollen")
    assert "Sluttdatoen må komme etter startdatoen" in desk.text
    desk.fill(to="")
    desk.press("Gi rollen")
    assert "Rollen er gitt." in desk.text
    assert live_site.query("SELECT count(*) FROM access_accessauthorisation WHERE reason = 'Vikar i jula' AND valid_to IS NULL") == [(1,)]
    desk.page.get_by_role("link", name="Avslutt Sykepleier, Observasjonsposten").click()
    desk.fill(reason="Jula er over")
    desk.press("Avslutt rollen")
    assert "Rollen er avsluttet." in desk.text
    assert "Jula er over" in desk.page.content()
    assert live_site.query("SELECT ended_reason FROM access_accessauthorisation WHERE reason = 'Vikar i jula'") == [("Jula er over",)]


def test_the_leader_goes_through_the_unit(cast, desk_of, live_site):
    desk = desk_of(LEADER)
    assert "roller skal gjennomgås" in desk.text
    row = desk.page.locator("tr", has_text="Ansattmyr, Post.En")
    row.get_by_role("link", name="Avslutt").click()
    desk.fill(reason="Er ferdig på posten")
    desk.press("Avslutt rollen")
    assert "Rollen er avsluttet." in desk.text
    row = desk.page.locator("tr", has_text="Amundsen, Jonas")
    with desk.page.expect_navigation():
        row.get_by_role("button", name="Godkjenn").click()
    assert "Godkjent" in row.inner_text()
    desk.page.get_by_role("button", name="som gjenstår").click()
    dialog = desk.page.get_by_role("dialog")
    with desk.page.expect_navigation():
        dialog.get_by_role("button", name="Godkjenn alle").click()
    assert "Du har svart for alle." in desk.text
    held = cast.temps["post.en"][1]
    assert live_site.query("SELECT ended_reason FROM access_accessauthorisation WHERE id = %s", held) == [("Er ferdig på posten",)]


def test_the_leader_closes_one_who_leaves(cast, desk_of, live_site):
    user, held = cast.temps["post.to"]
    live_site.query("INSERT INTO access_session (id, user_id, secret_hash, device_hash, device_name, purpose, second_factor, created_at, "
                    "last_seen_at, expires_at, pin_failures) VALUES (gen_random_uuid(), %s, 'leaver', 'x', 'x', '', true, now(), now(), "
                    "now() + interval '1 day', 0)", user)  # fmt: skip
    desk = desk_of(LEADER)
    desk.page.get_by_role("main").get_by_role("link", name="Ansattmyr, Post.To").click()
    desk.page.get_by_role("link", name="Slutter").click()
    desk.page.get_by_role("heading", name="Ligger igjen").wait_for(timeout=PATIENCE)
    assert "1 åpen økt" in desk.text
    assert "0 notater uten signatur" in desk.text
    desk.fill(reason="Ny jobb")
    desk.press("Avslutt alt")
    assert "Alle tilganger er avsluttet" in desk.text
    assert live_site.query("SELECT is_active FROM access_user WHERE id = %s", user) == [(False,)]
    assert live_site.query("SELECT ended_reason FROM access_accessauthorisation WHERE id = %s", held) == [("Ny jobb",)]
    assert live_site.query("SELECT count(*) FROM access_session WHERE user_id = %s AND ended_at IS NULL", user) == [(0,)]


def test_a_nurse_without_the_course_is_told_which(cast, desk_of, new_desk, live_site):
    """The role is withheld until the leader has registered the course; then it opens at once."""
    with live_site.as_owner():
        course = Course.objects.create(code="forflytning", name="Forflytning", valid_months=12)
        demand = RequiredCourse.objects.create(role=RoleTemplate.objects.get(code="health_worker"), course=course, valid_from=datetime.now(UTC))
    try:
        nurse = new_desk()
        nurse.fill_log_in("lms.helsefag")
        nurse.page.goto(reverse("board"))
        assert "Åpner ikke før du har kurset: Forflytning" in nurse.text
        desk = desk_of(LEADER)
        desk.page.get_by_role("main").get_by_role("link", name="Brekke, Oda").click()
        desk.page.locator('main select[name="course"]').select_option(label="Forflytning")
        desk.fill(on=f"{datetime.now(UTC) - timedelta(days=2):%d.%m.%Y}")
        desk.press("Registrer kurs")
        assert "Kurset er registrert." in desk.text
        nurse.page.goto(reverse("board"))
        nurse.page.locator(".epj-who").wait_for()
        assert nurse.page.url.endswith(reverse("board"))
    finally:
        live_site.query("UPDATE access_requiredcourse SET valid_to = now() WHERE id = %s", demand.id)
