"""A message of ours: queued with what it tells of, sent once, followed until it is answered."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError

from access.domain.codes import Action, Category
from access.models import AccessBlock
from auditlog.models import AccessLogEntry
from journal.services.errors import JournalError
from messaging.domain.retry import MOST_FAILURES, REST_AFTER
from messaging.formats.model.facts import Diagnosis
from messaging.formats.model.parties import Party
from messaging.formats.model.values import Code
from messaging.formats.read import read
from messaging.models import Attempt, CircuitBreaker, CommunicationParty, Message, OutboxItem, Receipt
from messaging.services.outbox import message_send, messages_sweep, outbox_work
from messaging.transport.double import Weather
from tests.messaging.engine.letters import AAS_HOME, ENEBAKK_HOME, FROM, TO_HOME, TO_WARD, about, dialogue, receipt

pytestmark = pytest.mark.django_db


@pytest.fixture
def send(cast: Any, open_gate: Any) -> Any:
    """Anna's nurse on the ward writes to Enebakk."""

    def sent(
        user: str = "lms.sykepleier", *, sender: Party = TO_WARD, to: Party = FROM, copies: tuple[Party, ...] = (), at: datetime | None = None
    ) -> UUID:
        letter = dialogue(about(cast.anna), msg_id=str(uuid4()), at=at, to=to, copies=copies, sender=sender, root="", parent="", text="Hei")
        with open_gate(user, patient=cast.anna.id, action=Action.READ) as gate:
            return message_send(
                gate=gate, message=letter, patient=cast.anna.id, category=Category.NURSING, document_type="msg_dialogue", event_at=gate.now,
                stay=cast.anna.rows["stay"],
            )  # fmt: skip

    return sent


def receipt_of(message: UUID) -> Receipt:
    return Receipt.objects.get(message_id=message)


def test_is_sent_and_its_receipt_taken(post, send, cast):
    message = send()
    assert post.delivered() == [] and Message.objects.get(id=message).state == "queued"
    post.work()
    (raw,) = post.delivered()
    assert raw == bytes(Message.objects.get(id=message).raw)
    assert Message.objects.get(id=message).state == "sent" and receipt_of(message).state == "awaited"
    post.send(receipt(read(raw).message.header.message_id))
    post.work()
    assert (receipt_of(message).state, receipt_of(message).late) == ("ok", False)
    assert post.delivered() == [], "a receipt is not answered"
    actions = list(AccessLogEntry.objects.filter(request_id=message, patient_id=cast.anna.id).order_by("seq").values_list("action", flat=True))
    assert actions == ["message_queued", "message_send", "receipt_taken"]


def test_what_is_answered_was_sent_though_the_worker_died_before_it_could_say_so(post, send):
    message = send()
    OutboxItem.objects.filter(message_id=message).update(due_at=datetime.now(UTC) + timedelta(minutes=5))
    post.send(receipt(Message.objects.get(id=message).msg_id))
    post.work()
    assert (Message.objects.get(id=message).state, receipt_of(message).state) == ("sent", "ok")
    assert Message.objects.get(id=message).sent_at and OutboxItem.objects.get(message_id=message).handed_over_at


def test_each_copy_recipient_gets_it_and_owes_a_receipt(post, send):
    message = send(copies=(TO_HOME,))
    post.work()
    assert set(Receipt.objects.filter(message_id=message).values_list("recipient_her", flat=True)) == {ENEBAKK_HOME, AAS_HOME}
    assert OutboxItem.objects.filter(message_id=message, state="acknowledged").count() == 2


def test_a_second_receipt_changes_nothing(post, send):
    message = send()
    number = Message.objects.get(id=message).msg_id
    refused = (Code("E35", "Pasienten finnes ikke", "2.16.578.1.12.4.1.1.8221", "Ukjent her"),)
    post.send(receipt(number, status="2", errors=refused))
    post.work()
    post.send(receipt(number))
    post.work()
    assert receipt_of(message).state == "refused"
    assert receipt_of(message).errors == [{"code": "E35", "text": "Pasienten finnes ikke", "detail": "Ukjent her"}]
    assert AccessLogEntry.objects.filter(request_id=message, action="receipt_again").count() == 1


def test_a_receipt_from_another_than_the_recipient_is_none(post, send):
    message = send()
    post.send(receipt(Message.objects.get(id=message).msg_id, sender="777"))
    post.work()
    assert receipt_of(message).state == "awaited"


def test_missing_after_96_hours_and_cleared_by_a_late_one(post, send, set_clock):
    message = send(at=datetime.now(UTC) - timedelta(hours=97))
    with post.as_app():
        assert messages_sweep(post.engine) == 1 and messages_sweep(post.engine) == 0
    assert receipt_of(message).state == "missing"
    post.send(receipt(Message.objects.get(id=message).msg_id))
    post.work()
    assert (receipt_of(message).state, receipt_of(message).late) == ("ok", True)


def test_goes_only_under_the_own_units_address_with_the_right_to_send(send, post):
    with pytest.raises(DatabaseError):
        send(sender=TO_HOME)
    with pytest.raises(DatabaseError):
        send("aas.hjemmesykepleier")
    assert not Message.objects.filter(direction="out").exists()


def test_to_a_receiver_who_is_retired_it_is_not_queued_and_not_sent(post, send):
    message = send()
    CommunicationParty.objects.filter(her_id=ENEBAKK_HOME).update(valid_to=datetime.now(UTC) - timedelta(minutes=5))
    post.work()
    item = OutboxItem.objects.get(message_id=message)
    assert (item.state, post.delivered()) == ("held", []) and "adresseregisteret" in item.last_error
    with pytest.raises(JournalError, match="ikke lenger i adresseregisteret"):
        send()


def test_what_is_blocked_before_it_is_sent_does_not_go(post, send, cast):
    message = send()
    now = datetime.now(UTC)
    AccessBlock.objects.create(
        patient_id=cast.anna.id, scope="category", category=int(Category.NURSING), target="everyone", wish_of="Pasienten", registered_at=now,
        valid_from=now - timedelta(days=1),
    )  # fmt: skip
    post.work()
    assert Message.objects.get(id=message).state == "held" and post.delivered() == []
    assert AccessLogEntry.objects.filter(request_id=message, action="message_held").exists()


def test_what_its_standard_has_no_place_for_is_refused_in_words(post, cast, open_gate):
    letter = dialogue(about(cast.anna), msg_id="", at=None, to=FROM, copies=(), sender=TO_WARD, root="", parent="", text="Hei")
    letter = replace(letter, content=replace(letter.content, diagnoses=(Diagnosis(text="Lungebetennelse"),)))
    with open_gate("lms.sykepleier", patient=cast.anna.id) as gate, pytest.raises(JournalError):
        message_send(
            gate=gate, message=letter, patient=cast.anna.id, category=Category.NURSING, document_type="msg_dialogue", event_at=gate.now,
        )  # fmt: skip


def test_a_partner_that_fails_is_given_rest_and_then_tried_with_one(post, send, due_now):
    for _ in range(8):
        send()
    post.network.weather = Weather(fault=1.0)
    post.work()
    breaker = CircuitBreaker.objects.get(party__her_id=ENEBAKK_HOME)
    assert breaker.failures >= REST_AFTER and breaker.opened_at and OutboxItem.objects.filter(state="waiting").count() == 8
    due_now()
    tried = Attempt.objects.count()
    post.work()
    assert Attempt.objects.count() == tried, "it rests"
    CircuitBreaker.objects.update(retry_at=datetime.now(UTC) - timedelta(hours=1))
    post.network.weather = Weather()
    with post.as_app():
        assert outbox_work(post.engine) == 8
    breaker.refresh_from_db()
    assert (breaker.failures, breaker.opened_at, len(post.delivered())) == (0, None, 8)


def test_is_given_up_after_many_errors_and_waits_for_a_person(post, send, due_now):
    message = send()
    post.network.weather = Weather(fault=1.0)
    for _ in range(MOST_FAILURES + 2):
        due_now()
        CircuitBreaker.objects.update(retry_at=None, opened_at=None)
        post.work()
    item = OutboxItem.objects.get(message_id=message)
    assert (item.state, item.failures) == ("dead", MOST_FAILURES)
    assert AccessLogEntry.objects.filter(request_id=message, action="message_dead").count() == 1


def test_no_more_in_a_minute_than_the_partner_takes(post, send):
    CommunicationParty.objects.filter(her_id=ENEBAKK_HOME).update(per_minute=3)
    for _ in range(5):
        send()
    post.work()
    assert len(post.delivered()) == 3 and OutboxItem.objects.filter(state="waiting").count() == 2


def test_receipts_go_before_all_else(post, send, cast):
    from tests.messaging.engine.letters import letter

    send()
    post.send(letter(about(cast.foreign)))
    post.work()
    assert [read(raw).message.standard.family for raw in post.delivered()] == ["apprec", "msghead"]
