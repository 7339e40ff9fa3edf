"""What is wrong is told once to the one who watches, handed on when nobody takes it, and never with a patient in it. And each day's figures."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.db import DatabaseError, transaction

from access.gate import rows
from journal.models import Task
from messaging.formats.model.values import Code
from messaging.models import CircuitBreaker, CommunicationParty, DailyReport, Heartbeat, InboxItem, Incident, Message, Notice, OutboxItem
from messaging.services import alarms
from tests.messaging.engine.letters import ENEBAKK_HOME, about, letter, receipt
from tests.messaging.engine.test_sending import send  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db
WATCH = "meldingsansvarlig"


@pytest.fixture
def told(post, settings, tmp_path):
    """`told()`: the rounds' texts since the last time, as the text messages that left; e-mail stands in `mail.outbox`."""
    settings.EPJ_ALARM_TO = ["sms:+4790000001", "mailto:melding@example.no"]
    settings.EPJ_ALARM_ON_CALL = ["sms:+4790000002"]
    settings.EPJ_ALARM_SMS_DIR = str(tmp_path)

    def round_once() -> list[str]:
        with post.as_app():
            alarms.round_once()
        files = sorted(Path(tmp_path).glob("*.txt"))
        texts = [one.read_text(encoding="utf-8") for one in files]
        for one in files:
            one.unlink()
        return texts

    return round_once


@pytest.fixture
def refused(post, send):  # noqa: F811
    """A message that Enebakk refused."""
    sent = Message.objects.get(id=send())
    post.work()
    post.receive(receipt(sent.msg_id, status="2", errors=(Code("E35", "Pasienten finnes ikke", "2.16.578.1.12.4.1.1.8221"),)))
    return sent


def ago(**time):
    return datetime.now(UTC) - timedelta(**time)


def test_it_is_told_once_and_handed_on_when_nobody_takes_it(told, refused, cast):
    (first,) = told()
    assert first.startswith("+4790000001\n1 avvist av Enebakk kommune, Sykepleietjenesten")
    (letter_sent,) = mail.outbox
    assert letter_sent.to == ["melding@example.no"]
    for text in (first, letter_sent.subject, letter_sent.body):
        assert not any(secret in text for secret in (cast.anna.family_name, cast.anna.number, refused.title, str(refused.id), refused.msg_id))
    assert told() == []
    Incident.objects.update(opened_at=ago(minutes=16))
    (second,) = told()
    assert second.startswith("+4790000002\nIngen har kvittert for varselet.")
    assert told() == []
    assert len(mail.outbox) == 1


def test_it_is_acknowledged_by_name_and_not_handed_on(told, refused, cast, client_for):
    told()
    client, incident = client_for(WATCH), Incident.objects.get()
    page = client.get("/meldingsvakt/").content.decode()
    assert "1 avvist av Enebakk kommune" in page
    assert "meldingsansvarlig varslet (SMS +4790000001)" in page
    for code in ("kvittert", "varsel-tatt"):
        answer = client.post(f"/meldingsvakt/varsel/{incident.id}/", {"actor": str(cast[WATCH].id), "remark": "Ringer Enebakk"})
        assert answer.url == f"/meldingsvakt/?gjort={code}"
    incident.refresh_from_db()
    assert (incident.acknowledged_by_id, incident.remark) == (cast[WATCH].id, "Ringer Enebakk")
    assert "Ringer Enebakk" in client.get("/meldingsvakt/").content.decode()
    Incident.objects.update(opened_at=ago(hours=3))
    assert told() == []
    assert client_for("lms.sykepleier").post(f"/meldingsvakt/varsel/{incident.id}/", {"actor": str(cast["lms.sykepleier"].id)}).status_code in (
        403,
        404,
    )


def test_it_is_over_when_it_has_been_gone_for_a_while(told, refused):
    told()
    Message.objects.filter(id=refused.id).update(superseded="resent")
    told()
    assert Incident.objects.get().closed_at is None, "it may come back at once"
    Incident.objects.update(last_seen_at=ago(minutes=6))
    told()
    assert Incident.objects.get().closed_at
    Message.objects.filter(id=refused.id).update(superseded="")
    assert len(told()) == 1, "another incident"


def test_everything_that_can_be_wrong_has_an_alarm(told, post, cast, send):  # noqa: F811
    Heartbeat.objects.create(name="w", kind="worker", at=ago(minutes=3))
    Heartbeat.objects.create(name="tasks", kind="tasks", at=ago(minutes=3))
    waits, stuck = send(), send()
    post.receive(letter(about(cast.foreign)))
    post.receive(letter(about(cast.foreign, family="Olsen", given="Bodil")))
    InboxItem.objects.filter(state="tray").update(answer_due_at=ago(hours=-20))
    Task.objects.filter(kind="message").update(due_at=ago(hours=1))
    OutboxItem.objects.filter(message=waits).update(state="waiting", due_at=ago(minutes=11))
    OutboxItem.objects.filter(message=stuck).update(state="dead")
    told()
    kinds = set(Incident.objects.values_list("kind", flat=True))
    assert kinds == {"worker_silent", "tasks_silent", "outbox_slow", "undelivered", "unmatched", "unread"}
    CircuitBreaker.objects.update_or_create(
        party=CommunicationParty.objects.get(her_id=ENEBAKK_HOME), defaults={"opened_at": ago(minutes=1), "failures": 5, "in_minute": 0}
    )
    Incident.objects.all().update(last_seen_at=ago(minutes=6))
    told()
    assert set(Incident.objects.filter(closed_at=None).values_list("kind", flat=True)) == kinds - {"outbox_slow"} | {"resting"}


def test_what_could_not_be_told_is_told_later(told, refused, settings):
    settings.EPJ_ALARM_SMS_DIR = "/proc/nowhere"
    told()
    waiting = Notice.objects.get(channel="sms")
    assert (waiting.state, waiting.failures) == ("waiting", 1)
    assert waiting.last_error
    Notice.objects.update(due_at=ago(minutes=1))
    settings.EPJ_ALARM_SMS_DIR = ""
    told()
    assert Notice.objects.get(channel="sms").last_error == "EPJ_ALARM_SMS_DIR is not set"
    assert Notice.objects.get(channel="mailto").state == "sent"
    assert len(mail.outbox) == 1


def test_each_day_has_one_report_of_counts(post, cast, refused, client_for, open_gate):
    noon = datetime.now(UTC).replace(hour=11, minute=0) - timedelta(days=1)
    arrived = post.receive(letter(about(cast.foreign)))
    Message.objects.filter(id=arrived.id).update(received_at=noon)
    for times in ((1, 1), (0, 1)):
        with post.as_app(), transaction.atomic():
            made = alarms.reports_write()
        assert (made, DailyReport.objects.count()) == times
    client, report = client_for(WATCH), DailyReport.objects.get()
    assert report.rows == [{
        "partner": "Enebakk kommune, Sykepleietjenesten", "unit": "Observasjonsposten", "received": 1, "sent": 0, "refused_by_us": 0, "refused_by_them": 0,
        "unreceipted": 0, "unmatched": 0, "receipt_median": None, "receipt_p95": None, "read_median": None, "read_p95": None,
    }]  # fmt: skip
    base = f"/meldingsvakt/rapport/{report.day}/"
    assert "Enebakk kommune, Sykepleietjenesten" in client.get(base).content.decode()
    file = client.get(f"{base}?fil=csv")
    assert file["Content-Type"].startswith("text/csv")
    assert "Enebakk kommune, Sykepleietjenesten;Observasjonsposten;1;0;" in file.content.decode("utf-8-sig")
    assert base in client.get("/meldingsvakt/").content.decode()
    assert client.get("/meldingsvakt/rapport/2020-01-01/").status_code == 404
    assert client.get("/meldingsvakt/rapport/x/").status_code == 404
    with open_gate("lms.sykepleier"), pytest.raises(DatabaseError, match="watch"), transaction.atomic():
        rows("watch_reports", None, 1)
