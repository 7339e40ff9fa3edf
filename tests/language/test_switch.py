"""One's own language: picked before log-in, chosen on the account page, the same on every machine, and nobody else's."""

import re

import pytest

from access.middleware import LANGUAGE_COOKIE
from access.models import User
from lms_epj.core.words import say
from tests.cast import PASSWORD, PIN

pytestmark = pytest.mark.django_db
NURSE, DOCTOR = "lms.sykepleier", "lms.lege"


def log_in(client, username=NURSE):
    return client.post("/logg-inn/", {"username": username, "password": PASSWORD})


def language_of(client, path="/konto/"):
    """What the page says it is in, held against a word on it."""
    text = client.get(path, follow=True).content.decode()
    language = re.search(r'<html lang="(\w+)"', text)[1]
    skip = {"nb": "Hopp til innholdet", "en": "Skip to content"}
    assert skip[language] in text
    return language


def test_the_switch_of_the_log_in_page_becomes_the_persons_own(client_for, credentials):
    client = client_for(None)
    assert language_of(client, "/logg-inn/") == "nb"
    client.post("/sprak/", {"language": "en"})
    assert language_of(client, "/logg-inn/") == "en"
    log_in(client)
    assert language_of(client) == "en"
    assert User.objects.get(username=NURSE).language == "en"


def test_the_account_page_changes_it_for_oneself_everywhere(client_for, credentials):
    here, colleague, elsewhere = client_for(None), client_for(None), client_for(None)
    log_in(here)
    assert here.post("/konto/sprak/", {"language": "en"}).headers["Location"] == "/konto/?gjort=sprak"
    log_in(elsewhere)
    log_in(colleague, DOCTOR)
    assert [language_of(one) for one in (here, elsewhere, colleague)] == ["en", "en", "nb"]
    here.post("/konto/sprak/", {"language": "nb"})
    assert language_of(here) == "nb"


def test_a_shared_machine_speaks_to_each_in_their_own(client_for, cast, credentials):
    """The next person at the same browser, and back by the PIN."""
    client = client_for(None)
    log_in(client)
    client.post("/konto/sprak/", {"language": "en"})
    client.post("/las/")
    log_in(client, DOCTOR)
    assert language_of(client) == "nb"
    mine = re.search(r'href="(/last/[0-9a-f-]+/)"', client.get("/logg-inn/").content.decode())[1]
    client.post(mine, {"pin": PIN})
    assert language_of(client) == "en"
    client.post("/logg-ut/")
    assert language_of(client, "/logg-inn/") == "nb"


@pytest.mark.parametrize("wanted", ["", "de", "next-en", "en'"])
def test_no_other_language_is_kept(client_for, cast, wanted):
    client = client_for(NURSE)
    client.post("/konto/sprak/", {"language": wanted})
    client.post("/sprak/", {"language": wanted})
    client.cookies[LANGUAGE_COOKIE] = wanted if wanted == "de" else ""
    assert language_of(client) == "nb"
    assert User.objects.get(username=NURSE).language == ""


def test_a_request_leaves_no_language_behind(client_for, cast):
    """Threads serve one person after the other."""
    english = client_for(NURSE)
    english.cookies[LANGUAGE_COOKIE] = "en"
    assert language_of(english) == "en"
    assert language_of(client_for(DOCTOR)) == "nb"
    assert say("Lagre") == "Lagre"
