"""An alarm is told along the plan, step by step, until somebody has it in hand – whoever of the workers dies meanwhile."""

import hashlib
import hmac
import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import override_settings

from access.gate import call, rows
from lms_epj.core.notices import NoticeFault
from lms_epj.core.on_call import on_call_addresses
from ops.models import BuildingEvent, EventSource, Incident, IncidentLine, Notice, Roster, RosterLevel, Step, System
from ops.services.health import health_check, web_answers
from ops.services.paging import incident_act, incident_report, pages_send
from tests.ops.conftest import MEMBERS

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
TOKEN = "token"


@pytest.fixture
def box(monkeypatch):
    """What left, as (address, text)."""
    sent: list[tuple[str, str]] = []
    monkeypatch.setattr(
        "ops.services.sending.channels", lambda: {"sms": lambda key, address, subject, text: sent.append((address, text)), "mailto": lambda *_: None}
    )
    return sent


@pytest.fixture
def reported(duty, open_gate, set_clock):
    """An incident of now; the clock stands."""
    set_clock(duty.now)
    with open_gate("lms.sykepleier"):
        return incident_report(system=duty.system.id, severity="serious", title="Tavlen svarer ikke", detail="")


def test_it_goes_to_whoever_answers_now_and_on_to_the_next_on_time(duty, reported, box, as_app, set_clock):
    with as_app():
        assert pages_send() == 1
        assert pages_send() == 0
        set_clock(duty.now + 4 * MINUTE)
        assert pages_send() == 0
        set_clock(duty.now + 5 * MINUTE)
        assert pages_send() == 1
        set_clock(duty.now + 10 * MINUTE)
        assert pages_send() == 1
    phones = {party.name: party.phone for party in duty.parties.values()}
    assert [address for address, _ in box] == [phones[duty.at(duty.now + MINUTE, level)] for level in (1, 2, 1)]
    steps = Step.objects.filter(incident=reported).order_by("number")
    assert [(step.level, step.due_at - duty.now) for step in steps] == [(1, 0 * MINUTE), (2, 5 * MINUTE), (1, 10 * MINUTE), (2, 15 * MINUTE)]


def test_the_link_acknowledges_in_one_tap_without_logging_in(duty, reported, box, as_app, client_for, set_clock):
    with as_app():
        pages_send()
    path = re.search(r"https?://[^/]+(/vakt/varsel/\S+)", box[0][1])[1]
    phone = client_for(None)
    page = phone.get(path).content.decode()
    assert "Tavlen svarer ikke" in page and "Ring driftssentralen." in page and "Kvitter: jeg tar det" in page
    assert phone.post(path).status_code == 302
    assert "har kvittert" in phone.get(path).content.decode()
    set_clock(duty.now + 60 * MINUTE)
    with as_app():
        assert pages_send() == 0
    assert phone.get(path[:-3] + "00/").status_code == 404
    assert IncidentLine.objects.filter(incident=reported, kind="acknowledged").count() == 1


def test_a_worker_that_dies_is_followed_by_one_repetition_marked_as_such(duty, reported, box, as_app, set_clock):
    with as_app():
        assert rows("step_claim")  # and dies
        assert pages_send() == 0
        set_clock(duty.now + 1.1 * MINUTE)
        assert pages_send() == 1
        set_clock(duty.now + 3 * MINUTE)
        assert pages_send() == 0
    assert len(box) == 1 and box[0][1].startswith("GJENTATT")
    assert Notice.objects.get().repeated
    assert Step.objects.get(incident=reported, number=2).due_at == duty.now + 5 * MINUTE


def test_a_step_is_told_at_most_twice_and_the_next_comes_in_time(duty, reported, box, as_app, set_clock):
    with as_app():
        for minutes in (0, 1.1, 2.2):
            set_clock(duty.now + minutes * MINUTE)
            rows("step_claim")
        assert pages_send() == 0 and not box
        set_clock(duty.now + 5 * MINUTE)
        assert pages_send() == 1
    assert "to ganger" in IncidentLine.objects.get(kind="lost").text


def test_when_nothing_gets_through_the_next_is_told_at_once(duty, reported, as_app, monkeypatch):
    def gone(*_):
        raise NoticeFault("status 503")

    monkeypatch.setattr("ops.services.sending.channels", lambda: {"sms": gone, "mailto": gone})
    with as_app():
        pages_send(2)
    assert Notice.objects.filter(error="status 503").count() == 2
    assert {step.level for step in Step.objects.filter(told_at__isnull=False)} == {1, 2}


def test_where_nobody_answers_all_of_the_roster_are_told(duty, open_gate, box, as_app):
    bare = System.objects.create(code="bygg", name="Bygg")
    roster = Roster.objects.create(name="Bygg", system=bare)
    RosterLevel.objects.create(roster=roster, number=1, name="Førstelinje")
    roster.parties.set(duty.parties.values())
    with open_gate("lms.lege"):
        incident_report(system=bare.id, severity="critical", title="Strømmen er borte", detail="")
    with as_app():
        pages_send()
    assert len(box) == len(MEMBERS) and all("Ingen har vakt nå" in text for _, text in box)


def test_the_same_told_again_is_counted_and_not_told_anew(duty, reported, open_gate):
    with open_gate("lms.lege"):
        assert incident_report(system=duty.system.id, severity="serious", title="Kommer ikke inn", detail="") == reported
    assert Incident.objects.get().count == 2
    assert Step.objects.filter(incident=reported).count() == 1


def test_what_turns_out_worse_than_first_told_wakes_somebody(duty, open_gate, box, as_app):
    with open_gate("lms.lege"):
        first = incident_report(system=duty.system.id, severity="notice", title="Treg", detail="")
    with as_app():
        assert pages_send() == 0
    with open_gate("drift"):
        incident_act(incident=first, act="acknowledge")
    with open_gate("lms.sykepleier"):
        assert incident_report(system=duty.system.id, severity="critical", title="Helt borte", detail="") == first
    with as_app():
        assert pages_send() == 1
    assert len(box) == 1 and Incident.objects.get().acknowledged_at is None


def test_it_is_closed_and_looked_back_on(duty, reported, client_for, set_clock):
    path = f"/vakt/hendelser/{reported}/"
    assert client_for("lms.sykepleier").post(path, {"act": "acknowledge"}).status_code == 403
    client = client_for("drift")
    assert client.post(path, {"act": "acknowledge"})["Location"].endswith("kvittert")
    set_clock(duty.now + 2 * MINUTE)
    assert client.post(path, {"act": "close", "text": "Startet på nytt"})["Location"].endswith("lukket")
    assert client.post(path, {"act": "review", "text": "Svitsjen byttes"})["Location"].endswith("skrevet")
    assert "ikke gjennomgått" not in client.get("/vakt/hendelser/").content.decode()


def test_other_alarms_find_whoever_answers_now(duty, as_app):
    answering = next(one for one in duty.parties.values() if one.name == duty.at(duty.now + MINUTE))
    with as_app():
        assert on_call_addresses("epj") == [f"sms:{answering.phone}"]
        assert on_call_addresses("unknown") == []


# --- Building systems ---


@pytest.fixture
def source(duty, cast):
    return EventSource.objects.create(
        name="Sykesignal", system=duty.system, unit_id=cast.units["ward"], token_hash=hashlib.sha256(b"token").digest(), signing_key=b"key" * 30
    )


def told(client, body, *, nonce="nonce-0001", at=None, key=b"key" * 30, token=TOKEN):
    raw = json.dumps(body).encode()
    stamp = str(int((at or datetime.now(UTC)).timestamp()))
    signature = hmac.new(key, b".".join((stamp.encode(), nonce.encode(), raw)), hashlib.sha256).hexdigest()
    headers = {"Authorization": f"Bearer {token}", "X-EPJ-Time": stamp, "X-EPJ-Nonce": nonce, "X-EPJ-Signature": signature}
    return client.post("/api/v1/building-events/", raw, content_type="application/json", headers=headers).status_code


def test_a_building_event_needs_token_signature_time_and_a_new_nonce(source, client_for):
    client = client_for(None)
    alarm = {"kind": "technical", "place": "Ventilasjon 2. etg.", "text": "Lavt trykk"}
    assert told(client, alarm) == 202
    assert told(client, alarm) == 409
    assert told(client, alarm, nonce="nonce-0002", key=b"other") == 401
    assert told(client, alarm, nonce="nonce-0003", at=datetime.now(UTC) - timedelta(minutes=6)) == 401
    assert told(client, alarm, nonce="nonce-0004", token="none") == 401
    assert told(client, {"kind": "fire"}, nonce="nonce-0005") == 422
    assert client.get("/api/v1/building-events/").status_code == 405
    assert client.post("/api/v1/building-events/", {"kind": "technical"}).status_code == 401, "a form is not taken apart and trusted"
    assert told(client, alarm, nonce="nonce-0006") == 202
    assert (Incident.objects.get().title, Incident.objects.get().count) == ("Lavt trykk – Ventilasjon 2. etg.", 2)


def test_a_call_bell_rings_until_it_stops_and_wakes_nobody_on_call(source, client_for):
    client = client_for(None)
    assert told(client, {"kind": "call", "place": "Rom 4"}) == 202
    assert BuildingEvent.objects.get().ended_at is None
    assert told(client, {"kind": "call", "place": "Rom 4", "ended": True}, nonce="nonce-0002") == 202
    assert BuildingEvent.objects.get().ended_at is not None and not Incident.objects.exists()


def test_a_call_bell_comes_on_the_wards_board_and_goes(source, client_for):
    ward, home, bell = client_for("lms.sykepleier"), client_for("meldingsansvarlig"), client_for(None)
    before = ward.get("/tavle/")
    poll = {"headers": {"X-EPJ-Poll": "1", "If-None-Match": re.search(r'data-live-tag="([^"]+)"', before.content.decode())[1].replace("&quot;", '"')}}
    assert ward.get("/tavle/direkte/", **poll).status_code == 304
    told(bell, {"kind": "call", "place": "Rom 4"})
    answer = ward.get("/tavle/direkte/", **poll)
    assert answer.status_code == 200 and "Rom 4" in answer.content.decode()
    assert "Rom 4" not in home.get("/vakt/").content.decode()
    told(bell, {"kind": "call", "place": "Rom 4", "ended": True}, nonce="nonce-0002")
    assert "Rom 4" not in ward.get("/tavle/").content.decode()


def test_the_check_of_our_own_tells_of_a_page_that_does_not_answer(duty, as_app, monkeypatch):
    with as_app(), override_settings(EPJ_HEALTH_URL="http://127.0.0.1:1/"):
        monkeypatch.setattr("ops.services.health.web_answers", lambda address: web_answers(address, pause=0))
        assert not health_check()
    assert Incident.objects.get().title == "Journalen svarer ikke"
    monkeypatch.setattr("ops.services.health.web_answers", lambda address: True)
    with as_app(), override_settings(EPJ_HEALTH_URL="http://127.0.0.1:1/"):
        assert health_check()
    assert Incident.objects.get().closed_at is not None


def test_what_is_told_by_a_check_is_opened_once_and_closed(duty, as_app):
    with as_app():
        made = call("monitor_tell", "epj", "web", True, "critical", "Web svarer ikke", "")
        assert call("monitor_tell", "epj", "web", True, "critical", "Web svarer ikke", "") == made
        assert call("monitor_tell", "epj", "web", False, "critical", "", "") == made
    assert Incident.objects.get().closed_at is not None


@override_settings(EPJ_DEMO=False, EPJ_SMS_URL="", EPJ_ALARM_SMS_DIR="")
def test_a_channel_that_is_not_set_up_says_so(duty, reported, as_app):
    with as_app():
        pages_send(1)
    assert Notice.objects.get().error == "EPJ_ALARM_SMS_DIR is not set"
