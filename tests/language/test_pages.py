"""Pages in English: no word of the interface is left in bokmål. What people, types and roles are called, and what the record says, stays as it is."""

import html
import re
from typing import Any

import polib
import pytest
from django.utils.translation import trans_real

from access.middleware import LANGUAGE_COOKIE
from access.models import DocumentType, InfoCategory, LegalGround, MeasureTemplate, OrgUnit, RoleTemplate, ServiceType, User
from access.routes import all_routes
from access.views.language import NAMES
from lms_epj.catalogue.po import catalogue_path
from telemed.models import Resource
from tests.conftest import set_role
from tests.gate.test_routes import path_for

pytestmark = pytest.mark.django_db
# Files, tokens, other people's systems, and what answers a script.
LEFT_OUT = re.compile(r"^api/|\.ics|/fil/|/del/|utskrift/lag|rapport/utskrift|eksport|brev")
NAMED_IN_DATABASE = (DocumentType, InfoCategory, LegalGround, MeasureTemplate, OrgUnit, Resource, RoleTemplate, ServiceType)


class Asked:
    """In the place of what Django asks when a catalogue lacks a text: remembers it."""

    def __init__(self) -> None:
        self.texts: set[str] = set()

    def gettext(self, message: str) -> str:
        self.texts.add(message)
        return message

    def ngettext(self, one: str, several: str, count: int) -> str:
        return self.gettext(one)


@pytest.fixture
def asked(monkeypatch) -> Asked:
    fallback = Asked()
    monkeypatch.setattr(trans_real.translation("en"), "_fallback", fallback)
    return fallback


def norwegian() -> set[str]:
    """Texts that English says otherwise, but for those that the database has too."""
    file = polib.pofile(str(catalogue_path("en")))
    own = {name for model in NAMED_IN_DATABASE for name in model.objects.values_list("name", flat=True)} | set(
        User.objects.values_list("username", flat=True)
    )
    own |= {section["label"] for sections in DocumentType.objects.values_list("sections", flat=True) for section in sections} | {"Pasienten"}
    english = {entry.msgstr for entry in file}  # «Time» is an hour with the therapist, and what the clock says
    return {entry.msgid for entry in file if entry.msgstr and entry.msgstr != entry.msgid} - english - own - {name for name, _use in NAMES.values()}


SCRIPT = re.compile(r"<script.*?</script>|<style.*?</style>|<textarea.*?</textarea>", re.DOTALL)
WORDS = re.compile(r">([^<>]+)<|(?:aria-label|title|placeholder|alt|data-label)=\"([^\"]+)\"")


def words_of(page: str) -> set[str]:
    """Texts between tags, and those that are read aloud or shown on hover."""
    return {html.unescape(between or within).strip() for between, within in WORDS.findall(SCRIPT.sub("", page))}


@pytest.mark.parametrize(("user", "where"), [("lms.sykepleier", ""), ("tilgang.admin", "^(?!pasient)"), ("logg.kontroll", "^(logg|uvanlig|$)")])
def test_pages_are_in_english_throughout(client_for, cast, asked, user, where):
    client, left = client_for(user, takes_role=False), norwegian()
    client.cookies[LANGUAGE_COOKIE] = "en"
    found: dict[str, Any] = {}
    shown = 0
    paths = {pattern.name: path_for(route, cast.anna) for route, pattern in all_routes() if re.search(where, route) and not LEFT_OUT.search(route)}
    set_role("epj_app")
    for name, path in paths.items():
        answer = client.get(path)
        if answer.status_code != 200 or "text/html" not in answer.headers["Content-Type"]:
            continue
        shown += 1
        page = answer.content.decode()
        if bad := words_of(page) & left:
            found[name] = bad
        assert '<html lang="nb"' not in page
    set_role("epj_owner")
    assert shown > 5
    assert not found
    assert not {text for text in asked.texts if text in left}
