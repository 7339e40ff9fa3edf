"""What goes wrong: it is tried again, set aside or given back, and never in the way of the rest."""

import hashlib
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction

from access.gate import call, rows
from access.models import AccessAuthorisation, Session
from access.policies.selftest import _table_faults
from auditlog.models import AccessLogEntry
from messaging.domain.retry import MOST_FAILURES, POISON_ATTEMPTS
from messaging.models import Attempt, InboxItem, Message
from messaging.services import inbox
from messaging.services.inbox import inbox_work, messages_fetch
from tests.messaging.engine.conftest import SECRET
from tests.messaging.engine.letters import about, letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(post, cast):
    """Three messages stored and not yet looked at."""
    for _ in range(3):
        post.send(letter(about(cast.foreign)))
    with post.as_app():
        assert messages_fetch(post.engine) == 3
    return list(InboxItem.objects.order_by("due_at", "message_id").values_list("message_id", flat=True))


def claim(post, worker: str, wanted: int = 20) -> list:
    with post.as_app():
        return call("inbox_claim", SECRET, worker, wanted, 120, POISON_ATTEMPTS)


def test_a_message_that_fails_is_tried_again_later_and_does_not_stop_the_others(post, waiting, monkeypatch, due_now):
    real, bad = inbox.work_out, waiting[0]
    monkeypatch.setattr(inbox, "work_out", lambda opened, rules: real(opened, rules) if opened.id != bad else 1 / 0)
    with post.as_app():
        assert inbox_work(post.engine) == 2
    item = InboxItem.objects.get(message_id=bad)
    assert (item.state, item.failures, item.last_error) == ("waiting", 1, "ZeroDivisionError") and item.due_at > datetime.now(UTC)
    monkeypatch.setattr(inbox, "work_out", real)
    due_now()
    with post.as_app():
        assert inbox_work(post.engine) == 1
    assert Message.objects.get(id=bad).state == "filed"


def test_one_that_fails_again_and_again_is_set_aside(post, waiting, monkeypatch, due_now):
    bad, real = waiting[1], inbox.work_out
    monkeypatch.setattr(inbox, "work_out", lambda opened, rules: real(opened, rules) if opened.id != bad else 1 / 0)
    for _ in range(MOST_FAILURES + 2):
        due_now()
        with post.as_app():
            inbox_work(post.engine)
    assert (InboxItem.objects.get(message_id=bad).state, Message.objects.get(id=bad).state) == ("quarantine", "quarantine")
    assert AccessLogEntry.objects.filter(request_id=bad, action="message_set_aside").count() == 1
    assert Attempt.objects.filter(message_id=bad, outcome="poison").count() == 1


def test_what_a_dead_worker_had_is_taken_by_another_when_the_lease_ends(post, waiting, due_now):
    assert set(claim(post, "dead")) == set(waiting)
    assert claim(post, "w1") == []
    with post.as_app():
        assert rows("inbox_open", SECRET, waiting[0], "w1") == [], "another's"
    due_now()
    with post.as_app():
        assert inbox_work(post.engine) == 3


def test_one_that_brings_down_whoever_reads_it_is_taken_alone_and_then_set_aside(post, waiting, due_now):
    bad = waiting[0]
    for _ in range(POISON_ATTEMPTS):
        due_now()
        InboxItem.objects.filter(message_id=bad).update(priority=1)
        claim(post, "dies")
    others = InboxItem.objects.exclude(message_id=bad)
    assert max(others.values_list("attempts", flat=True)) <= 3, "those beside it did not count along"
    due_now()
    with post.as_app():
        assert inbox_work(post.engine) == 2
    assert InboxItem.objects.get(message_id=bad).state == "quarantine"


def test_a_worker_that_stops_gives_back_what_it_has_not_begun(post, waiting, monkeypatch):
    real = inbox.message_take_in

    def last(engine, message):
        engine.stop.set()
        return real(engine, message)

    monkeypatch.setattr(inbox, "message_take_in", last)
    with post.as_app():
        assert inbox_work(post.engine) == 1
    left = InboxItem.objects.filter(state="waiting")
    assert list(left.values_list("attempts", "lease_until")) == [(0, None), (0, None)]


def test_a_fault_of_the_database_is_not_the_messages_fault(post, waiting, monkeypatch):
    def gone(opened, rules):
        raise OperationalError("terminating connection")

    monkeypatch.setattr(inbox, "work_out", gone)
    with pytest.raises(OperationalError), post.as_app():
        inbox_work(post.engine)
    assert set(InboxItem.objects.values_list("failures", flat=True)) == {0}


def test_nobody_but_the_engine_works_with_messages(post, cast, waiting, as_app):
    """Neither another's session nor a token issued for something else, nor the role by itself."""
    held = AccessAuthorisation.objects.get(role__code="message_service")
    now = datetime.now(UTC)
    Session.objects.create(
        user=held.user, authorisation=held, secret_hash=hashlib.sha256(b"for another purpose").digest(), device_hash=b"", purpose="laboratory",
        second_factor=True, created_at=now, last_seen_at=now, expires_at=now + timedelta(days=1),
    )  # fmt: skip
    for secret in ("", "guess", "for another purpose", cast["lms.lege"].secret, cast["tilgang.admin"].secret):
        for function, arguments in (
            ("message_arrived", (b"x", "double", "r")), ("inbox_claim", ("w", 1, 60, 5)), ("inbox_open", (waiting[0], "w1")),
            ("outbox_claim", ("w", 1, 60)), ("outbox_open", (uuid4(), "w")), ("messages_sweep", ()),
        ):  # fmt: skip
            with pytest.raises(DatabaseError), as_app():
                call(function, secret, *arguments)
    for table in ("messaging_inboxitem", "messaging_attempt", "messaging_circuitbreaker"):
        with pytest.raises(DatabaseError), as_app(), connection.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {table}")


def test_one_message_in_a_transaction_and_none_without_being_opened(post, waiting):
    claim(post, "w1")
    with pytest.raises(DatabaseError), post.as_app():
        call("message_candidates", ["01010112345"])
    with post.as_app():
        rows("inbox_open", SECRET, waiting[0], "w1")
        with pytest.raises(DatabaseError), transaction.atomic():
            rows("inbox_open", SECRET, waiting[1], "w1")


def test_an_unfiled_message_is_read_by_nobody(post, cast, open_gate):
    tray = post.receive(letter(about(cast.foreign, family="Olsen", given="Bodil")))
    for user in ("lms.sykepleier", "frogn.hjemmesykepleier", "tilgang.admin"):
        with open_gate(user):
            assert not Message.objects.filter(id=tray.id).exists()


def test_the_tables_of_patients_are_guarded(post, as_app):
    with as_app():
        assert _table_faults() == []


def test_what_came_is_never_changed(post, cast):
    filed = post.receive(letter(about(cast.foreign)))
    for change in ({"raw": b"x"}, {"patient_id": cast.kari.id}, {"msg_id": "other"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Message.objects.filter(id=filed.id).update(**change)
