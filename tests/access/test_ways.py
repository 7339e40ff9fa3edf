"""Arrival, participation, finishing work, emergency: each opens exactly what it says, and only for a role that may decide it."""

import pytest
from django.db import connection

from access.models import DecidedMeasure, EmergencyCase

pytestmark = pytest.mark.django_db
REASON = "Fall hjemme, vurderes på posten"


def denied(client, number):
    return client.post("/pasienter/sok/", {"q": number}).context


def measures(patient, code):
    return DecidedMeasure.objects.filter(patient_id=patient, template__code=code)


def test_arrival_opens_for_the_unit_for_the_set_hours(client_for, cast):
    client = client_for("lms.sykepleier")
    number = denied(client, cast.kari.number)["number"]
    assert cast.kari.number not in client.post("/pasienter/ankomst/", {"number": number}).request["PATH_INFO"]
    done = client.post("/pasienter/ankomst/", {"number": number, "save": "1", "caller": "AMK", "reason": REASON})
    assert str(cast.kari.id) in done.headers["Location"]
    (measure,) = measures(cast.kari.id, "NOTIFIED")
    assert (measure.unit_id, measure.caller, measure.user_selected) == (cast.units["ward"], "AMK", True)
    assert (measure.ends_at - measure.starts_at).total_seconds() == 4 * 3600
    assert cast.kari.family_name in client_for("lms.lege").get("/pasienter/").content.decode()


def test_arrival_needs_caller_and_reason(client_for, cast):
    client = client_for("lms.sykepleier")
    number = denied(client, cast.kari.number)["number"]
    answer = client.post("/pasienter/ankomst/", {"number": number, "save": "1", "caller": " ", "reason": "x"})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.context["errors"]] == ["field-caller", "field-reason"]
    assert not measures(cast.kari.id, "NOTIFIED").exists()


def test_a_form_of_another_person_or_an_old_one_opens_nothing(client_for, cast, monkeypatch):
    number = denied(client_for("lms.sykepleier"), cast.kari.number)["number"]
    sent = {"number": number, "save": "1", "caller": "AMK", "reason": REASON}
    assert client_for("lms.lege").post("/pasienter/ankomst/", sent).status_code == 403
    monkeypatch.setattr("access.views.denied.MAX_AGE", -1)
    assert client_for("lms.sykepleier").post("/pasienter/ankomst/", sent).status_code == 403
    assert not measures(cast.kari.id, "NOTIFIED").exists()


def test_a_role_that_may_not_decide_is_refused(client_for, cast, nobody):
    client = client_for("aas.hjemmesykepleier")
    page = denied(client, cast.foreign.number)
    assert page["arrival_url"] == ""
    answer = client.post("/pasienter/ankomst/", {"number": page["number"], "save": "1", "caller": "AMK", "reason": REASON})
    assert answer.status_code == 403
    assert not measures(cast.foreign.id, "NOTIFIED").exists()


def test_a_person_without_number(client_for, cast):
    client = client_for("lms.sykepleier")
    form = {"family_name": "Ukjent", "given_name": "", "birth_date": "", "sex": "M", "caller": "Ambulanse", "reason": REASON}
    assert client.post("/pasienter/ankomst/ukjent/", form | {"birth_date": "31.02.1950"}).status_code == 422
    done = client.post("/pasienter/ankomst/ukjent/", form)
    assert done.status_code == 302
    patient = done.headers["Location"].split("/")[2]
    assert measures(patient, "NOTIFIED").count() == 1


def test_participation_is_personal(client_for, cast):
    client = client_for("lms.lege")
    number = denied(client, cast.kari.number)["number"]
    assert client.post("/pasienter/delta/", {"number": number, "save": "1", "reason": REASON}).status_code == 302
    (measure,) = measures(cast.kari.id, "PARTICIPATION")
    assert (measure.performer_id, measure.unit_id) == (cast["lms.lege"].id, None)
    assert client_for("lms.sykepleier").get(f"/pasient/{cast.kari.id}/").status_code == 404


def test_finishing_where_there_was_no_work_answers_alike(client_for, cast, nobody):
    client = client_for("lms.lege")
    answers = []
    for number in (cast.foreign.number, nobody):
        form = {"number": denied(client, number)["number"], "save": "1", "reason": REASON}
        answers.append(client.post("/pasienter/etterarbeid/", form))
    assert [answer.status_code for answer in answers] == [422, 422]
    assert answers[0].context["errors"] == answers[1].context["errors"]
    former = {"number": denied(client, cast.former.number)["number"], "save": "1", "reason": REASON}
    assert client.post("/pasienter/etterarbeid/", former).status_code == 302


def test_emergency_opens_only_what_was_asked_for_and_can_be_ended(client_for, cast):
    client = client_for("lms.lege")
    page = denied(client, cast.foreign.number)
    assert not any(reason["selected"] for reason in page["emergency"]["reasons"])
    form = {"number": page["number"], "reason_code": "acute", "reason": REASON, "scope": ["critical", "medication"]}
    refused = client.post("/pasienter/nodrett/", form)
    assert refused.status_code == 422
    assert refused.context["emergency"]["confirm_error"]
    assert not EmergencyCase.objects.exists()
    assert client.post("/pasienter/nodrett/", form | {"confirmed": "on"}).headers["Location"] == f"/pasient/{cast.foreign.id}/"
    assert sorted(m.scope_categories for m in measures(cast.foreign.id, "EMERGENCY")) == [[3], [5]]
    shown = client.get(f"/pasient/{cast.foreign.id}/")
    assert "Avslutt nå" in shown.content.decode()
    end = {"patient": str(cast.foreign.id), "actor": str(cast["lms.lege"].id)}
    assert client.post(f"/pasient/{cast.foreign.id}/nodrett/avslutt/", end).status_code == 302
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM access_decidedmeasure WHERE case_id IS NOT NULL AND ends_at > gate.clock()")
        assert cursor.fetchone() == (0,)
