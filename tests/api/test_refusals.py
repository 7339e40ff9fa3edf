"""What the API refuses, and how: nothing tells whether a record exists, and a program can tell one refusal from another."""

import json
import re
from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from access.models import AccessAuthorisation, Session
from access.routes import all_routes
from journal.models import Note, VitalSet
from lms_epj.core.clock import now
from tests.api.conftest import Caller, issue, last_seq, make_system, read_log
from tests.cast import identify

pytestmark = pytest.mark.django_db
NURSE, BYSTANDER = "lms.sykepleier", "frogn.hjemmesykepleier"
AT = "2025-03-03T10:40:00+01:00"
PATHS = ("", "stays/", "notes/", "observations/", "tasks/")


@pytest.mark.parametrize("path", PATHS)
def test_foreign_and_absent_answer_alike(cast, person, path):
    foreign, absent = person(BYSTANDER).get(path, cast.anna), person(BYSTANDER).get(path, uuid4())
    assert (foreign.status_code, foreign.content) == (absent.status_code, absent.content)
    assert foreign.status_code == 404
    assert sorted(foreign.headers) == sorted(absent.headers)


@pytest.mark.parametrize("act", ["stays/{}/admit/", "notes/{}/sign/", "tasks/{}/done/"])
def test_another_patients_row_and_an_absent_one_answer_alike(cast, person, act):
    row = {"stays": "stay", "notes": "note", "tasks": "task"}[act.partition("/")[0]]
    body = {"bed_id": str(cast.beds[5]), "admitted_at": AT}
    answers = [person(NURSE).post(act.format(key), cast.anna, body, if_match='"1"') for key in (cast.kari.rows[row], uuid4())]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_refusal_is_logged_as_denied(cast, person):
    seq = last_seq()
    person(BYSTANDER).get("notes/", cast.anna)
    (row,) = read_log(seq)
    assert (row["outcome"], row["patient_id"], row["reason_code"]) == ("deny", cast.anna.id, "no_measure")


def test_page_of_a_record_that_has_closed_says_so_and_the_log_why(cast, client_for):
    seq = last_seq()
    page = client_for(NURSE).get(f"/pasient/{cast.former.id}/")
    assert (page.status_code, page.templates[0].name) == (403, "access/closed.html")
    assert not any(marker in page.content.decode() for marker in cast.former.markers)
    assert [(row["outcome"], row["reason_code"]) for row in read_log(seq, patient_id=cast.former.id)] == [("deny", "measure_ended")]
    assert client_for(NURSE).get(f"/pasient/{cast.foreign.id}/").status_code == 404


def test_blocked_row_is_absent(cast, person):
    who = person("aas.hjemmesykepleier")
    assert str(cast.anna.rows["note"]) not in who.get("notes/", cast.anna).content.decode()
    assert who.get(f"notes/{cast.anna.rows['note']}/", cast.anna).status_code == 404


def test_category_without_right_is_refused(cast, person):
    assert person("aas.saksbehandler").get("observations/", cast.kari).status_code == 404
    assert person("lms.helsefag").post("stays/", cast.kari, {"cause": "x"}).status_code == 404


def test_method_that_the_address_lacks(cast, person):
    answer = person(NURSE).put("stays/", cast.anna)
    assert (answer.status_code, answer["Allow"]) == (405, "GET, POST")
    assert "detail" in answer.json()


@pytest.mark.parametrize(
    "tag", [None, "", "*", '"x"', '"-1"', '"99999999999"', "²"], ids=["none", "empty", "any", "word", "negative", "long", "superscript"]
)
def test_change_without_a_version_is_refused(cast, person, tag):
    headers = {} if tag is None else {"if_match": tag}
    answer = person(NURSE).post(f"tasks/{cast.anna.rows['task']}/done/", cast.anna, {}, **headers)
    assert (answer.status_code, answer.json()["code"]) == (428, "precondition_required")


def test_conflict_gives_both_versions(cast, person):
    who, body = person(NURSE), {"document_type": "nurse_isbar", "content": {"situation": "Fra det ene"}, "event_at": AT}
    draft = who.post("notes/", cast.anna, body).json()
    path = f"notes/{draft['id']}/"
    who.put(path, cast.anna, {"content": {"situation": "Fra det andre"}, "event_at": AT}, if_match='"1"')
    mine = {"content": {"situation": "Mitt"}, "event_at": AT}
    answer = who.put(path, cast.anna, mine, if_match='"1"')
    assert (answer.status_code, answer["ETag"]) == (409, '"2"')
    told = answer.json()
    assert (told["code"], told["lock_version"], told["current"]["content"]["situation"], told["sent"]) == ("conflict", 2, "Fra det andre", mine)
    assert Note.objects.get(pk=draft["id"]).content["situation"] == "Fra det andre"
    assert who.post(f"{path}sign/", cast.anna, if_match='"1"').json()["current"]["state"] == "DRAFT"
    assert who.put(path, cast.anna, mine, if_match=answer["ETag"]).status_code == 200


@pytest.mark.parametrize(
    ("path", "body", "fields"),
    [
        ("tasks/", {}, ["due_at", "title"]),
        ("tasks/", {"title": "x", "due_at": "0001-01-01T00:00:00Z"}, ["due_at"]),
        ("tasks/", {"title": "x", "due_at": "9999-12-31T23:59:59-14:00"}, ["due_at"]),
        ("tasks/", {"title": "a\0b", "due_at": AT}, ["title"]),
        ("tasks/", {"title": "\ud800", "due_at": AT}, ["title"]),
        ("stays/", {"cause": "x" * 501}, ["cause"]),
        ("notes/", {"document_type": "finnes_ikke", "content": {}, "event_at": AT}, ["document_type"]),
        ("notes/", {"document_type": "nurse\0note", "content": {}, "event_at": AT}, ["document_type"]),
        ("notes/", {"document_type": {}, "content": [], "event_at": AT}, ["content", "document_type"]),
        ("notes/", {"document_type": "nurse_note", "content": {"text": "a\0"}, "event_at": AT}, ["content.text"]),
        ("observations/", {"taken_at": AT, "pulse": 10**40}, ["pulse"]),
        ("observations/", {"taken_at": AT, "temperature": "1e400"}, ["temperature"]),
        ("observations/", {"taken_at": AT, "temperature": "NaN"}, ["temperature"]),
        ("observations/", {"taken_at": AT, "spo2": 110}, ["spo2"]),
        ("observations/", {"taken_at": "2199-01-01T00:00:00Z", "pulse": 80}, ["event_at"]),
        ("observations/", [], ["body"]),
    ],
)
def test_what_cannot_be_stored_is_named_field_by_field(cast, person, path, body, fields):
    before = VitalSet.objects.count()
    client = person(NURSE).client
    answer = client.post(f"/api/v1/patients/{cast.anna.id}/{path}", json.dumps(body), content_type="application/json")
    assert (answer.status_code, sorted(answer.json()["fields"])) == (422, fields)
    assert answer.json()["detail"]
    assert VitalSet.objects.count() == before


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[" * 100_000, b'{"title": NaN}'], ids=["cut", "bytes", "deep", "nan"])
def test_what_is_no_json_is_a_bad_request(cast, person, body):
    client = person(NURSE).client
    answer = client.post(f"/api/v1/patients/{cast.anna.id}/tasks/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")


def test_other_media_than_json_is_refused(cast, person):
    answer = person(NURSE).client.put(
        f"/api/v1/patients/{cast.anna.id}/notes/{cast.anna.rows['draft']}/", "text", content_type="text/plain", headers={"if_match": '"1"'}
    )
    assert answer.status_code == 415


@pytest.mark.parametrize("cursor", ["", "x", "1-", "%00", "99999999999999999999-" + "0" * 32, "1-" + "z" * 32])
def test_cursor_that_was_never_given_is_a_bad_request(cast, person, cursor):
    assert person(NURSE).get(f"notes/?before={cursor}", cast.anna).status_code == 400


def test_pages_of_a_list_lose_no_row_of_the_same_minute(cast, person):
    row = VitalSet.objects.get(pk=cast.anna.rows["vitalset"])
    VitalSet.objects.bulk_create(VitalSet(**{**columns(row), "id": identify("page", number), "pulse": 70}) for number in range(120))
    who, got, path = person(NURSE), [], "observations/"
    for size in (50, 50, 21):
        answer = who.get(path, cast.anna)
        assert len(answer.json()) == size
        got += [one["id"] for one in answer.json()]
        link = answer.get("Link", "")
        path = link.removeprefix("<").partition(">")[0].partition(f"{cast.anna.id}/")[2]
    assert not link
    assert len(set(got)) == 121


def columns(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_nothing_is_charted_under_a_block(cast, person):
    who = person(NURSE)
    for path, body in (("observations/", {"taken_at": AT, "pulse": 80}), ("tasks/", {"title": "x", "due_at": AT, "for_unit_id": str(cast.units["ward"])}),
                       ("notes/", {"document_type": "nurse_note", "content": {"text": "x"}, "event_at": AT})):  # fmt: skip
        assert who.post(path, cast.blocked, body).status_code == 403, path


# --- Tokens ---


def test_reading_role_reads_what_a_task_opens_and_nothing_else(cast):
    make_system(cast, "laboratoriet", "system")
    who = Caller(HTTP_AUTHORIZATION=f"Bearer {issue('laboratoriet')}")
    assert who.get("observations/", cast.anna).status_code == 404
    assert who.post("patients/search/", body={"born": "1938-07-19"}).json() == []
    assert who.post("patients/search/", body={"name": "myr"}).json() == []


@pytest.mark.parametrize("role", ["economy", "it_operator"])
def test_role_without_rights_sees_nothing(cast, role):
    make_system(cast, "regnskap", role)
    who = Caller(HTTP_AUTHORIZATION=f"Bearer {issue('regnskap')}")
    for patient in cast.patients.values():
        for path in PATHS:
            assert who.get(path, patient).status_code == 404
    assert who.post("patients/search/", body={"name": "myr"}).json() == []


def test_token_holds_its_days_and_no_longer(cast, gateway, set_clock):
    assert gateway.get("", cast.anna).status_code == 200
    set_clock(now() + timedelta(days=89))
    assert gateway.get("", cast.anna).status_code == 200
    set_clock(now() + timedelta(days=91))
    assert gateway.get("", cast.anna).status_code == 401


def test_token_ends_when_it_is_withdrawn(cast, gateway):
    out = StringIO()
    call_command("end_tokens", "monitor", stdout=out)
    assert out.getvalue().strip() == "1"
    answer = gateway.get("", cast.anna)
    assert (answer.status_code, answer.json()["state"]) == (401, "none")


def test_token_ends_with_the_authorisation(cast, gateway):
    AccessAuthorisation.objects.filter(id=identify("authorisation", "monitor")).update(valid_to=now() - timedelta(minutes=1))
    assert gateway.get("", cast.anna).status_code == 404
    assert gateway.post("patients/search/", body={"name": "sengem"}).status_code == 401


def test_token_is_for_a_system_client_with_a_purpose_and_an_end(cast):
    with pytest.raises(CommandError, match="No system client"):
        issue("lms.lege")
    make_system(cast, "laboratoriet", "system")
    for days in (0, 367):
        with pytest.raises(CommandError, match="1 to 366 days"):
            issue("laboratoriet", days=days)
    with pytest.raises(CommandError, match="needs a purpose"):
        call_command("issue_token", "laboratoriet", purpose=" ")
    secret = issue("laboratoriet")
    assert not Session.objects.filter(secret_hash=secret.encode()).exists()
    with pytest.raises(CommandError, match="No system client"):
        call_command("end_tokens", "lms.lege")


def test_no_form_of_any_page_takes_nul(cast, client_for):
    client = client_for(NURSE)
    for route, _ in all_routes():
        path = "/" + re.sub(r"<uuid:\w+>", str(cast.anna.id), re.sub(r"<(str:|slug:)?\w+>", "x", re.sub(r"<int:\w+>", "1", route)))
        assert client.post(path, {"patient": cast.anna.id, "actor": cast[NURSE].id, "text": "a\0b"}).status_code in (400, 405), route


@pytest.mark.parametrize("field", ["epj_session", "epj_device"])
def test_nul_is_refused_wherever_it_comes(cast, client_for, field):
    client = client_for(NURSE)
    assert client.get("/?q=%00").status_code == 400
    assert client.post("/api/v1/patients/search/", {"name\0": "x"}).status_code == 400
    assert client.post(f"/pasient/{cast.anna.id}/legemidler/ny/", {"generic": "a\0b", "patient": cast.anna.id}).status_code == 400
    client.cookies.load(f'{field}="\\000"')
    assert client.get(f"/pasient/{cast.anna.id}/").status_code == 400
