"""The pages: what each shows, and the way through a gap, a swap and a new rotation as people go it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils.html import escape

from ops.domain.wall import oslo
from ops.models import Handover, Roster, Shift, Swap
from ops.selectors.now import KNOWN
from ops.services.paging import incident_report
from tests.ops.conftest import KEEPER

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_who_answers_stands_on_the_log_in_page_and_on_pages_that_tell_of_a_fault(duty, client_for):
    name = duty.at(datetime.now(UTC))
    for path, status in (("/logg-inn/", 200), ("/finnes-ikke/", 404)):
        response = client_for(None).get(path)
        assert response.status_code == status
        assert "64 00 01 10" in text_of(response) and name in text_of(response)


def test_the_number_is_there_also_when_the_database_is_not(duty, client_for, monkeypatch):
    client_for(None).get("/logg-inn/")
    KNOWN.forget()
    monkeypatch.setattr("ops.selectors.now.asked", lambda: None)
    assert "64 00 01 10" in text_of(client_for(None).get("/finnes-ikke/"))


@pytest.mark.parametrize(
    "path",
    [
        "/vakt/",
        "/vakt/maned/",
        "/vakt/ar/",
        "/vakt/tjenesteniva/",
        "/vakt/avvik/",
        "/vakt/udekket/",
        "/vakt/fordeling/",
        "/vakt/mine/",
        "/vakt/bytter/",
        "/vakt/hvem/",
        "/vakt/hendelser/",
    ],
)
def test_every_page_can_be_read_by_whoever_works(duty, client_for, path):
    assert [client_for(user).get(path).status_code for user in ("drift", KEEPER, "lms.sykepleier")] == [200] * 3


def test_the_pages_are_there_before_there_is_a_roster(cast, client_for):
    KNOWN.forget()
    assert "Ingen vaktordning er satt opp ennå" in text_of(client_for("drift").get("/vakt/"))


def test_a_year_of_rosters_takes_a_handful_of_queries(duty, client_for, django_assert_max_num_queries):
    client = client_for(KEEPER)
    client.get("/vakt/")
    with django_assert_max_num_queries(28):
        client.get("/vakt/")


def test_a_gap_is_seen_asked_about_and_taken(duty, client_for):
    begins, ends = duty.shift_of("drift")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ops_release (id, roster_id, level, span, reason, made_at) VALUES (gen_random_uuid(), %s, 1, tstzrange(%s, %s), 'Prøve', now())",
            [duty.roster.id, begins, ends],
        )
        cursor.execute("DELETE FROM ops_shift WHERE roster_id = %s AND level = 1 AND span = tstzrange(%s, %s)", [duty.roster.id, begins, ends])
    keeper = client_for(KEEPER)
    assert "EPJ-system mangler vakt" in text_of(keeper.get("/vakt/"))
    address = re.search(r'href="(/vakt/plan/[^"]+/vakt/\?[^"]+)"', keeper.get("/vakt/udekket/").content.decode())[1].replace("&amp;", "&")
    asked = keeper.post(address, {"act": "ask", "receiver": "", "note": "Kan noen?"})
    assert asked["Location"] == "/vakt/bytter/?gjort=spurt"
    inbox = client_for("lms.leder").get("/vakt/bytter/")
    assert "Kan noen?" in text_of(inbox) and "Ja, jeg tar den" in text_of(inbox)
    swap = Swap.objects.get()
    yes = client_for("lms.leder").post("/vakt/bytter/", {"act": "yes", "swap": str(swap.id), "party": str(duty.parties["lms.leder"].id)})
    assert yes["Location"] == "/vakt/bytter/?gjort=byttet"
    assert duty.at(begins + HOUR) == duty.parties["lms.leder"].name
    assert "mangler vakt" not in text_of(keeper.get("/vakt/"))


def test_a_rotation_is_shown_before_it_is_saved(duty, client_for):
    client, path = client_for(KEEPER), f"/vakt/plan/{duty.roster.id}/regel/?regel=0"
    form = {
        "name": "Ukevis", "level": "1", "rank": "0", "turn_days": "7", "starts": "08:00", "ends": "08:00", "weekdays": ["0", "1", "2", "3", "4"], "holidays": "as_sunday",
        "anchor": f"{oslo(duty.now):%d.%m.%Y}", "version": str(duty.roster.version), **{f"place_{party.id}": str(n) for n, party in enumerate(duty.parties.values(), 1)},
    }  # fmt: skip
    before = list(Shift.objects.values_list("id", "span", "party"))
    preview = client.post(path, form | {"act": "preview"})
    assert "Slik blir det" in text_of(preview) and "Udekket" in text_of(preview)
    assert list(Shift.objects.values_list("id", "span", "party")) == before
    refused = client.post(path, form | {"act": "save"})
    assert refused.status_code == 422 and "lovet og blir udekket" in text_of(refused)
    wrong = client.post(path, form | {"act": "preview", "starts": "25:00"})
    assert wrong.status_code == 422 and "tt:mm" in text_of(wrong)
    saved = client.post(path, form | {"act": "save", "weekdays": [str(n) for n in range(7)]})
    assert saved["Location"].endswith("?gjort=lagret")
    assert "Ukevis" in text_of(client.get(f"/vakt/plan/{duty.roster.id}/"))
    assert client_for("drift").post(path, form | {"act": "save"}).status_code == 403


def test_whoever_is_on_call_sees_what_nobody_has_taken_and_those_who_are_not_do_not(duty, client_for, open_gate):
    with open_gate("lms.lege"):
        incident_report(system=duty.system.id, severity="serious", title="Tavlen svarer ikke", detail="")
    answering = [name for name, party in duty.parties.items() if party.name in (duty.at(duty.now + HOUR / 60), duty.at(duty.now + HOUR / 60, 2))]
    for name in ("drift", "meldingsansvarlig", "lms.leder", KEEPER):
        page = text_of(client_for(name).get("/vakt/mine/"))
        assert ("ingen har kvittert" in page) == (name in answering)


def test_a_hand_over_is_read_by_whoever_comes_on(duty, client_for):
    path, keeper, drift = f"/vakt/plan/{duty.roster.id}/", client_for(KEEPER), client_for("drift")
    assert keeper.post(path, {"text": "Ring 01817012345"}).status_code == 422
    keeper.post(path, {"text": "Svitsjen er ustabil."})
    note = Handover.objects.get()
    assert client_for("lms.sykepleier").post(path, {"read": str(note.id)}).status_code == 403
    assert drift.post(path, {"read": str(note.id)})["Location"].endswith("gjort=lest")
    assert drift.post(path, {"read": str(note.id)}).status_code == 422
    assert "lest av" in text_of(keeper.get(path))


def test_too_little_rest_is_told_before_a_shift_is_taken(duty, client_for):
    mine = duty.shift_of("drift")
    address = f"/vakt/plan/{duty.roster.id}/vakt/?trinn=1&fra={(mine[0] - 10 * HOUR).isoformat()}&til={(mine[0] - 8 * HOUR).isoformat()}".replace(
        "+", "%2B"
    )
    assert "får bare 8 timer fri" in text_of(client_for("drift").get(address))


def test_a_shift_plan_is_its_units(duty, cast, client_for):
    plan = Roster.objects.create(name="Turnus på posten", unit_id=cast.units["ward"])
    path = f"/vakt/plan/{plan.id}/"
    assert client_for("lms.sykepleier").get(path).status_code == 200
    assert client_for("aas.hjemmesykepleier").get(path).status_code == 404
    assert escape(plan.name) not in client_for("aas.hjemmesykepleier").get("/vakt/hvem/").content.decode()
