"""An empty installation gets its first people from a file: two administrators who hold every unit, and nothing half-written."""

import json
from copy import deepcopy

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from access.domain.identity import normalise_org_number
from access.models import AccessAuthorisation, LegalEntity, User
from access.services import first_installation
from access.services.first_installation import FirstError, register_first

FIRST = {
    "entities": [{"name": "Prøve LMS", "org_number": "999999999", "kind": "lms"}],
    "units": [
        {"entity": "Prøve LMS", "name": "Posten", "kind": "observation_ward", "service_code": 25},
        {"entity": "Prøve LMS", "name": "Drift", "kind": "administration"},
    ],
    "people": [
        {"username": "en.admin", "given_name": "En", "family_name": "Admin", "roles": [{"role": "access_admin", "unit": "Drift"}]},
        {"username": "to.admin", "given_name": "To", "family_name": "Admin", "roles": [{"role": "access_admin", "unit": "Drift"}]},
        {"username": "nina", "given_name": "Nina", "family_name": "Pleier", "licence": {"profession": "nurse", "hpr_number": "9123456"},
         "roles": [{"role": "lms_nurse", "unit": "Posten"}, {"role": "unit_leader", "unit": "Posten"}]},
    ],
}  # fmt: skip

pytestmark = pytest.mark.django_db


@pytest.fixture
def empty(db, monkeypatch):
    """The content of a file, for an installation that counts as empty (the cast stays where it is)."""
    monkeypatch.setattr(first_installation, "is_empty", lambda using: True)
    content = deepcopy(FIRST)
    content["entities"][0]["org_number"] = next(str(n) for n in range(999_990_000, 999_999_999) if normalise_org_number(str(n)))
    return content


def test_two_administrators_and_the_others_are_registered(empty, tmp_path, capsys):
    file = tmp_path / "first.json"
    file.write_text(json.dumps(empty))
    call_command("register_first", file)
    said = dict(line.split("\t") for line in capsys.readouterr().out.splitlines())
    assert set(said) == {"en.admin", "to.admin", "nina"}
    assert all(len(password) >= 12 for password in said.values())
    held = AccessAuthorisation.objects.select_related("given_by", "user").filter(reason="Første installasjon")
    assert held.count() == 4
    assert all(one.given_by != one.user for one in held)
    with connection.cursor() as cursor:
        cursor.execute("SELECT bool_and(gate.holds_unit(u.id, o.id)) FROM access_user u, access_orgunit o WHERE u.username IN ('en.admin', 'to.admin') "
                       "AND o.legal_entity_id IN (SELECT id FROM access_legalentity WHERE name = 'Prøve LMS')")  # fmt: skip
        assert cursor.fetchone()[0] is True
        cursor.execute("SELECT count(*) FROM auditlog_entry WHERE action = 'register_first'")
        assert cursor.fetchone()[0] == 1


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda x: x["people"].pop(1), "Minst to"),
        (lambda x: x["entities"][0].update(org_number="123456789"), "Organisasjonsnummeret"),
        (lambda x: x["entities"][0].update(kind="fylke"), "ikke blant"),
        (lambda x: x["units"][0].update(entity="En annen"), "ikke nevnt"),
        (lambda x: x["people"][2]["roles"][0].update(role="keiser"), "finnes ikke"),
        (lambda x: x["people"][2].update(username="en.admin"), "to ganger"),
        (lambda x: x["people"][2].pop("given_name"), "given_name"),
    ],
)
def test_a_fault_and_nothing_is_written(empty, spoil, said):
    spoil(empty)
    before = LegalEntity.objects.count(), User.objects.count()
    with pytest.raises(FirstError, match=said):
        register_first(empty, using="default")
    assert (LegalEntity.objects.count(), User.objects.count()) == before


def test_it_is_for_an_empty_installation_only(cast, tmp_path):
    file = tmp_path / "first.json"
    file.write_text(json.dumps(FIRST))
    with pytest.raises(CommandError, match="tom installasjon"):
        call_command("register_first", file)
    with pytest.raises(CommandError, match="kan ikke leses"):
        call_command("register_first", tmp_path / "no.json")
