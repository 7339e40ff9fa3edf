"""A worker that goes round by itself, and what it may rely on: what the transport is told to forget is on disk."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from access import gate
from access.models import AccessAuthorisation, Session
from messaging.models import Message
from messaging.services import rounds
from messaging.services.inbox import messages_fetch
from messaging.transport.double import End
from tests.messaging.engine.conftest import SECRET
from tests.messaging.engine.letters import about, letter

pytestmark = pytest.mark.django_db


def test_one_round_fetches_files_and_answers(post, cast):
    post.send(letter(about(cast.foreign)))
    with post.as_app():
        assert rounds.work(post.engine, seconds=0.01) == 2, "the message and its receipt"
    assert Message.objects.get(direction="in").state == "filed" and len(post.delivered()) == 1


def test_a_worker_that_is_to_stop_begins_no_round(post, cast):
    post.send(letter(about(cast.foreign)))
    post.engine.stop.set()
    with post.as_app():
        assert rounds.work(post.engine) == 0
    assert not Message.objects.exists()


def test_the_transport_forgets_nothing_before_all_of_it_is_on_disk(post, cast, monkeypatch):
    """An arrival's own commit does not wait for the disk; one after the last of them does, and only then is any confirmed."""
    told: list[str] = []
    real = gate.call
    monkeypatch.setattr(gate, "call", lambda function, *arguments: (told.append(function), real(function, *arguments))[1])
    monkeypatch.setattr(End, "confirm", lambda self, arrival: told.append("confirm"))
    for _ in range(2):
        post.send(letter(about(cast.foreign)))
    with post.as_app():
        messages_fetch(post.engine)
    assert told == ["message_arrived", "message_arrived", "messages_durable", "confirm", "confirm"]


@pytest.mark.parametrize("ended", ["role", "session", "locked"])
def test_an_engine_whose_right_has_ended_does_nothing(post, ended):
    past = datetime.now(UTC) - timedelta(minutes=1)
    if ended == "role":
        AccessAuthorisation.objects.filter(role__code="message_service").update(valid_to=past)
    else:
        Session.objects.filter(purpose="messaging").update(**{"ended_at" if ended == "session" else "locked_at": past})
    with pytest.raises(DatabaseError), post.as_app(), transaction.atomic():
        gate.call("inbox_claim", SECRET, "w1", 1, 60, 10)
