"""«Min konto»: password, telephone for codes, PIN, and where one is logged in."""

import re
import time

import pyotp
import pytest

from access import gate
from access.middleware import SESSION_COOKIE
from access.models import Credential, Session
from access.services.password_rules import password_faults
from access.services.secrets import code_counter, credential_set
from lms_epj.core.devices import device_words
from tests.access.staff import log_in as open_session
from tests.cast import PASSWORD, PIN

pytestmark = pytest.mark.django_db
DOCTOR = "lms.lege"
NEW = "Fjellvettregel-nummer-8"


@pytest.fixture(autouse=True)
def keys(settings):
    settings.EPJ_FIELD_KEYS = ["MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="]


def log_in(client, password=PASSWORD, username=DOCTOR):
    return client.post("/logg-inn/", {"username": username, "password": password})


def change(client, old=PASSWORD, new=NEW, again=None):
    return client.post("/konto/passord/", {"old": old, "new": new, "again": again or new})


def test_a_changed_password_is_the_one_that_opens_and_ends_the_other_sessions(client_for, cast, credentials, log_rows):
    client, elsewhere = client_for(None), client_for(DOCTOR)
    log_in(client)
    assert elsewhere.get("/konto/").status_code == 200
    assert change(client).headers["Location"] == "/konto/?gjort=passord"
    assert client.get("/konto/").status_code == 200
    assert elsewhere.get("/konto/").headers["Location"].startswith("/logg-inn/")
    assert log_in(client_for(None)).status_code == 422
    assert log_in(client_for(None), NEW).status_code == 302
    assert [row["outcome"] for row in log_rows(action="password_change")] == ["allow"]


@pytest.mark.parametrize(("form", "text"), [
    ({"old": "feil"}, "Passordet stemmer ikke"), ({"again": "noe helt annet"}, "ikke like"), ({"new": PASSWORD}, "det samme"),
    ({"new": "kort-8"}, "Bruk minst 12 tegn"), ({"new": "1qaz2wsx3edc4rfv"}, "vanligste"), ({"new": "Fellesjournalen2026!"}, "ord herfra"),
])  # fmt: skip
def test_a_password_is_not_changed(client_for, credentials, form, text):
    client = client_for(None)
    log_in(client)
    answer = change(client, **form)
    assert answer.status_code == 422
    assert text in answer.content.decode()
    assert log_in(client_for(None)).status_code == 302


def test_guesses_of_the_old_password_are_throttled_with_log_in(client_for, credentials):
    client = client_for(None)
    log_in(client)
    for _ in range(5):
        change(client, old="feil")
    assert "Vent et kvarter" in change(client).content.decode()
    assert log_in(client_for(None)).status_code == 429


@pytest.mark.parametrize(("password", "ok"), [
    ("observasjonsposten1", False), ("kommune-kommune", False), ("123456789012345", False), ("hanna.lege.hanna", False),
    ("hestebæsj på kommunen", True), ("tre røde sykler i regn", True),
])  # fmt: skip
def test_what_a_password_may_not_be(db, password, ok):
    assert (password_faults(password, username="hanna.lege.hanna") == []) is ok


def test_a_start_password_opens_nothing_until_it_is_changed(client_for, cast, credentials):
    Credential.objects.filter(user_id=cast[DOCTOR].id).update(must_change=True, start_expires_at="2100-01-01T00:00Z")
    client = client_for(None)
    assert log_in(client).headers["Location"].startswith("/konto/passord/")
    for path in ("/pasienter/", f"/pasient/{cast.anna.id}/", "/konto/", "/pin/"):
        assert client.get(path).headers["Location"].startswith("/konto/passord/")
    assert client.get("/konto/passord/").status_code == 200
    assert change(client).headers["Location"] not in ("/konto/passord/", "/logg-inn/")
    assert client.get("/pasienter/").status_code == 200


def test_a_start_password_lapses(client_for, cast, credentials):
    Credential.objects.filter(user_id=cast[DOCTOR].id).update(must_change=True, start_expires_at="2026-01-01T00:00Z")
    answer = log_in(client_for(None))
    assert answer.status_code == 422
    assert "gjelder ikke lenger" in answer.content.decode()


def test_own_sessions_are_seen_and_ended_and_nobody_elses(client_for, cast, credentials, log_rows):
    client = client_for(None)
    log_in(client)
    mine = cast[DOCTOR].session_id
    page = client.get("/konto/").content.decode()
    assert str(mine) in page
    assert client.post("/konto/okter/", {"session": str(mine)}).headers["Location"] == "/konto/?gjort=okt"
    assert Session.objects.get(id=mine).ended_at is not None
    other = cast["lms.sykepleier"].session_id
    client.post("/konto/okter/", {"session": str(other)})
    assert Session.objects.get(id=other).ended_at is None
    open_session(cast[DOCTOR].id, cast[DOCTOR].authorisation_id, "third")
    client.post("/konto/okter/", {"session": "alle"})
    assert client_for(None).get("/konto/").status_code == 302
    assert client.get("/konto/").status_code == 200
    assert Session.objects.filter(user_id=cast[DOCTOR].id, ended_at=None).count() == 1
    assert len(log_rows(action="own_session_end")) == 2


def test_a_changed_pin_takes_the_password(client_for, credentials):
    client = client_for(None)
    log_in(client)
    assert "Passordet ditt" in client.get("/pin/").content.decode()
    assert client.post("/pin/", {"pin": "8520", "again": "8520"}).status_code == 422
    assert client.post("/pin/", {"pin": "8520", "again": "8520", "password": PASSWORD}).status_code == 302
    client.post("/las/")
    assert client.post("/last/", {"pin": PIN}).status_code == 403
    assert client.post("/last/", {"pin": "8520"}).status_code == 302


def test_the_first_pin_just_after_log_in_takes_none_but_later_it_does(client_for, cast, credentials):
    credential_set(user_id=cast[DOCTOR].id, password=PASSWORD, using="default")
    client = client_for(None)
    log_in(client)
    Session.objects.filter(user_id=cast[DOCTOR].id).update(created_at="2026-01-01T00:00Z")
    assert client.post("/pin/", {"pin": "8520", "again": "8520"}).status_code == 422
    log_in(client)
    assert client.post("/pin/", {"pin": "8520", "again": "8520"}).status_code == 302


def test_another_telephone_takes_over_with_the_password(client_for, cast, credentials, as_app):
    client = client_for(None)
    log_in(client)
    page = client.get("/konto/kodeapp/").content.decode()
    offer, key = re.search(r'name="offer" value="([^"]+)"', page)[1], re.search(r"epj-qr__key\">([^<]+)<", page)[1].replace(" ", "")
    form = {"offer": offer, "code": pyotp.TOTP(key).now(), "password": "feil"}
    assert client.post("/konto/kodeapp/", form | {"code": "000000", "password": PASSWORD}).status_code == 422
    assert client.post("/konto/kodeapp/", form).status_code == 422
    assert client.post("/konto/kodeapp/", form | {"password": PASSWORD}).headers["Location"] == "/konto/?gjort=kodeapp"
    assert code_counter(key, pyotp.TOTP(key).at(time.time())) is not None
    assert Credential.objects.get(user_id=cast[DOCTOR].id).totp_secret != ""
    with as_app():
        secret = client.cookies[SESSION_COOKIE].value
        assert gate.call("second_factor_code", secret, int(time.time()) // 30) is False, "its code is used"


def test_the_account_page_is_for_one_with_a_role_and_a_session(client_for):
    assert client_for(None).get("/konto/").status_code == 302
    assert client_for("drift").get("/konto/").status_code == 200


@pytest.mark.parametrize(("agent", "words"), [
    ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
    ("Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604.1", "Safari, iPad"), ("", "–"), ("curl/8", "curl/8"),
])  # fmt: skip
def test_what_a_browser_is_called(agent, words):
    assert device_words(agent) == words
