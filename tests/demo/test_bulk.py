from datetime import UTC, datetime

import pytest

from access.domain.identity import Mode, check_identity
from lms_epj.demo.bulk import CHUNK, Bulk
from lms_epj.demo.places import MUNICIPALITIES

NOW = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
TABLES = ("persons", "staff", "notes", "vitals", "tasks", "medications", "diagnoses")


@pytest.fixture
def bulk():
    return Bulk(NOW, scale=0.02)


def rows(bulk, table):
    return [row for chunk in getattr(bulk, table)() for row in chunk]


def test_sizes_follow_the_scale(bulk):
    assert [len(rows(bulk, table)) for table in TABLES] == [2000, 110, 24000, 18000, 3000, 3000, 2000]
    full = Bulk(NOW)
    assert (full.people, full.users) == (100_000, 5_500)


def test_chunks_are_bounded(bulk):
    assert [len(chunk) for chunk in bulk.notes()] == [CHUNK, 24_000 - CHUNK]


def test_numbers_are_unique_and_synthetic(bulk):
    numbers = [row[5] for row in rows(bulk, "persons")]
    assert len(numbers) == len(set(numbers))
    assert all(check_identity(number, Mode.TEST).ok for number in numbers)


def test_persons_live_in_the_six_municipalities(bulk):
    assert {row[6] for row in rows(bulk, "persons")} == {m.number for m in MUNICIPALITIES.values()}


def test_references_point_at_rows_that_exist(bulk):
    for patient, _, _, author, unit, at, _ in rows(bulk, "notes"):
        assert 0 <= patient < bulk.patients and 0 <= author < bulk.users and 0 <= unit < len(bulk.units)
        assert at <= NOW
    assert all(0 <= row[0] < bulk.patients for table in ("vitals", "tasks", "diagnoses") for row in rows(bulk, table))


@pytest.mark.parametrize("table", TABLES)
def test_the_same_seed_gives_the_same_rows(bulk, table):
    assert rows(bulk, table) == rows(Bulk(NOW, scale=0.02), table)
