"""The address register as an import leaves it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from access.models import OrgUnit
from messaging.composing.kinds import KINDS
from messaging.composing.pieces import Subject
from messaging.domain.register_rows import RowsFault
from messaging.models import CommunicationParty
from messaging.selectors.parties import our_address, receivers
from messaging.services.addresses import addresses_import
from tests.messaging.register.test_rows import ENTITY, SERVICE, written

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def empty(cast: Any) -> None:
    CommunicationParty.objects.all().delete()


def taken(*rows: dict, at: datetime = NOW, whole: bool = False) -> str:
    return str(addresses_import(text=written(*rows), using="default", at=at, whole=whole))


def party(her_id: str) -> CommunicationParty:
    return CommunicationParty.objects.get(her_id=her_id)


def test_adds_then_changes_then_leaves_alone():
    assert taken(SERVICE, ENTITY) == "added 2, changed 0, unchanged 0, retired 0"
    assert party("102").parent == party("101")
    later = NOW + timedelta(days=1)
    assert taken(ENTITY, SERVICE | {"name": "Hjemmesykepleie"}, at=later) == "added 0, changed 1, unchanged 1, retired 0"
    assert (party("102").name, party("102").valid_from, party("101").checked_at) == ("Hjemmesykepleie", NOW, later)


def test_a_column_that_the_file_does_not_have_is_left_as_it_was():
    taken(ENTITY, SERVICE | {"receives": {"EPIKRISE": ["1.2"]}, "org_number": "974116804"})
    without = {name: value for name, value in SERVICE.items() if name not in ("receives", "org_number")}
    assert taken(ENTITY, without | {"name": "Nytt navn"}).startswith("added 0, changed 1")
    assert (party("102").name, party("102").receives, party("102").org_number) == ("Nytt navn", {"EPIKRISE": ["1.2"]}, "974116804")
    assert taken(ENTITY, SERVICE | {"name": "Nytt navn", "receives": {}}).startswith("added 0, changed 1"), "an empty one says that it is empty"
    assert party("102").receives == {}


def test_a_whole_register_retires_those_it_does_not_name_but_never_ours(cast):
    ours = OrgUnit.objects.get(id=cast.units["ward"])
    taken(ENTITY, SERVICE, {"her_id": "201", "kind": "entity", "name": "Follo LMS"},
          {"her_id": "202", "kind": "service", "name": "ØHD", "parent": "201", "unit": ours.name, "transport": "files"})  # fmt: skip
    later = NOW + timedelta(days=3)
    assert taken(ENTITY, at=later, whole=True).endswith("retired 1")
    assert party("102").valid_to == later
    assert party("202").valid_to is None
    assert party("201").valid_to is None
    assert our_address(ours.id, later).her_id == "202"


def offered() -> list[tuple[str, bool, bool]]:
    subject = Subject("Per", "Brekke", None, "M", "", "", "Ragna Vik", "")
    return [(one.party.her_id, one.takes, one.likely) for one in receivers(KINDS["epikrise"], subject, NOW)]


def test_a_retired_receiver_is_no_longer_offered():
    told = {"kind": "person", "name": "Ragna Vik", "receives": {"EPIKRISE": ["1.2"]}}
    taken(ENTITY, SERVICE | told)
    assert offered() == [("102", True, True)]
    taken(ENTITY, SERVICE | told | {"receives": {"EPIKRISE": ["1.1"], "DIALOG_HELSEFAGLIG": ["1.1"]}})
    assert offered() == [("102", False, True)], "another version goes as a dialogue"
    taken(ENTITY, SERVICE | told | {"receives": {"EPIKRISE": ["1.1"]}})
    assert offered() == [], "and who takes neither cannot be written to"
    taken(ENTITY, SERVICE | told | {"valid_to": "2026-11-23"})
    assert offered() == []


def test_a_unit_of_ours_stays_when_the_national_register_does_not_know_it(cast):
    ours = OrgUnit.objects.get(id=cast.units["ward"])
    taken(ENTITY, SERVICE | {"unit": ours.name})
    taken(ENTITY, SERVICE | {"name": "Annet navn"})
    assert party("102").unit_id == ours.id


@pytest.mark.parametrize("wrong", [{"unit": "Ingen slik enhet"}, {"parent": "999"}])
def test_nothing_is_written_when_something_is_wrong(wrong):
    with pytest.raises(RowsFault):
        taken(ENTITY, SERVICE | wrong)
    assert not CommunicationParty.objects.exists()


def test_the_command_says_what_it_did_and_why_it_did_not(tmp_path, capsys, settings):
    settings.DATABASE_OWNER_ALIAS = "default"
    good, bad = tmp_path / "good.json", tmp_path / "bad.csv"
    good.write_text(written(ENTITY, SERVICE), encoding="utf-8")
    bad.write_text("her_id;kind;name\nx;entity;A\n", encoding="utf-8")
    call_command("import_addresses", str(good))
    assert capsys.readouterr().out.startswith("added 2")
    with pytest.raises(CommandError, match="Linje 2: «x» er ingen HER-id"):
        call_command("import_addresses", str(bad))
