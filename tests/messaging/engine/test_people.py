"""What people do with messages: read them, answer for them, match, mend, try again – by name, in the log, and nobody else."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from access.gate import call, rows
from access.models import AccessBlock, DecidedMeasure, Patient
from auditlog.models import AccessLogEntry
from journal.models import Task
from messaging.formats.model.values import Code
from messaging.formats.read import read
from messaging.models import InboxItem, Message, OutboxItem, Reading, Receipt
from tests.messaging.engine.letters import ENEBAKK_HOME, about, letter, receipt
from tests.messaging.engine.test_sending import send  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db
NURSE, HOME, WATCH = "lms.sykepleier", "aas.hjemmesykepleier", "meldingsansvarlig"


def form(cast, user, patient=None, **values):
    return {"actor": str(cast[user].id)} | ({"patient": str(patient.id)} if patient else {}) | values


def test_a_filed_message_is_read_assessed_and_named(post, cast, client_for):
    filed = post.receive(letter(about(cast.foreign), text="Datteren har nøkkel."))
    client, base = client_for(NURSE), f"/pasient/{cast.foreign.id}/meldinger/"
    inbox = client.get("/meldinger/").content.decode()
    assert cast.foreign.family_name in inbox and "Ulest" in inbox
    assert "Helsefaglig dialog" in client.get(base).content.decode()
    page = client.get(f"{base}{filed.id}/").content.decode()
    assert "Datteren har nøkkel." in page and "Lest av Ingrid Solberg Haugen" in page
    answer = client.post(f"{base}{filed.id}/vurdert/", form(cast, NURSE, cast.foreign, remark="Ringt datteren"))
    assert answer.status_code == 302
    reading = Reading.objects.get(message=filed)
    assert (reading.user_id, reading.unit_id, reading.remark) == (cast[NURSE].id, cast.units["ward"], "Ringt datteren")
    assert reading.acknowledged_at and Task.objects.get(origin_id=filed.id).done_by_id == cast[NURSE].id
    logged = AccessLogEntry.objects.get(action="message_acknowledge")
    assert (logged.request_id, logged.patient_id, logged.user_name) == (filed.id, cast.foreign.id, "Ingrid Solberg Haugen")


def test_it_is_shown_to_nobody_without_access_to_it(post, cast, client_for):
    filed = post.receive(letter(about(cast.foreign)))
    client = client_for(HOME)
    assert client.get(f"/pasient/{cast.foreign.id}/meldinger/{filed.id}/").status_code == 404
    assert cast.foreign.family_name not in client.get("/meldinger/").content.decode()
    assert client_for(WATCH).get(f"/pasient/{cast.foreign.id}/meldinger/").status_code in (403, 404)


def test_the_unit_is_told_of_no_patient_whom_it_may_not_open(post, cast, open_gate):
    """Not by an id either; nor do those who have gone take the places of those who are here."""
    post.receive(letter(about(cast.foreign)))
    with open_gate(NURSE) as gate:
        assert cast.foreign.id in {row["patient"] for row in rows("unit_messages", gate.now, 10)}
    DecidedMeasure.objects.filter(patient=cast.foreign.id).update(
        starts_at=timezone.now() - timedelta(days=60), ends_at=timezone.now() - timedelta(days=30)
    )
    with open_gate(NURSE) as gate:
        assert cast.foreign.id not in {row["patient"] for row in rows("unit_messages", gate.now - timedelta(days=1), 10)}


def test_a_blocked_message_stands_neither_in_the_list_nor_at_its_address(post, cast, client_for):
    filed = post.receive(letter(about(cast.foreign), text="sperretord"))
    AccessBlock.objects.create(
        patient_id=cast.foreign.id, scope="entry", entry_id=filed.id, target="unit", target_id=cast.units["ward"], wish_of="Pasienten",
        registered_at=timezone.now(), valid_from=filed.received_at,
    )  # fmt: skip
    client, base = client_for(NURSE), f"/pasient/{cast.foreign.id}/meldinger/"
    assert str(filed.id) not in client.get("/meldinger/").content.decode() + client.get(base).content.decode()
    for path in ("", "?fil=0", "igjen/", "rett/"):
        assert client.get(f"{base}{filed.id}/{path}").status_code == 404
    assert client.post(f"{base}{filed.id}/vurdert/", form(cast, NURSE, cast.foreign)).status_code == 404
    assert not Reading.objects.exists()


def test_the_tray_is_read_compared_and_matched_by_a_person(post, cast, client_for):
    waiting = post.receive(letter(about(cast.foreign, family="Olsen", given="Bodil"), text="Hvem er dette?"))
    client = client_for(NURSE)
    assert "Uten sikker pasient" in client.get("/meldinger/").content.decode()
    assert " t igjen av 96" in client.get("/meldinger/uten-pasient/").content.decode()
    address = f"/meldinger/uten-pasient/{waiting.id}/"
    assert "Hvem er dette?" in client.get(address).content.decode()
    looked = client.post(address, form(cast, NURSE, number=cast.foreign.number)).content.decode()
    assert cast.foreign.family_name in looked and "Ja, koble" in looked
    changed = client.post(address, form(cast, NURSE, number=cast.foreign.number, shown=cast.kari.number, match="1"))
    assert changed.status_code == 200 and cast.foreign.family_name in changed.content.decode(), "shown anew, not matched"
    assert client.post(address, form(cast, NURSE, number=cast.foreign.number, shown=cast.foreign.number, match="1")).status_code == 302
    post.work()
    assert Message.objects.get(id=waiting.id).patient_id == cast.foreign.id
    decided = AccessLogEntry.objects.get(action="tray_decide")
    assert (decided.user_id, decided.patient_id) == (cast[NURSE].id, cast.foreign.id)
    assert client_for(HOME).get(address).status_code == 404


def test_the_tray_refuses_with_words_for_the_sender(post, cast, client_for):
    waiting = post.receive(letter(about(cast.foreign, family="Olsen", given="Bodil")))
    client, address = client_for(NURSE), f"/meldinger/uten-pasient/{waiting.id}/"
    assert client.post(address, form(cast, NURSE, refuse="1", refusal="")).status_code == 422
    assert client.post(address, form(cast, NURSE, refuse="1", refusal="Ukjent her, spør fastlegen")).status_code == 302
    post.work()
    (answer,) = post.delivered()
    told = read(answer).message.receipt
    assert (told.status.value, told.errors[0].value) == ("2", "E35")
    assert "Ukjent her" in (told.errors[0].original or told.errors[0].text)


def test_the_tray_is_for_those_who_chart(post, cast, open_gate):
    post.receive(letter(about(cast.foreign, family="Olsen", given="Bodil")))
    with open_gate("lms.leder"), pytest.raises(DatabaseError, match="who chart"), transaction.atomic():
        rows("tray")


def test_what_was_refused_is_mended_and_sent_under_a_new_number(post, cast, send, client_for):  # noqa: F811
    sent = Message.objects.get(id=send())
    post.work()
    post.delivered()
    post.receive(receipt(sent.msg_id, status="2", errors=(Code("E35", "Pasienten finnes ikke i mottakersystemet", "2.16.578.1.12.4.1.1.8221"),)))
    client, base = client_for(NURSE), f"/pasient/{cast.anna.id}/meldinger/{sent.id}/"
    page = client.get(base).content.decode()
    assert "Mottakeren har ikke fått meldingen" in page and "E35" in page and "Må følges opp" in client.get("/meldinger/").content.decode()
    assert client.post(base + "rett/", form(cast, NURSE, cast.anna, remark="")).status_code == 422
    assert client.post(base + "rett/", form(cast, NURSE, cast.anna, remark="D-nummeret er byttet")).status_code == 302
    post.work()
    new = Message.objects.get(direction="out", type=sent.type, state="sent", superseded="")
    sent.refresh_from_db()
    assert new.msg_id != sent.msg_id and (sent.superseded, sent.superseded_by_id) == ("resent", new.id)
    (raw,) = post.delivered()
    again = read(raw).message
    assert again.header.message_id == new.msg_id and again.content == read(bytes(sent.raw)).message.content
    assert again.header.patient.number("FNR") == cast.anna.number
    assert Receipt.objects.get(message=new).recipient_her == ENEBAKK_HOME


def test_what_the_transport_gave_up_is_tried_again_under_the_same_number(post, cast, send, client_for):  # noqa: F811
    sent = Message.objects.get(id=send())
    OutboxItem.objects.filter(message=sent).update(state="dead", last_error="Nettet svarer ikke.")
    client, base = client_for(NURSE), f"/pasient/{cast.anna.id}/meldinger/{sent.id}/"
    assert "Meldingen er ikke levert" in client.get(base).content.decode()
    assert client.post(base + "igjen/", form(cast, NURSE, cast.anna)).status_code == 302
    post.work()
    (raw,) = post.delivered()
    assert read(raw).message.header.message_id == sent.msg_id


def test_what_was_set_aside_is_opened_logged_and_tried_again_by_the_one_who_watches(post, cast, client_for):
    number = str(uuid4())
    post.receive(letter(about(cast.foreign), msg_id=number))
    other = post.receive(letter(about(cast.foreign), msg_id=number, text="Noe helt annet"))
    client, address = client_for(WATCH), f"/meldingsvakt/{other.id}/"
    overview = client.get("/meldingsvakt/").content.decode()
    assert "brukt før" in overview and cast.foreign.family_name not in overview
    assert "Noe helt annet" in client.get(address).content.decode()
    assert AccessLogEntry.objects.filter(action="aside_read", request_id=other.id).exists()
    assert client.post(address, form(cast, WATCH, again="1", reason="")).status_code == 422
    assert client.post(address, form(cast, WATCH, again="1", reason="Prøver etter retting")).status_code == 302
    post.work()
    assert InboxItem.objects.get(message=other).state == "quarantine", "the number is still used twice"
    assert client.post(address, form(cast, WATCH, close="1", reason="Ringt avsenderen, sender på nytt")).status_code == 302
    assert InboxItem.objects.get(message=other).state == "closed"
    assert client.get(address).status_code == 404
    assert [row.reason for row in AccessLogEntry.objects.filter(action__in=["aside_retry", "aside_close"]).order_by("seq")] == [
        "Prøver etter retting", "Ringt avsenderen, sender på nytt",
    ]  # fmt: skip


def test_the_watch_is_for_that_role_alone(post, cast, client_for, open_gate):
    assert client_for(NURSE).get("/meldingsvakt/").status_code in (403, 404)
    with open_gate(NURSE), pytest.raises(DatabaseError, match="watch"), transaction.atomic():
        rows("messages_aside")


def test_nobody_answers_for_a_message_that_is_not_open_to_them(post, cast, open_gate):
    filed = post.receive(letter(about(cast.foreign)))
    for function, more in (("message_seen", ()), ("message_acknowledge", ("", None)), ("message_again", ())):
        with open_gate(HOME, patient=cast.kari.id), pytest.raises(DatabaseError, match="no such message"), transaction.atomic():
            call(function, filed.id, *more)
    assert Patient.objects.filter(id=cast.foreign.id).exists() and not Reading.objects.exists()
