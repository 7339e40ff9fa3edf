"""Each act of the API, by a person with a cookie and by a system client with a token, decided and logged."""

import json
from datetime import timedelta

import pytest

from access.models import DecidedMeasure, MeasureTemplate
from journal.models import Bed, Note, Stay, Task, VitalSet
from lms_epj.core.clock import now
from tests.api.conftest import PURPOSE, Caller, last_seq, logged, read_log

pytestmark = pytest.mark.django_db
NURSE, DOCTOR = "lms.sykepleier", "lms.lege"
AT = "2025-03-03T10:40:00+01:00"


def test_search_gives_those_the_caller_may_know_of(cast, person):
    seq = last_seq()
    found = person(NURSE).post("patients/search/", body={"name": "sengemyr"})
    assert [row["id"] for row in found.json()] == [str(cast.anna.id)]
    assert found.json()[0]["numbers"] == [cast.anna.number]
    assert "allow" in logged(seq, cast.anna.id)
    assert person(NURSE).post("patients/search/", body={"name": "frognmyr"}).json() == []
    assert person(NURSE).post("patients/search/", body={"name": "an"}).json()["code"] == "too_short"


def test_patient_is_given_and_logged(cast, person):
    seq = last_seq()
    answer = person(NURSE).get("", cast.anna)
    assert answer.json()["family_name"] == cast.anna.family_name
    assert [row["route"] for row in read_log(seq, patient_id=cast.anna.id)] == ["api_patient"]


@pytest.mark.parametrize(("path", "row"), [("stays/", "stay"), ("notes/", "note"), ("observations/", "vitalset"), ("tasks/", "task")])
def test_list_is_logged_with_what_it_showed(cast, person, path, row):
    seq = last_seq()
    answer = person(NURSE).get(path, cast.anna)
    assert str(cast.anna.rows[row]) in [one["id"] for one in answer.json()]
    allow, shown = read_log(seq, patient_id=cast.anna.id)
    assert (allow["outcome"], shown["outcome"]) == ("allow", "shown")
    assert allow["request_id"] == shown["request_id"]
    assert str(cast.anna.rows[row]) in json.loads(shown["objects_shown"])[row]


def notify(cast) -> None:
    """Kari is notified to the ward, so that it may receive her."""
    DecidedMeasure.objects.create(
        patient_id=cast.kari.id, template=MeasureTemplate.objects.get(code="NOTIFIED"), unit_id=cast.units["ward"], starts_at=now() - timedelta(hours=1),
        decided_at=now(), source_kind="cast",
    )  # fmt: skip


@pytest.mark.parametrize("caller", ["person", "system"])
def test_stay_from_expected_to_admitted(cast, person, gateway, caller):
    notify(cast)
    who = person(NURSE) if caller == "person" else gateway
    expected = who.post("stays/", cast.kari, {"cause": "Dehydrering", "expected_at": AT})
    assert (expected.status_code, expected["ETag"]) == (201, '"1"')
    path, body = f"stays/{expected.json()['id']}/admit/", {"bed_id": str(cast.beds[4]), "admitted_at": AT}
    assert who.post(path, cast.kari, body).status_code == 428
    admitted = who.post(path, cast.kari, body, if_match=expected["ETag"])
    assert (admitted.status_code, admitted.json()["status"], admitted["ETag"]) == (200, "admitted", '"2"')
    assert DecidedMeasure.objects.filter(patient_id=cast.kari.id, template__code="ADMITTED", unit_id=cast.units["ward"], ends_at=None).exists()


def test_role_that_may_not_admit_is_refused(cast, person):
    Stay.objects.filter(pk=cast.anna.rows["stay"]).update(status="expected", bed=None)
    body = {"bed_id": str(cast.beds[4]), "admitted_at": AT}
    path = f"stays/{cast.anna.rows['stay']}/admit/"
    assert person("lms.helsefag").post(path, cast.anna, body, if_match='"1"').status_code == 403
    assert Stay.objects.get(pk=cast.anna.rows["stay"]).status == "expected"


def test_taken_bed_is_refused(cast, person):
    notify(cast)
    expected = person(NURSE).post("stays/", cast.kari, {"cause": "Dehydrering"})
    body = {"bed_id": str(Bed.objects.get(pk=cast.beds[0]).pk), "admitted_at": AT}
    refused = person(NURSE).post(f"stays/{expected.json()['id']}/admit/", cast.kari, body, if_match='"1"')
    assert (refused.status_code, refused.json()["code"], list(refused.json()["fields"])) == (422, "bed_taken", ["bed"])
    assert Stay.objects.get(pk=expected.json()["id"]).status == "expected"


def test_note_from_draft_to_signed(cast, person):
    who = person(DOCTOR)
    content = {"findings": "Rene lunger", "assessment": "Bedring", "plan": "Hjem i morgen"}
    draft = who.post("notes/", cast.anna, {"document_type": "doctor_daily", "content": {"findings": "Rene lunger"}, "event_at": AT})
    assert (draft.status_code, draft.json()["state"]) == (201, "DRAFT")
    path = f"notes/{draft.json()['id']}/"
    assert who.get(path, cast.anna)["ETag"] == draft["ETag"]
    missing = who.post(f"{path}sign/", cast.anna, if_match=draft["ETag"])
    assert (missing.status_code, set(missing.json()["fields"])) == (422, {"section.assessment", "section.plan"})
    whole = who.put(path, cast.anna, {"content": content, "event_at": AT}, if_match=draft["ETag"])
    signed = who.post(f"{path}sign/", cast.anna, if_match=whole["ETag"])
    assert (signed.json()["state"], signed.json()["version"]) == ("SIGNED", 1)
    assert who.put(path, cast.anna, {"content": content, "event_at": AT}, if_match=signed["ETag"]).status_code == 422
    assert {row["action"] for row in read_log(route="api_note_sign", outcome="allow")} == {"sign"}


def test_section_that_the_template_lacks_is_refused(cast, person):
    answer = person(DOCTOR).post("notes/", cast.anna, {"document_type": "doctor_daily", "content": {"text": "Blir borte"}, "event_at": AT})
    assert (answer.status_code, answer.json()["fields"]) == (422, {"section.text": "Malen har ikke dette feltet. Ingenting er lagret."})
    assert not Note.objects.filter(author_id=cast[DOCTOR].id).exists()


@pytest.mark.parametrize("caller", ["person", "system"])
def test_observation(cast, person, gateway, caller):
    who = person(NURSE) if caller == "person" else gateway
    whole = {"respiration": 22, "spo2": 93, "on_oxygen": False, "systolic": 128, "pulse": 96, "consciousness": "A", "temperature": "38.4"}
    stored = who.post("observations/", cast.anna, {"taken_at": AT, **whole})
    assert (stored.status_code, stored.json()["news2_total"]) == (201, 2 + 2 + 0 + 0 + 1 + 0 + 1)
    unusual = who.post("observations/", cast.anna, {"taken_at": AT, "pulse": 30})
    assert (unusual.status_code, unusual.json()["code"], list(unusual.json()["fields"])) == (422, "unusual", ["pulse"])
    confirmed = who.post("observations/", cast.anna, {"taken_at": AT, "pulse": 30, "confirmed": True})
    assert (confirmed.status_code, confirmed.json()["news2_total"]) == (201, None)
    assert VitalSet.objects.filter(patient_id=cast.anna.id, pulse=30).count() == 1


@pytest.mark.parametrize("caller", ["person", "system"])
def test_task(cast, person, gateway, caller):
    who = person(NURSE) if caller == "person" else gateway
    given = who.post("tasks/", cast.anna, {"title": "Ring datteren", "due_at": AT, "for_unit_id": str(cast.units["aas_therapy"])})
    assert given.status_code == 201
    opened = DecidedMeasure.objects.filter(patient_id=cast.anna.id, template__code="TASK", unit_id=cast.units["aas_therapy"])
    assert opened.get().ends_at is None
    path = f"tasks/{given.json()['id']}/done/"
    done = who.post(path, cast.anna, {"outcome": "Snakket med henne"}, if_match=given["ETag"])
    assert done.json()["outcome"] == "Snakket med henne"
    assert opened.get().ends_at is not None
    assert who.post(path, cast.anna, if_match=done["ETag"]).json()["code"] == "closed"
    nobody = who.post("tasks/", cast.anna, {"title": "Ring", "due_at": AT, "for_unit_id": str(cast.anna.id)})
    assert (nobody.status_code, list(nobody.json()["fields"])) == (422, ["for_unit_id"])
    assert Task.objects.filter(title="Ring").count() == 0


def test_system_clients_lines_name_its_purpose(cast, gateway):
    seq = last_seq()
    gateway.get("observations/", cast.anna)
    gateway.get("observations/", cast.foreign)
    gateway.post("patients/search/", body={"name": "sengemyr"})
    lines = [row for row in read_log(seq) if row["outcome"] != "shown"]
    assert {row["outcome"] for row in lines} == {"allow", "deny"}
    assert {(row["user_name"], row["purpose"]) for row in lines} == {("System monitor", PURPOSE)}


def test_persons_lines_name_the_measures_purpose(cast, person):
    seq = last_seq()
    person(NURSE).get("observations/", cast.anna)
    assert read_log(seq, outcome="allow")[0]["purpose"] == "TREAT"


def test_cookie_needs_the_csrf_token_and_a_bearer_does_not(cast, gateway_token):
    body = {"taken_at": AT, "pulse": 80}
    strict = Caller()
    strict.client.handler.enforce_csrf_checks = True
    strict.client.cookies["epj_session"] = cast[NURSE].secret
    assert strict.post("observations/", cast.anna, body).status_code == 403
    strict.client.cookies["csrftoken"] = "k" * 32
    assert strict.post("observations/", cast.anna, body, x_csrftoken="k" * 32).status_code == 201
    bearer = Caller(HTTP_AUTHORIZATION=f"Bearer {gateway_token}")
    bearer.client.handler.enforce_csrf_checks = True
    assert bearer.post("observations/", cast.anna, body).status_code == 201
    # With a bearer on the request the cookie does not count.
    strict.client.cookies.pop("csrftoken")
    assert strict.post("observations/", cast.anna, body, authorization="Bearer nobody").status_code == 401
