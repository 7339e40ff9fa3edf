"""Board, day list, work list and the case officer's acts, as pages: who is shown, what is logged, what is refused."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from access.gate import Refusal, call
from access.models import DecidedMeasure, OrgUnit, ServiceType
from auditlog.models import AccessLogEntry as LogEntry
from journal.models import Bed, ServiceDecision, Stay, Task, Visit
from journal.services import services
from journal.services.errors import JournalError

pytestmark = pytest.mark.django_db
NURSE, HOME, OFFICER = "lms.sykepleier", "aas.hjemmesykepleier", "aas.saksbehandler"


def tag_of(page):
    return re.search(r'data-live-tag="([^"]+)"', page.content.decode()).group(1).replace("&quot;", '"')


def poll(client, tag):
    return client.get("/tavle/direkte/", headers={"X-EPJ-Poll": "1", "If-None-Match": tag})


def shown_patients():
    return set(LogEntry.objects.filter(route__in=["board", "board_live"]).exclude(patient_id=None).values_list("patient_id", flat=True))


def today_at(hour):
    """A moment of this day in Norway, by the clock of the test."""
    from lms_epj.core.clock import oslo_date, start_of_day

    return start_of_day(oslo_date(datetime.now(UTC))) + timedelta(hours=hour)


@pytest.fixture
def visit(cast):
    Visit.objects.filter(pk=cast.kari.rows["visit"]).update(
        planned_at=today_at(12), assigned_to=cast[HOME].id, chores=[{"text": "Multidose", "done": False}, {"text": "Sårstell", "done": False}]
    )
    return f"/pasient/{cast.kari.id}/besok/{cast.kari.rows['visit']}/"


def form(cast, user, patient, **more):
    return {"patient": patient.id, "actor": cast[user].id, "lock_version": 1, **more}


# --- The board ---


def test_board_shows_and_logs_its_own_and_nobody_else(cast, client_for):
    page = client_for(NURSE).get("/tavle/").content.decode()
    assert cast.anna.family_name in page
    assert not any(p.family_name in page for p in (cast.kari, cast.foreign, cast.former))
    assert shown_patients() == {cast.anna.id, cast.blocked.id}
    assert client_for(HOME).get("/tavle/").status_code == 404


def test_blocked_stay_gives_no_cause_and_no_free_bed(cast, client_for):
    page = client_for(NURSE).get("/tavle/").content.decode()
    assert cast.blocked.family_name in page
    assert "blockedmarkørord stay" not in page
    assert re.search(rf'id="bed-{cast.beds[1]}".*?Opptatt', page, re.S)
    assert "2 av 10 senger i bruk" in page


def test_unchanged_board_is_answered_without_opening_a_record(cast, client_for):
    client = client_for(NURSE)
    tag = tag_of(client.get("/tavle/"))
    before = LogEntry.objects.count()
    answer = poll(client, tag)
    assert (answer.status_code, answer.content) == (304, b"")
    assert LogEntry.objects.count() == before


@pytest.mark.parametrize("what", ["stay", "bed", "task", "vitals", "block"])
def test_each_kind_of_change_is_seen(cast, client_for, what):
    client = client_for(NURSE)
    tag = tag_of(client.get("/tavle/"))
    if what == "stay":
        Stay.objects.filter(pk=cast.anna.rows["stay"]).update(lock_version=2)
    elif what == "bed":
        Bed.objects.filter(pk=cast.beds[8]).update(status="cleaning")
    elif what == "task":
        Task.objects.filter(pk=cast.anna.rows["task"]).update(due_at=today_at(0) - timedelta(days=1))
    elif what == "vitals":
        connection.cursor().execute("UPDATE journal_vitalset SET struck_at = now() WHERE id = %s", [cast.anna.rows["vitalset"]])
    else:
        connection.cursor().execute("UPDATE access_accessblock SET valid_to = now() WHERE patient_id = %s", [cast.blocked.id])
    answer = poll(client, tag)
    assert answer.status_code == 200
    assert cast.anna.family_name in answer.content.decode()
    assert answer["ETag"] != tag


def test_filter_says_how_many_it_hides(cast, client_for):
    page = client_for(NURSE).get("/tavle/?vis=mine").content.decode()
    assert cast.anna.family_name not in page
    assert "2 skjult av filteret" in page


def test_board_asks_few_questions(cast, client_for):
    client = client_for(NURSE)
    client.get("/tavle/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/tavle/")
    own = [query["sql"] for query in asked if "SELECT" in query["sql"][:8] and "current_user" not in query["sql"]]
    assert len(own) <= 15, own


def test_bed_of_another_ward_is_not_touched(cast, client_for):
    OrgUnit.objects.create(
        id=cast.community, legal_entity_id=cast.entities["lms"], name="Annen post", kind="observation_ward", valid_from=today_at(0)
    )
    Bed.objects.filter(pk=cast.beds[9]).update(unit=cast.community, status="cleaning")
    assert client_for(NURSE).post("/tavle/seng-klar/", {"bed": cast.beds[9], "actor": cast[NURSE].id}).status_code == 404
    assert Bed.objects.get(pk=cast.beds[9]).status == "cleaning"


def test_bed_is_set_to_be_cleaned_until_a_time(cast, client_for):
    client, typed = client_for(NURSE), {"bed": cast.beds[9], "actor": cast[NURSE].id, "status": "cleaning", "ready_at": "23:45"}
    for wrong in ({"bed": ""}, {"bed": cast.kari.id}, {"status": "gone"}, {"ready_at": "snart"}):
        assert client.post("/tavle/senger/", typed | wrong).status_code in (404, 422)
    assert Bed.objects.get(pk=cast.beds[9]).status == "ready"
    assert client.post("/tavle/senger/", typed).status_code == 302
    assert "Rengjøres – klar ca. 23:45" in client.get("/tavle/").content.decode()


# --- The acts as pages ---


def test_stay_is_admitted_and_discharged_by_its_forms(cast, client_for, open_gate):
    with open_gate(NURSE):
        call("register_arrival", cast.kari.number, "Hjemmesykepleien", "Tung i pusten")
    client, url = client_for(NURSE), f"/pasient/{cast.kari.id}/opphold/"
    assert "Forventet opphold er ikke registrert" in client.get("/ta-imot/").content.decode()
    assert client.post(f"{url}ventes/", form(cast, NURSE, cast.kari, cause="")).status_code == 422
    assert client.post(f"{url}ventes/", form(cast, NURSE, cast.kari, cause="KOLS-forverring", bed=cast.beds[4])).status_code == 302
    taken = client.post(f"{url}legg-inn/", form(cast, NURSE, cast.kari, bed=cast.beds[0], admitted_at="00:00"))
    assert taken.status_code == 422
    typed = form(cast, NURSE, cast.kari, bed=cast.beds[4], admitted_at="00:00")
    assert client.post(f"{url}legg-inn/", typed).status_code == 302
    assert (
        client.post(
            f"{url}skriv-ut/", form(cast, NURSE, cast.kari, destination="hjem", discharged_at="00:00", send_later="1", reason="Reiser raskt")
        ).status_code
        == 409
    )
    leaves = form(cast, NURSE, cast.kari, destination="hjem", discharged_at="00:00", lock_version=2)
    owing = client.post(f"{url}skriv-ut/", leaves)
    assert owing.status_code == 422
    assert client.post(f"{url}skriv-ut/", leaves | {"send_later": "1"}).status_code == 422, "what is not ticked asks for a reason"
    left = client.post(f"{url}skriv-ut/", leaves | {"send_later": "1", "reason": "Reiser raskt"})
    assert left.status_code == 302
    assert "Venter på sending" in client.get(url).content.decode()


def test_form_of_another_patient_is_refused(cast, client_for):
    url = f"/pasient/{cast.anna.id}/opphold/avgjorelse/"
    typed = form(cast, NURSE, cast.blocked, outcome="home", reason="Frisk")
    assert client_for(NURSE).post(url, typed).status_code == 409


# --- Home care's day ---


def test_day_list_shows_those_the_service_opens(cast, client_for, visit):
    page = client_for(HOME).get("/dagsliste/").content.decode()
    assert cast.kari.family_name in page
    assert cast.foreign.family_name not in page
    DecidedMeasure.objects.filter(patient=cast.kari.id, unit=cast.units["aas_home"]).update(ends_at=today_at(0) - timedelta(days=30))
    assert cast.kari.family_name not in client_for(HOME).get("/dagsliste/").content.decode()


def test_visit_with_something_undone_needs_a_remark(cast, client_for, visit):
    client = client_for(HOME)
    refused = client.post(f"{visit}utfort/", form(cast, HOME, cast.kari, chore=["0"]))
    assert refused.status_code == 422
    assert "Noe er ikke gjort" in refused.content.decode()
    assert re.search(r'name="chore" value="0" checked', refused.content.decode())
    done = client.post(f"{visit}utfort/", form(cast, HOME, cast.kari, chore=["0"], remark="Ville vente"))
    assert "Angre" in client.get(done["Location"]).content.decode()
    row = Visit.objects.get(pk=cast.kari.rows["visit"])
    assert (row.status, [chore["done"] for chore in row.chores]) == ("done", [True, False])


@pytest.mark.parametrize("act", ["start", "ikke-hjemme"])
def test_visit_is_taken_back(cast, client_for, visit, act):
    client = client_for(HOME)
    assert client.post(f"{visit}{act}/", form(cast, HOME, cast.kari)).status_code == 302
    assert client.post(f"{visit}angre/", form(cast, HOME, cast.kari, lock_version=2)).status_code == 302
    row = Visit.objects.get(pk=cast.kari.rows["visit"])
    assert (row.status, row.started_at, row.done_by_id) == ("planned", None, None)


def test_admitted_patient_stays_on_the_list_paused(cast, client_for, visit):
    assert 'data-state="paused"' not in client_for(HOME).get("/dagsliste/").content.decode()
    Stay.objects.filter(pk=cast.kari.rows["stay"]).update(status="admitted", admitted_at=today_at(0), bed=cast.beds[6])
    page = client_for(HOME).get("/dagsliste/").content.decode()
    assert 'data-state="paused"' in page
    assert "Innlagt" in page
    assert "seng 7" in page


def test_one_who_comes_home_is_news(cast, client_for, visit):
    Stay.objects.filter(pk=cast.kari.rows["stay"]).update(
        status="discharged", admitted_at=today_at(0) - timedelta(days=2), discharged_at=datetime.now(UTC), cause="hjertesvikt"
    )
    page = client_for(HOME).get("/dagsliste/").content.decode()
    assert "Hjem fra" in page
    assert "Hjertesvikt." in page


# --- Tasks ---


def test_work_list_is_closed_and_opened_again(cast, client_for):
    client, row = client_for(HOME), cast.kari.rows["task"]
    assert "karimarkørord task" in client.get("/oppgaver/").content.decode()
    url = f"/pasient/{cast.kari.id}/oppgave/{row}/"
    done = client.post(f"{url}gjort/", form(cast, HOME, cast.kari, outcome="Ringt"))
    assert "Angre" in client.get(done["Location"]).content.decode()
    assert client.post(f"{url}gjort/", form(cast, HOME, cast.kari, lock_version=2)).status_code == 422
    assert client.post(f"{url}angre/", form(cast, HOME, cast.kari, lock_version=2)).status_code == 302
    assert Task.objects.get(pk=row).done_at is None


def test_others_work_is_not_on_the_list(cast, client_for):
    page = client_for("frogn.hjemmesykepleier").get("/oppgaver/").content.decode()
    assert "karimarkørord" not in page
    assert cast.foreign.family_name in page


# --- Municipal services ---


def test_decision_opens_the_executing_unit_and_its_end_closes_it(cast, open_gate, client_for):
    DecidedMeasure.objects.filter(patient=cast.kari.id, unit=cast.units["aas_therapy"]).delete()
    physio = "aas.fysioterapeut"
    with pytest.raises(Refusal), open_gate(physio, patient=cast.kari.id):
        pass
    url = f"/pasient/{cast.kari.id}/tjenester/vedtak/"
    typed = form(cast, OFFICER, cast.kari, service_type=19, executing_unit=cast.units["aas_therapy"], text="Fysioterapi", starts_at="00:00")
    assert client_for(OFFICER).post(f"{url}ny/", {**typed, "text": ""}).status_code == 422
    made = client_for(OFFICER).post(f"{url}ny/", typed)
    assert made.status_code == 302, re.findall(r'class="epj-errors".*?</section>', made.content.decode(), re.S)
    with open_gate(physio, patient=cast.kari.id) as gate:
        assert gate.patients == [cast.kari.id]
    row = ServiceDecision.objects.get(text="Fysioterapi")
    DecidedMeasure.objects.filter(source_id=row.pk).update(starts_at=today_at(0) - timedelta(days=40))
    ServiceDecision.objects.filter(pk=row.pk).update(starts_at=today_at(0) - timedelta(days=40))
    with open_gate(OFFICER, patient=cast.kari.id) as gate:
        decision = ServiceDecision.objects.get(pk=row.pk)
        services.service_end(gate=gate, decision=decision, lock_version=decision.lock_version, ends_at=today_at(0) - timedelta(days=20))
    with pytest.raises(Refusal), open_gate(physio, patient=cast.kari.id):
        pass


def test_a_municipality_decides_over_its_own_services_only(cast, open_gate):
    with open_gate(OFFICER, patient=cast.kari.id) as gate, pytest.raises(JournalError) as refused:
        services.service_decide(
            gate=gate, patient=cast.kari.id, service_type=ServiceType.objects.get(pk=15), executing_unit=OrgUnit.objects.get(pk=cast.units["frogn_home"]),
            starts_at=gate.now, ends_at=None, text="Hjemmesykepleie",
        )  # fmt: skip
    assert refused.value.code == "other_entity"


def test_applicant_is_opened_for_the_office_by_number(cast, client_for, open_gate):
    client = client_for(OFFICER)
    assert client.get(f"/pasient/{cast.former.id}/").status_code in (403, 404)
    typed = {"actor": cast[OFFICER].id, "number": cast.former.number, "reason": "Søker trygghetsalarm"}
    assert client.post("/soknad/", {**typed, "reason": ""}).status_code == 422
    assert client.post("/soknad/", {**typed, "number": "12345678901"}).status_code == 422
    assert client.post("/soknad/", typed).status_code == 302
    assert client.get(f"/pasient/{cast.former.id}/tjenester/").status_code == 200
    assert client.post(f"/pasient/{cast.former.id}/tjenester/sak/avslutt/", form(cast, OFFICER, cast.former)).status_code == 302
    measure = DecidedMeasure.objects.get(patient=cast.former.id, template__code="SERVICE_CASEWORK")
    assert measure.end_reason == "assessment_closed"


def test_assessment_is_opened_by_those_who_decide_it_only(cast, open_gate):
    with pytest.raises(DatabaseError), open_gate(NURSE):
        call("open_assessment", cast.foreign.number, "Nysgjerrig")
    assert not DecidedMeasure.objects.filter(patient=cast.foreign.id, template__code="SERVICE_CASEWORK").exists()
