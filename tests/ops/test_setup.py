"""Systems, parties, rosters and shift plans made on the pages, from nothing to a plan that answers; and who may."""

import re
from datetime import timedelta

import pytest
from django.db import connection

from ops.domain.wall import oslo
from ops.models import EventSource, Party, Roster, Shift, System
from tests.ops.conftest import KEEPER
from tests.ops.test_pages import text_of

pytestmark = pytest.mark.django_db
ADMIN, LEADER = KEEPER, "lms.leder"


def made_party(client, name, **more):
    form = {"kind": "municipality", "name": name, "phone": "64000120", "email": "", "entity": "", "username": "", "speakers": ""} | more
    return client.post("/vakt/oppsett/part/", form)


def test_from_nothing_to_a_firm_that_answers(cast, client_for):
    client = client_for(ADMIN)
    answer = client.post(
        "/vakt/oppsett/system/", {"name": "Nødstrøm", "code": "strom", "phone": "", "icon": "Cog", "place": "4", "runbook": "Ring vaktmesteren."}
    )
    system = System.objects.get(code="strom")
    assert answer["Location"] == f"/vakt/oppsett/system/{system.id}/?gjort=satt-opp"
    terms = {
        "valid_from": "01.01.2026",
        "operation": "external",
        "operator": "",
        "supplier": "Aggregat AS",
        "answer_minutes": "10",
        "mend_minutes": "120",
        "up_percent": "99,5",
        "reference": "2026/1",
    }
    assert client.post(f"/vakt/oppsett/system/{system.id}/avtale/", terms).status_code == 302
    assert client.post(f"/vakt/oppsett/system/{system.id}/avtale/", terms | {"valid_from": "i går"}).status_code == 422
    assert made_party(client, "Aggregat AS", kind="external").status_code == 302
    assert "Finner ikke brukernavnet" in text_of(made_party(client, "Ås", speakers="finnes.ikke"))
    firm = Party.objects.get(name="Aggregat AS")
    path = f"/vakt/plan/{system.roster.id}/oppsett/"
    setting = {
        "level_name_1": "Førstelinje",
        "level_wait_1": "5",
        "level_promised_1": "1",
        "level_name_2": "Bakvakt",
        "level_wait_2": "10",
        "parties": [str(firm.id)],
        "eves": ["christmas_eve"],
        "keepers": f"{ADMIN} drift",
    }
    assert client.post(path, setting)["Location"] == f"/vakt/plan/{system.roster.id}/?gjort=satt-opp"
    rule = {
        "name": "Firmaet", "level": "1", "rank": "0", "turn_days": "7", "starts": "08:00", "ends": "08:00", "weekdays": [str(n) for n in range(7)], "holidays": "as_sunday", "anchor": "01.01.2026",
        "version": str(Roster.objects.get().version), f"place_{firm.id}": "1", "act": "save",
    }  # fmt: skip
    assert client_for("drift").post(f"/vakt/plan/{system.roster.id}/regel/", rule)["Location"].endswith("gjort=lagret")
    assert Shift.objects.filter(party=firm).exists() and "Aggregat AS" in text_of(client_for(None).get("/logg-inn/"))
    assert "er med i en rotasjon: Aggregat AS" in text_of(client.post(path, setting | {"parties": []}))
    assert "vakter framover" in text_of(client.post(f"/vakt/oppsett/part/{firm.id}/", {"kind": "external", "name": "Aggregat AS", "phone": "1"}))
    assert "må ha ansvar" in text_of(client.post(path, setting | {"keepers": ""}))


def test_only_administrators_and_keepers_set_up(duty, client_for):
    drift = client_for("drift")
    assert drift.get("/vakt/oppsett/").status_code == 404
    assert drift.post("/vakt/oppsett/part/", {"kind": "host", "name": "X", "phone": "1"}).status_code == 404
    assert drift.post(f"/vakt/plan/{duty.roster.id}/oppsett/", {"level_name_1": "Min"}).status_code == 403
    assert "Oppsett" not in text_of(drift.get("/vakt/")) and not Party.objects.filter(name="X").exists()


def test_a_leader_makes_the_units_shift_plan(cast, client_for):
    client = client_for(LEADER)
    assert "Begynn på turnus" in text_of(client.get("/vakt/"))
    path = client.post("/vakt/turnus/")["Location"].partition("?")[0]
    page = client.get(path).content.decode()
    nurse = cast["lms.sykepleier"].id
    assert str(nurse) in page and str(cast["aas.hjemmesykepleier"].id) not in page
    assert client.post(path, {"level_name_1": "Sykepleier 1", "level_promised_1": "1", "people": [str(nurse)], "keepers": LEADER}).status_code == 302
    plan = Roster.objects.get(unit_id=cast.units["ward"])
    assert [party.user_id for party in plan.parties.all()] == [nurse]
    assert client.post("/vakt/turnus/")["Location"].startswith(path)
    assert client_for("aas.hjemmesykepleier").get(path).status_code == 404
    assert client_for("lms.sykepleier").post("/vakt/turnus/").status_code == 403


def test_an_eve_that_becomes_a_holiday_moves_the_shifts_at_once(duty, client_for):
    client = client_for(KEEPER)
    named = [str(party.id) for party in duty.parties.values()]
    form = {
        "level_name_1": "Førstelinje",
        "level_promised_1": "1",
        "level_name_2": "Bakvakt",
        "level_promised_2": "1",
        "parties": named,
        "keepers": KEEPER,
        "eves": ["christmas_eve"],
    }
    version = Roster.objects.get().version
    assert client.post(f"/vakt/plan/{duty.roster.id}/oppsett/", form).status_code == 302
    assert Roster.objects.get().version == version + 1 and Roster.objects.get().eves == ["christmas_eve"]


def test_a_sources_keys_are_told_once_and_work_until_it_is_ended(duty, client_for):
    client = client_for(KEEPER)
    page = client.post(
        "/vakt/oppsett/kilde/", {"source_name": "Brannsentralen", "source_system": str(duty.system.id), "source_unit": ""}
    ).content.decode()
    token, key = re.findall(r"<code>([^<]+)</code>", page)
    assert token not in client.get("/vakt/oppsett/").content.decode()
    from tests.ops.test_paging import told

    assert told(client_for(None), {"kind": "technical", "place": "Sløyfe 3"}, token=token, key=key.encode()) == 202
    client.post("/vakt/oppsett/kilde/", {"end": str(EventSource.objects.get().id)})
    assert told(client_for(None), {"kind": "technical", "place": "Sløyfe 3"}, token=token, key=key.encode(), nonce="nonce-0002") == 401


def test_terms_are_only_added_to(duty, client_for):
    client_for(KEEPER).post(
        f"/vakt/oppsett/system/{duty.system.id}/avtale/",
        {"valid_from": "01.01.2026", "operation": "host", "supplier": "Ås", "answer_minutes": "15", "mend_minutes": "60", "up_percent": "99"},
    )
    with pytest.raises(Exception, match="only added to"), connection.cursor() as cursor:
        cursor.execute("UPDATE ops_terms SET answer_minutes = 99")


def test_a_restriction_stays_when_a_rotation_is_changed(duty, client_for):
    client, path = client_for(KEEPER), f"/vakt/plan/{duty.roster.id}/regel/?regel=0"
    name = duty.parties["drift"].name
    form = {
        "name": "Ukevis", "level": "1", "rank": "0", "turn_days": "7", "starts": "08:00", "ends": "08:00", "weekdays": [str(n) for n in range(7)], "holidays": "as_sunday", "never": f"{name}; fredag",
        "anchor": f"{oslo(duty.now - timedelta(days=7)):%d.%m.%Y}", "version": str(duty.roster.version), "act": "save", **{f"place_{party.id}": str(n) for n, party in enumerate(duty.parties.values(), 1)},
    }  # fmt: skip
    assert client.post(path, form | {"never": f"{name}; fridag"}).status_code == 422
    assert client.post(path, form)["Location"].endswith("gjort=lagret")
    again = client.get(path).content.decode()
    assert f"{name}; fredag" in again
    mine = Shift.objects.filter(roster=duty.roster, level=1, party=duty.parties["drift"], span__startswith__gt=duty.now + timedelta(days=1))
    assert mine.exists() and all(oslo(row.span.lower).weekday() != 4 for row in mine if (row.span.upper - row.span.lower) <= timedelta(days=1))


def test_one_says_oneself_where_to_be_told(duty, client_for):
    client = client_for("drift")
    assert client.post("/vakt/mine/varsling/", {"phone": "900 11 222", "email": ""}).status_code == 302
    assert Party.objects.get(id=duty.parties["drift"].id).phone == "900 11 222"
    assert "noen må kunne nå deg" in text_of(client.post("/vakt/mine/varsling/", {"phone": "", "email": ""}))
    assert client_for("lms.sykepleier").post("/vakt/mine/varsling/", {"phone": "1"}).status_code == 422
