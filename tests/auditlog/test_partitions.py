"""The months' partitions: made ahead, and an alarm when one was missing."""

import logging
from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, connection

from auditlog import tasks


def partitions() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'auditlog_entry'::regclass")
        return {name.removeprefix("auditlog_entry_") for (name,) in cursor.fetchall()}


@pytest.fixture
def in_november(monkeypatch):
    monkeypatch.setattr(tasks, "now", lambda: datetime(2090, 11, 20, 12, tzinfo=UTC))


def write_at(day: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO auditlog_entry (at, request_id, action, outcome, epoch) VALUES (%s, gen_random_uuid(), 'read', 'allow', 1)", [day]
        )


def test_this_month_and_three_ahead_are_made_once(in_november, as_app):
    with as_app():
        assert tasks.keep_partitions() == 4
        assert tasks.keep_partitions() == 0
    assert {"209011", "209012", "209101", "209102"} <= partitions()


def test_a_month_follows_the_clock_of_the_log_not_of_the_session(as_app, db):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL timezone = 'Pacific/Auckland'")
    with as_app():
        tasks.ensure_partitions(date(2080, 1, 1), 1)
    write_at("2080-01-31 23:59:59.999999+00")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM auditlog_entry_208001")
        assert cursor.fetchone() == (1,)


def test_rows_in_the_default_partition_raise_an_alarm(in_november, as_app, caplog):
    write_at("2200-05-05")
    with as_app(), caplog.at_level(logging.ERROR):
        assert tasks.keep_partitions() == 4
    assert "default partition" in caplog.text


def test_no_alarm_without_need(in_november, as_app, caplog):
    with as_app(), caplog.at_level(logging.ERROR):
        tasks.keep_partitions()
    assert caplog.text == ""


def test_a_month_that_cannot_be_made_is_told_and_fails(in_november, as_app, caplog):
    write_at("2090-12-24")
    with pytest.raises(DatabaseError), as_app(), caplog.at_level(logging.ERROR):
        tasks.keep_partitions()
    assert "could not be made" in caplog.text


def test_beat_makes_them_every_day():
    from django.conf import settings

    entry = settings.CELERY_BEAT_SCHEDULE["keep-log-partitions"]
    assert entry["task"] == tasks.keep_partitions.name
