"""What a file of addresses may say."""

import json
from datetime import UTC, datetime

import pytest

from messaging.domain.register_rows import RowsFault, rows_of
from messaging.simulator.addresses import FILE, addresses, addresses_of
from messaging.simulator.partner import OHD, ROLES

ENTITY = {"her_id": "101", "kind": "entity", "name": "Enebakk kommune", "org_number": "993220001"}
SERVICE = {"her_id": "102", "kind": "service", "name": "Sykepleietjeneste", "parent": "101", "transport": "files"}


def written(*rows: dict) -> str:
    return json.dumps(rows)


def test_json_and_csv_say_the_same():
    more = {"receives": {"EPIKRISE": ["1.1", "1.2"], "LOG_INNLAGT": ["1.6"]}, "per_minute": 60, "valid_to": "2026-06-30"}
    lines = (
        "her_id;kind;name;parent;org_number;transport;receives;per_minute;valid_to",
        "101;entity;Enebakk kommune;;993220001;;;;",
        "102;service;Sykepleietjeneste;101;;files;EPIKRISE:1.1|1.2, LOG_INNLAGT:1.6;60;2026-06-30",
    )
    assert rows_of(written(ENTITY, SERVICE | more)) == rows_of("\n".join(lines))
    _, service = rows_of(written(ENTITY, SERVICE | more))
    assert service.valid_to == datetime(2026, 6, 29, 22, tzinfo=UTC), "a day begins at midnight in Norway"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"her_id": "36.7"}, "ingen HER-id"),
        ({"her_id": ""}, "ingen HER-id"),
        ({"kind": "place"}, "Post 2: «place» er ingen slags adresse"),
        ({"name": " "}, "Navnet mangler"),
        ({"transport": "smtp"}, "ingen transport"),
        ({"parent": ""}, "parent"),
        ({"org_number": "12"}, "ikke ni sifre"),
        ({"receives": ["EPIKRISE"]}, "receives"),
        ({"per_minute": "many"}, "Post 2"),
        ({"valid_from": "2026-01-01T10:00:00"}, "mangler tidssone"),
        ({"her_id": "101", "parent": "101"}, "står to ganger, også på post 1"),
    ],
)
def test_a_wrong_row_is_named(wrong, said):
    with pytest.raises(RowsFault, match=said):
        rows_of(written(ENTITY, SERVICE | wrong))


def test_what_is_no_register_is_refused():
    for text in ("", "a;b\n1;2", "[1]", "[{"):
        with pytest.raises(RowsFault):
            rows_of(text)


def test_the_demos_register_is_whole_and_holds_the_partners():
    rows = {row.her_id: row for row in rows_of(FILE.read_text(encoding="utf-8"))}
    assert rows[OHD].unit
    for code, kinds in ROLES.items():
        assert addresses_of(code)
        for her_id in kinds.values():
            assert addresses()[her_id].partner == code
            assert rows[her_id].transport == "files"
    assert all(row.parent in rows for row in rows.values() if row.parent)
