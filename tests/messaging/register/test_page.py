"""The address register brought up to date by the one who watches: looked through, then all of it or nothing."""

import re
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from access.models import OrgUnit
from auditlog.models import AccessLogEntry
from messaging.models import CommunicationParty
from tests.messaging.register.test_rows import ENTITY, SERVICE, written

pytestmark = pytest.mark.django_db
WATCH = "meldingsansvarlig"


@pytest.fixture
def page(cast: Any, client_for: Any) -> Any:
    def posted(user: str = WATCH, **values: Any) -> Any:
        return client_for(user).post(reverse("message_addresses"), {"actor": str(cast[user].id), **values})

    return posted


def chosen(*rows: dict) -> SimpleUploadedFile:
    return SimpleUploadedFile("register.json", written(*rows).encode())


def confirmed(looked: Any) -> dict[str, str]:
    """What the button of the page that was looked through sends."""
    text = looked.content.decode()
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))
    fields["text"] = unescape(re.search(r'<textarea name="text" hidden>(.*?)</textarea>', text, re.DOTALL)[1])
    return {name: unescape(fields[name]) for name in ("confirm", "seen", "name", "text")}


def test_a_file_is_looked_through_and_then_written_with_a_line_in_the_log(page):
    looked = page(file=chosen(ENTITY, SERVICE))
    assert "2 nye" in looked.content.decode()
    assert not CommunicationParty.objects.filter(her_id__in=("101", "102")).exists(), "looking writes nothing"
    assert page(**confirmed(looked)).status_code == 302
    assert CommunicationParty.objects.get(her_id="102").parent.her_id == "101"
    assert AccessLogEntry.objects.get(action="addresses_import").reason == "register.json: 2"
    again = page(file=chosen(ENTITY, SERVICE))
    assert "det samme som registeret" in again.content.decode()


def test_what_has_changed_since_is_looked_through_again(page):
    looked = page(file=chosen(ENTITY, SERVICE))
    page(**confirmed(page(file=chosen(ENTITY, SERVICE | {"name": "En annen"}))))
    again = page(**confirmed(looked))
    assert "Registeret er endret siden" in again.content.decode()
    assert CommunicationParty.objects.get(her_id="102").name == "En annen"


def test_one_fault_and_nothing_is_written(page):
    answer = page(file=chosen(ENTITY, SERVICE, SERVICE | {"her_id": "x"}))
    assert answer.status_code == 422
    assert "<b>Post 3</b>" in answer.content.decode()
    assert not CommunicationParty.objects.filter(her_id="101").exists()


def test_which_of_our_units_an_address_is_stays_with_those_who_run_it(page, cast):
    ward = OrgUnit.objects.get(id=cast.units["ward"])
    answer = page(file=chosen(ENTITY, SERVICE | {"unit": ward.name}))
    assert answer.status_code == 422
    assert "endres av driften" in answer.content.decode()


def test_a_picture_is_no_file_of_addresses(page):
    answer = page(file=SimpleUploadedFile("r.png", b"\x89PNG\0\0"))
    assert answer.status_code == 422
    assert "CSV UTF-8" in answer.content.decode()


def test_others_have_no_such_page(page):
    assert page("lms.sykepleier", file=chosen(ENTITY, SERVICE)).status_code in (403, 404)
