"""Deviations: reported, handled, closed with what was changed; and the link into the record that says nothing and opens nothing by itself."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from access.models import RecordLink
from ops.models import Deviation, Incident
from ops.services.paging import incident_report
from tests.ops.test_pages import text_of

pytestmark = pytest.mark.django_db
NURSE, LEADER, HOME = "lms.sykepleier", "lms.leder", "aas.hjemmesykepleier"


def form(**more):
    return {
        "title": "Feil dose på listen",
        "kind": "care",
        "consequence": "near",
        "what": "Listen viste gårsdagens dose.",
        "done_now": "",
        "day": "01.11.2026",
        "clock": "10:00",
        "system": "",
    } | more


def reported(client, **more):
    page = more.pop("page", "")
    answer = client.post("/vakt/avvik/nytt/" + (f"?fra={page}" if page else ""), form(**more))
    assert answer.status_code == 302, text_of(answer)
    return Deviation.objects.order_by("-number")[0]


def test_it_is_reported_handled_and_closed_with_what_was_changed(cast, client_for):
    nurse, leader = client_for(NURSE), client_for(LEADER)
    one = reported(nurse)
    path = f"/vakt/avvik/{one.id}/"
    assert client_for(HOME).get(path).status_code == 404 and client_for(HOME).post(path, {"act": "take"}).status_code == 404
    assert nurse.get(path).status_code == 200 and nurse.post(path, {"act": "close", "measures": "Selv"}).status_code == 403
    assert leader.post(path, {"act": "take"}).status_code == 302
    refused = leader.post(path, {"act": "close", "measures": " "})
    assert refused.status_code == 422 and "hva som er endret" in text_of(refused)
    assert (
        leader.post(path, {"act": "close", "cause": "Utskriften", "measures": "Listen merkes med klokkeslett", "due_on": "01.12.2026"}).status_code
        == 302
    )
    one.refresh_from_db()
    assert (one.state, one.handler_id) == ("closed", cast[LEADER].id)
    assert [line.text for line in one.lines.order_by("id")] == ["Meldt", "Tok saken", "Lukket"]
    with pytest.raises(Exception, match="not changed"), connection.cursor() as cursor:
        cursor.execute("UPDATE ops_deviation SET what = 'noe annet'")


def test_the_link_opens_for_those_in_who_may_and_tells_nobody_else(cast, client_for):
    nurse = client_for(NURSE)
    page = f"/pasient/{cast.anna.id}/"
    assert "Meld avvik" in text_of(nurse.get(page))
    one = reported(nurse, page=page, about="1")
    shown = nurse.get(f"/vakt/avvik/{one.id}/").content.decode()
    assert str(cast.anna.id) not in shown and f"/lenke/{one.link}/" in shown
    assert nurse.get(f"/lenke/{one.link}/")["Location"] == page
    # The leader handles it, and may not open the record: the same answer as for a handle that is none.
    answers = [client_for(LEADER).get(f"/lenke/{link}/") for link in (one.link, "00000000-0000-4000-8000-000000000001")]
    assert {answer.status_code for answer in answers} == {404} and len({text_of(answer) for answer in answers}) == 1
    assert RecordLink.objects.get().path == page


def test_no_handle_is_made_for_a_record_one_may_not_open(cast, client_for):
    answer = client_for(HOME).post(f"/vakt/avvik/nytt/?fra=/pasient/{cast.foreign.id}/", form(about="1"))
    assert answer.status_code == 422 and not Deviation.objects.exists() and not RecordLink.objects.exists()


def test_none_is_nobodys_and_the_custodian_handles_those_of_privacy(cast, client_for):
    custodian = client_for("journalansvarlig")
    care, privacy = reported(client_for(NURSE)), reported(client_for(NURSE), kind="privacy")
    unled = reported(client_for(HOME))  # nobody leads that unit
    assert [custodian.get(f"/vakt/avvik/{one.id}/").status_code for one in (care, privacy, unled)] == [404, 200, 200]
    assert custodian.post(f"/vakt/avvik/{unled.id}/", {"act": "take"}).status_code == 302


def test_an_identity_number_is_not_taken(cast, client_for):
    for text in ("01817012345 fikk feil", "01 81 70 12345", "gjelder 018170 12345"):
        answer = client_for(NURSE).post("/vakt/avvik/nytt/", form(what=text))
        assert (answer.status_code == 422) == (text != "01 81 70 12345")
    assert Deviation.objects.count() == 1


def test_one_comes_of_an_incident_and_those_who_run_the_system_handle_it(duty, client_for, open_gate):
    with open_gate(NURSE):
        incident = incident_report(system=duty.system.id, severity="serious", title="Tavlen svarer ikke", detail="")
    drift = client_for("drift")
    drift.post(f"/vakt/hendelser/{incident}/", {"act": "close", "text": ""})
    assert "Meld som avvik" in text_of(drift.get(f"/vakt/hendelser/{incident}/"))
    answer = drift.post(f"/vakt/avvik/nytt/?hendelse={incident}", form(kind="operation"))
    one = Deviation.objects.get()
    assert answer["Location"].startswith(f"/vakt/avvik/{one.id}/") and one.system_id == duty.system.id
    assert f"Avvik {one.number}" in text_of(drift.get(f"/vakt/hendelser/{incident}/"))
    assert client_for("meldingsansvarlig").post(f"/vakt/avvik/{one.id}/", {"act": "take"}).status_code == 302
    drift.post(f"/vakt/avvik/nytt/?hendelse={incident}", form())
    assert Deviation.objects.count() == 1 and Incident.objects.get().closed_at < datetime.now(UTC)
