"""A message that comes: once in the record, with a task, access for the service addressed, and one receipt."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from access.models import DecidedMeasure
from auditlog.models import AccessLogEntry
from journal.models import Task
from messaging.formats.read import read
from messaging.models import InboxItem, Message, OutboxItem, Receipt
from tests.messaging.engine.letters import AAS_HOME, TO_HOME, WARD, about, letter

pytestmark = pytest.mark.django_db


def test_is_filed_with_task_access_and_receipt(post, cast):
    filed = post.receive(letter(about(cast.foreign)))
    assert (filed.state, filed.patient_id, filed.document_type_id) == ("filed", cast.foreign.id, "msg_dialogue")
    assert filed.unit_id == cast.units["ward"] and filed.legal_entity_id == cast.entities["lms"]
    task = Task.objects.get(origin_id=filed.id)
    assert task.for_unit_id == cast.units["ward"] and "Enebakk" in task.title
    assert DecidedMeasure.objects.get(source_id=task.id).unit_id == cast.units["ward"]
    (answer,) = post.delivered()
    told = read(answer).message
    assert told.receipt.status.value == "1" and told.receipt.original_id == filed.msg_id
    assert told.header.sender.her_id == WARD
    assert Receipt.objects.get(message=filed).state == "ok"


def test_is_read_by_those_it_was_sent_to_and_nobody_else(post, cast, open_gate):
    filed = post.receive(letter(about(cast.foreign)))
    with open_gate("lms.lege", patient=cast.foreign.id):
        assert Message.objects.get(id=filed.id).title == "Helsefaglig dialog"
        assert Receipt.objects.filter(message=filed).exists() and not OutboxItem.objects.filter(message=filed).exists()
    with open_gate("aas.hjemmesykepleier", patient=cast.kari.id):
        assert not Message.objects.filter(id=filed.id).exists()


def test_every_act_of_the_engine_stands_in_the_log(post, cast):
    filed = post.receive(letter(about(cast.foreign)))
    rows = AccessLogEntry.objects.filter(request_id=filed.id).order_by("seq")
    assert [row.action for row in rows] == ["message_arrived", "message_read", "open_measure", "message_filed"]
    assert {row.patient_id for row in rows if row.action in ("open_measure", "message_filed")} == {cast.foreign.id}
    assert {row.purpose for row in rows if row.action != "open_measure"} == {"message_in"}
    assert {row.role_code for row in rows} == {"message_service"}


def test_a_copy_is_dropped_without_a_receipt(post, cast):
    raw = letter(about(cast.foreign))
    first, second = post.receive(raw), post.receive(raw)
    assert (second.state, second.duplicate_of_id) == ("duplicate", first.id)
    assert len(post.delivered()) == 1 and Task.objects.filter(kind="message").count() == 1


def test_one_number_with_two_contents_is_set_aside_for_a_person(post, cast):
    number = str(uuid4())
    first = post.receive(letter(about(cast.foreign), msg_id=number))
    other = post.receive(letter(about(cast.kari), msg_id=number, text="Noe helt annet"))
    assert (first.state, other.state, other.duplicate_of_id) == ("filed", "quarantine", first.id)
    assert other.patient_id is None and len(post.delivered()) == 1


def test_each_of_our_recipients_gives_a_receipt_and_gets_a_task(post, cast):
    filed = post.receive(letter(about(cast.foreign), copies=(TO_HOME,)))
    answers = [read(raw).message.header.sender.her_id for raw in post.delivered()]
    assert sorted(answers) == [WARD, AAS_HOME]
    assert set(Task.objects.filter(origin_id=filed.id).values_list("for_unit_id", flat=True)) == {cast.units["ward"], cast.units["aas_home"]}


def test_doubt_about_whose_it_is_goes_to_the_tray_and_gets_no_answer_yet(post, cast):
    waiting = post.receive(letter(about(cast.foreign, family="Olsen", given="Bodil")))
    assert (waiting.state, waiting.patient_id) == ("tray", None)
    item = InboxItem.objects.get(message=waiting)
    assert "en annen" in item.tray_reason and item.answer_due_at == waiting.generated_at + timedelta(hours=96)
    assert post.delivered() == [] and not Task.objects.filter(origin_id=waiting.id).exists()


def test_a_person_matches_what_lies_in_the_tray(post, cast, open_gate):
    waiting = post.receive(letter(about(cast.foreign, family="Olsen", given="Bodil")))
    from access.gate import call, rows

    with open_gate("aas.hjemmesykepleier"):
        assert rows("tray") == [] and not call("tray_decide", waiting.id, cast.foreign.number, "")
    with open_gate("lms.sykepleier"):
        assert [row["message"] for row in rows("tray")] == [waiting.id]
        assert call("tray_decide", waiting.id, cast.foreign.number, "")
    post.work()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.patient_id) == ("filed", cast.foreign.id)
    assert len(post.delivered()) == 1


def test_a_person_refuses_what_lies_in_the_tray(post, cast, open_gate):
    waiting = post.receive(letter(about(cast.foreign, family="Olsen", given="Bodil")))
    from access.gate import call

    with open_gate("lms.sykepleier"):
        assert call("tray_decide", waiting.id, "", "Pasienten er ikke kjent hos oss")
    post.work()
    waiting.refresh_from_db()
    (answer,) = post.delivered()
    (error,) = read(answer).message.receipt.errors
    assert (waiting.state, waiting.patient_id, error.value, error.original) == ("refused", None, "E35", "Pasienten er ikke kjent hos oss")


def test_what_is_refused_is_answered_and_not_in_the_record(post, cast):
    refused = post.receive(letter(about(cast.foreign), msg_id="ikke-en-uuid"))
    (answer,) = post.delivered()
    assert (refused.state, refused.code, refused.patient_id) == ("refused", "E10", None)
    assert read(answer).message.receipt.errors[0].value == "E10"


def test_what_is_addressed_to_others_gets_no_answer(post, cast):
    from tests.messaging.engine.letters import end

    refused = post.receive(letter(about(cast.foreign), to=end("Andre", "801", "Tjeneste", "802")))
    assert (refused.state, refused.code) == ("refused", "E21") and post.delivered() == []


def test_a_service_we_do_not_have_is_sorted_by_the_entity(post, cast):
    from tests.messaging.engine.letters import LMS, end

    filed = post.receive(letter(about(cast.foreign), to=end("Follo LMS", LMS, "Nedlagt tjeneste", "299")))
    assert (filed.state, filed.unit_id) == ("filed", cast.units["ward"])
    assert read(post.delivered()[0]).message.header.sender.her_id == "299"


def test_what_cannot_be_read_is_kept_and_set_aside_or_refused(post):
    broken = post.receive(b"<MsgHead xmlns='http://www.kith.no/xmlstds/msghead/2006-05-24'><MsgInfo>")
    assert (broken.state, broken.code) == ("refused", "T01") and bytes(broken.raw).startswith(b"<MsgHead")
    assert post.delivered() == []


def test_clock_that_runs_ahead_is_told_and_the_day_is_ours(post, cast):
    filed = post.receive(letter(about(cast.foreign), at=datetime.now(UTC) + timedelta(days=3)))
    assert "clock" in {one["code"] for one in filed.remarks} and filed.event_at == filed.received_at
