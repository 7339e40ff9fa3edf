"""What a person sends wakes the workers when it is committed; a broker that is gone neither stops nor delays the request."""

import threading
from types import SimpleNamespace

import pytest
from kombu.exceptions import OperationalError

from messaging.models import OutboxItem
from messaging.services import waking
from tests.messaging.engine.test_sending import send  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def called(monkeypatch, settings):
    """`called(answer)`: the tasks told so far; ``answer`` is what the broker does with each."""
    told, done = [], threading.Event()
    settings.REDIS_URL = "redis://broker.invalid"

    def broker(answer=lambda: None):
        def send_task(name, **_):
            told.append(name)
            done.set()
            answer()

        monkeypatch.setattr(waking, "producer", lambda: SimpleNamespace(send_task=send_task))
        return told, done

    return broker


def test_it_is_told_when_it_is_committed_and_not_before(post, called, send, django_capture_on_commit_callbacks):  # noqa: F811
    told, done = called()
    with django_capture_on_commit_callbacks(execute=True):
        send()
        assert told == []
    assert done.wait(10)
    assert told == ["messaging.tasks.work_outbox"]


def test_a_broker_that_is_gone_or_hangs_is_no_matter_of_the_requests(post, called, send, django_capture_on_commit_callbacks):  # noqa: F811
    hangs = threading.Event()

    def answer():
        hangs.wait(10)
        raise OperationalError("refused")

    told, done = called(answer)
    with django_capture_on_commit_callbacks(execute=True):
        send()
        send()
    assert OutboxItem.objects.filter(state="waiting").count() == 2, "back from the request while the broker hangs"
    assert done.wait(10)
    assert len([one for one in threading.enumerate() if one.name == "wake"]) == 1
    hangs.set()
    caller = next((one for one in threading.enumerate() if one.name == "wake"), None)
    if caller:
        caller.join(10)
    assert set(told) == {"messaging.tasks.work_outbox"}
    assert not waking.CALLER._under_way
