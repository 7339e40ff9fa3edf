"""Log-in, role, PIN, lock and hand-over on a shared PC."""

import time

import pyotp
import pytest
from django.db import connection

from access.middleware import SESSION_COOKIE
from access.services.secrets import code_counter, is_pin, is_weak_pin, seal, slow_hash, unseal
from tests.access.conftest import set_setting
from tests.cast import PASSWORD, PIN

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keys(settings):
    settings.EPJ_FIELD_KEYS = ["MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="]


def log_in(client, username, password=PASSWORD, **more):
    return client.post("/logg-inn/", {"username": username, "password": password} | more)


def test_one_live_role_is_taken_by_itself(client_for, credentials):
    client = client_for(None)
    answer = log_in(client, " LMS.Lege ")
    assert answer.status_code == 302
    assert answer.headers["Location"] not in ("/rolle/", "/logg-inn/")
    cookie = client.cookies[SESSION_COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"


def test_several_roles_are_chosen_between(client_for, cast, credentials):
    client = client_for(None)
    assert log_in(client, "aas.to_roller").headers["Location"] == "/rolle/"
    page = client.get("/rolle/").content.decode()
    assert "Observasjonsposten" in page
    assert "Du ser 2 innlagte" in page
    assert client.post("/rolle/", {"role": str(cast["lms.lege"].authorisation_id)}).status_code == 422
    chosen = client.post("/rolle/", {"role": str(cast["aas.to_roller"].authorisations["lms_nurse"])})
    assert chosen.status_code == 302
    assert "Observasjonsposten" in client.get("/pasienter/").content.decode()


@pytest.mark.parametrize(("username", "password"), [("lms.lege", "feil"), ("finnes.ikke", PASSWORD), ("", "")])
def test_wrong_name_and_wrong_password_answer_alike(client_for, credentials, username, password):
    answer = log_in(client_for(None), username, password)
    assert answer.status_code == 422
    assert "Brukernavnet eller passordet stemmer ikke" in answer.content.decode()
    assert SESSION_COOKIE not in answer.cookies


def test_five_wrong_tries_must_wait_even_with_the_right_password(client_for, credentials, log_rows):
    client = client_for(None)
    for _ in range(5):
        log_in(client, "lms.lege", "feil")
    answer = log_in(client, "lms.lege")
    assert answer.status_code == 429
    assert "Vent et kvarter" in answer.content.decode()
    assert len(log_rows(action="login", outcome="deny", reason_code="wrong_password")) == 5


def test_a_path_of_another_site_is_not_followed(client_for, credentials):
    for path in ("https://ond.example/", "//ond.example/", "/\\ond.example"):
        assert "ond.example" not in log_in(client_for(None), "lms.lege", next=path).headers["Location"]


def test_the_one_who_takes_over_does_not_land_on_the_others_patient(client_for, cast, credentials):
    page = f"/pasient/{cast.kari.id}/"
    assert log_in(client_for(None), "lms.lege", next=page).headers["Location"] != page
    own = f"/pasient/{cast.anna.id}/"
    assert log_in(client_for(None), "lms.lege", next=own).headers["Location"] == own


def test_lock_and_pin(client_for, credentials):
    client = client_for(None)
    log_in(client, "lms.lege")
    before = client.cookies[SESSION_COOKIE].value
    assert client.post("/las/", HTTP_X_REQUESTED_WITH="XMLHttpRequest").status_code == 204
    assert client.get("/pasienter/").headers["Location"].startswith("/last/")
    wrong = client.post("/last/", {"pin": "1111"}, HTTP_X_EPJ_OVERLAY="1")
    assert (wrong.status_code, wrong.json()["tries_left"]) == (403, 4)
    assert client.post("/last/", {"pin": PIN}, HTTP_X_EPJ_OVERLAY="1").status_code == 204
    assert client.get("/pasienter/").status_code == 200
    assert client.cookies[SESSION_COOKIE].value != before
    client.cookies[SESSION_COOKIE] = before
    assert client.get("/pasienter/").headers["Location"].startswith("/logg-inn/")


def test_five_wrong_pins_end_the_session(client_for, credentials):
    client = client_for(None)
    log_in(client, "lms.lege")
    client.post("/las/")
    codes = [client.post("/last/", {"pin": "1111"}, HTTP_X_EPJ_OVERLAY="1").status_code for _ in range(5)]
    assert codes == [403, 403, 403, 403, 401]
    assert client.post("/last/", {"pin": PIN}, HTTP_X_EPJ_OVERLAY="1").status_code == 401


def test_hand_over_leaves_the_first_ones_session(client_for, cast, credentials):
    client = client_for(None)
    log_in(client, "lms.lege")
    client.post("/las/")
    log_in(client, "lms.sykepleier")
    assert client.get("/pasienter/").status_code == 200
    client.post("/logg-ut/")
    page = client.get("/logg-inn/")
    (locked,) = [session for session in page.context["locked"] if session["name"] == "Jonas Amundsen"]
    assert client.post(locked["url"], {"pin": PIN}).status_code == 302
    assert "Jonas Amundsen" in client.get("/pasienter/").content.decode()


def test_another_device_can_not_unlock(client_for, credentials):
    client, other = client_for(None), client_for(None)
    other.cookies["epj_device"] = "another device"
    log_in(client, "lms.lege")
    client.post("/las/")
    other.cookies[SESSION_COOKIE] = client.cookies[SESSION_COOKIE].value
    assert other.post("/last/", {"pin": PIN}, HTTP_X_EPJ_OVERLAY="1").status_code == 401


def test_a_one_time_code_is_good_once(client_for, credentials, cast):
    set_setting("second_factor_required", 1)
    client = client_for(None)
    assert log_in(client, "lms.lege").headers["Location"] == "/kode/"
    assert client.get("/pasienter/").headers["Location"].startswith("/kode/")
    offer = client.get("/kode/").context["offer"]
    code = pyotp.TOTP(unseal(offer)).now()
    assert client.post("/kode/", {"offer": offer, "code": "000000" if code != "000000" else "000001"}).status_code == 422
    assert client.post("/kode/", {"offer": offer, "code": code}).status_code == 302
    assert client.get("/pasienter/").status_code == 200
    second = client_for(None)
    log_in(second, "lms.lege")
    assert second.post("/kode/", {"code": code}).status_code == 422
    later = pyotp.TOTP(unseal(offer)).at(int(time.time()) + 30)
    assert second.post("/kode/", {"code": later}).status_code == 302


def test_the_pin_is_asked_for_once(client_for, cast, credentials):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE access_credential SET pin_params = '', pin_verifier = NULL")
    client = client_for(None)
    assert log_in(client, "lms.lege").headers["Location"] == "/pin/"
    assert client.post("/pin/", {"pin": "1234", "again": "1234"}).status_code == 422
    assert client.post("/pin/", {"skip": "1"}).status_code == 302
    assert log_in(client_for(None), "lms.lege").headers["Location"] != "/pin/"
    assert client.post("/pin/", {"pin": "4071", "again": "4071"}).status_code == 302
    client.post("/las/")
    assert client.post("/last/", {"pin": "4071"}, HTTP_X_EPJ_OVERLAY="1").status_code == 204


def test_a_locked_form_is_told_of_the_lock_not_of_another_actor(client_for, cast):
    client = client_for("lms.lege")
    client.post("/las/")
    answer = client.post("/pasienter/sok/", {"q": "anna", "actor": str(cast["lms.lege"].id)}, HTTP_HX_REQUEST="true")
    assert (answer.status_code, answer.headers["X-EPJ-Locked"]) == (401, "1")


def test_secrets():
    assert slow_hash("a", "argon2id$64$1$1$" + "00" * 16) == slow_hash("a", "argon2id$64$1$1$" + "00" * 16)
    assert unseal(seal("nøkkel")) == "nøkkel"
    assert unseal("ikke vår") is None
    assert code_counter("JBSWY3DPEHPK3PXP", "ø") is None
    assert [is_weak_pin(pin) for pin in ("1111", "1234", "8765", "2580")] == [True, True, True, False]
    assert [is_pin(pin) for pin in ("123", "1234", "12a4", "²²²²", "123456789")] == [False, True, False, False, False]
