"""The watch page tells whether messages flow and where they do not; the counts follow what happens, and no patient is named."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from access.gate import rows
from journal.models import Task
from messaging.models import Heartbeat, Message, OutboxItem, Receipt
from messaging.services import heartbeat
from messaging.services.outbox import messages_sweep
from tests.messaging.engine.letters import about, letter, receipt
from tests.messaging.engine.test_sending import send  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db
WATCH = "meldingsansvarlig"


@pytest.fixture
def seen(open_gate):
    """`seen()`: partners and units as the watch has them now, by name."""

    def look():
        with open_gate(WATCH):
            return {row["name"]: row for row in rows("watch_partners")}, {row["name"]: row for row in rows("watch_units")}

    return look


def test_what_comes_lies_unassessed_with_its_unit_and_counts_for_the_partner(post, cast, seen):
    post.receive(letter(about(cast.foreign)))
    post.receive(letter(about(cast.foreign, family="Olsen", given="Bodil")))
    partners, units = seen()
    home, ward = partners["Sykepleietjenesten"], units["Observasjonsposten"]
    assert (home["received"], home["entity"]) == (2, "Enebakk kommune") and home["last_in"]
    assert (ward["unread"], ward["overdue"], ward["tray"]) == (1, 0, 1) and ward["answer_due_at"]
    Task.objects.filter(kind="message").update(due_at=datetime.now(UTC) - timedelta(hours=1))
    assert seen()[1]["Observasjonsposten"]["overdue"] == 1


def test_what_goes_is_counted_until_it_is_answered_or_followed_up(post, cast, send, seen):  # noqa: F811
    first, second = Message.objects.get(id=send()), Message.objects.get(id=send())
    post.work()
    assert (seen()[0]["Sykepleietjenesten"]["sent"], seen()[0]["Sykepleietjenesten"]["awaited"]) == (2, 2)
    post.receive(receipt(first.msg_id))
    post.receive(receipt(second.msg_id, status="2"))
    partners, units = seen()
    row = partners["Sykepleietjenesten"]
    assert (row["acknowledged"], row["refused"], row["awaited"]) == (1, 1, 0)
    assert units["Observasjonsposten"]["failed"] == 1


def test_a_receipt_that_is_missing_and_a_message_that_is_stuck_stand_out(post, cast, send, seen, client_for):  # noqa: F811
    late, stuck = send(at=datetime.now(UTC) - timedelta(hours=97)), send()
    OutboxItem.objects.filter(message_id=stuck).update(state="dead", last_error="Nettet svarer ikke.")
    with post.as_app():
        messages_sweep(post.engine)
    assert Receipt.objects.get(message_id=late).state == "missing"
    row = seen()[0]["Sykepleietjenesten"]
    assert (row["missing"], row["undelivered"]) == (1, 1)
    page = client_for(WATCH).get("/meldingsvakt/").content.decode()
    assert "Nettet svarer ikke." in page and cast.anna.family_name not in page and cast.anna.number not in page


def test_signs_of_life_tell_a_dead_broker_from_a_dead_worker(post, client_for):
    client = client_for(WATCH)
    assert "ingen livstegn" in client.get("/meldingsvakt/").content.decode()
    with post.as_app():
        heartbeat.alive(post.engine, heartbeat.WORKER)
        heartbeat.alive(post.engine, heartbeat.TASKS)
    page = client.get("/meldingsvakt/").content.decode()
    assert "1 i gang" in page and "oppgaver kommer fram" in page
    Heartbeat.objects.filter(kind="tasks").update(at=datetime.now(UTC) - timedelta(minutes=10))
    page = client.get("/meldingsvakt/").content.decode()
    assert "1 i gang" in page and "stille siden" in page


def test_the_figures_are_for_the_one_who_watches(post, open_gate):
    for function in ("watch_partners", "watch_units", "watch_hours", "watch_alive"):
        with open_gate("lms.sykepleier"), pytest.raises(DatabaseError, match="watch"), transaction.atomic():
            rows(function)
