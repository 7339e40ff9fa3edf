"""Feeds the storm and reckons up afterwards: every message once in the record, once receipted, once in the access log."""

import json
import sys
import time
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import InterfaceError, OperationalError, connections, transaction

from access import gate
from access.domain.codes import Action, Category
from access.models import Patient, PatientIdentity
from lms_epj.bench.storm_ground import THEIRS, WARD
from lms_epj.bench.storm_partner import Partner
from lms_epj.core.clock import now
from messaging.formats.model.facts import Note
from messaging.formats.model.message import Content, Header, Message
from messaging.formats.model.parties import Identifier, Person
from messaging.formats.model.values import Code, Moment
from messaging.formats.write import outgoing_standard, write
from messaging.models import CommunicationParty
from messaging.services.handling import PERSONS, party_of
from messaging.services.outbox import message_send


def feed(folder: Path, nurse_secret: str, *, count: int, seconds: float, patience: float, seed: int) -> dict[str, Any]:
    """``count`` messages each way over ``seconds``, then up to ``patience`` seconds until all is settled. What came of it."""
    chance = Random(seed)
    partner = Partner(folder, chance)
    partner.start()
    using = settings.DATABASE_OWNER_ALIAS
    parties = {one.her_id: party_of(one) for one in CommunicationParty.objects.using(using).select_related("parent")}
    numbers = dict(PatientIdentity.objects.using(using).values_list("patient_id", "value"))
    people = list(Patient.objects.using(using).all())
    print("begun", flush=True)
    started, sent_in, sent_out = time.monotonic(), [], []
    for place in range(count):
        person = people[place % len(people)]
        described = Person(
            family=person.family_name, given=person.given_name, identifiers=(Identifier(numbers[person.id], Code("FNR", "Fødselsnummer", PERSONS)),)
        )
        incoming = dialogue(described, parties[THEIRS], parties[WARD], place)
        partner.send(incoming.header.message_id, write(incoming))
        sent_in.append(incoming.header.message_id)
        outgoing = dialogue(described, parties[WARD], parties[THEIRS], place)
        compose(nurse_secret, person.id, outgoing)
        sent_out.append(outgoing.header.message_id)
        time.sleep(max(0.0, started + seconds * (place + 1) / count - time.monotonic()))
    fed = time.monotonic()
    while time.monotonic() - fed < patience and not settled(partner, count):
        time.sleep(0.3)
    took = time.monotonic() - started
    partner.done.set()
    partner.join()
    return {"count": count, "seconds": round(took, 1), "lost": partner.lost, "doubled": partner.doubled} | reckon(partner, sent_in, sent_out)


def dialogue(patient: Person, sender: Any, receiver: Any, place: int) -> Message:
    kind = "DIALOG_HELSEFAGLIG"
    return Message(
        standard=outgoing_standard(kind),
        header=Header(
            message_id=str(uuid4()), type=Code(kind, "Helsefaglig dialog"), generated=Moment(now().strftime("%Y-%m-%dT%H:%M:%SZ")), sender=sender,
            receiver=receiver, patient=patient,
        ),
        content=Content(notes=(Note(theme=Code("6", "Henvendelse", "2.16.578.1.12.4.1.1.7322"), text=f"Melding nummer {place}"),)),
    )  # fmt: skip


def compose(secret: str, patient: UUID, message: Message) -> None:
    """As the nurse's request would; tried until the database is there, because the number makes it one message."""
    while True:
        try:
            with transaction.atomic(), gate.enter(secret, gate.Request(action="send", route="storm"), patient=patient, action=Action.READ) as opened:
                if not already(message.header.message_id):
                    message_send(
                        gate=opened, message=message, patient=patient, category=Category.NURSING, document_type="msg_dialogue", event_at=opened.now
                    )
            return
        except (OperationalError, InterfaceError):
            for one in connections.all():
                one.close()
            time.sleep(0.3)


def already(number: str) -> bool:
    return one("SELECT count(*) FROM messaging_message WHERE direction = 'out' AND msg_id = %s", number) > 0


def settled(partner: Partner, count: int) -> bool:
    if partner.unanswered():
        return False
    try:
        return (
            one(
                "SELECT count(*) FROM messaging_receipt r JOIN messaging_message m ON m.id = r.message_id WHERE m.direction = 'out' AND r.state = 'ok'"
            )
            == count
            and one("SELECT count(*) FROM messaging_inboxitem WHERE state = 'waiting'") == 0
            and one("SELECT count(*) FROM messaging_outboxitem WHERE state = 'waiting'") == 0
        )
    except (OperationalError, InterfaceError):
        connections[settings.DATABASE_OWNER_ALIAS].close()
        return False


def one(statement: str, *values: Any) -> int:
    with connections[settings.DATABASE_OWNER_ALIAS].cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.fetchone()[0])


LOG = "SELECT count(*) FROM auditlog_entry a WHERE a.action = %s AND a.request_id IN (SELECT id FROM messaging_message m WHERE {})"
FILED, OURS = "m.direction = 'in' AND m.state = 'filed'", "m.direction = 'out' AND m.type <> 'APPREC'"


def reckon(partner: Partner, sent_in: list[str], sent_out: list[str]) -> dict[str, Any]:
    """The sums, and in words what does not agree."""
    count = len(sent_in)
    sums = {
        "filed": one("SELECT count(*) FROM messaging_message m WHERE " + FILED),
        "filed numbers": one("SELECT count(DISTINCT msg_id) FROM messaging_message m WHERE msg_id = ANY (%s) AND " + FILED, sent_in),
        "tasks": one("SELECT count(*) FROM journal_task WHERE kind = 'message'"),
        "our receipts": one(
            "SELECT count(*) FROM messaging_receipt r JOIN messaging_message m ON m.id = r.message_id WHERE r.state = 'ok' AND " + FILED
        ),
        "receipts at the partner": sum(1 for number in sent_in if len(partner.receipts.get(number, ())) == 1),
        "sent": one("SELECT count(*) FROM messaging_message m WHERE m.state = 'sent' AND m.msg_id = ANY (%s)", sent_out),
        "at the partner": sum(1 for number in sent_out if number in partner.got),
        "their receipts": one(
            "SELECT count(*) FROM messaging_receipt r JOIN messaging_message m ON m.id = r.message_id WHERE r.state = 'ok' AND " + OURS
        ),
        "log: filed": one(LOG.format(FILED) + " AND a.patient_id IS NOT NULL", "message_filed"),
        "log: queued": one(LOG.format(OURS) + " AND a.patient_id IS NOT NULL", "message_queued"),
        "log: receipt taken": one(LOG.format(OURS), "receipt_taken"),
    }
    wrong = [f"{name}: {value}, not {count}" for name, value in sums.items() if value != count]
    least = one(LOG.format(OURS), "message_send")
    if least < count:
        wrong.append(f"log: {least} rows of sending, fewer than {count}")
    stored = one("SELECT count(*) FROM messaging_message WHERE direction = 'in'")
    arrived = one("SELECT count(*) FROM auditlog_entry WHERE action = 'message_arrived'")
    if stored != arrived:
        wrong.append(f"log: {arrived} rows of arrival for {stored} stored")
    aside = one("SELECT count(*) FROM messaging_inboxitem WHERE state IN ('quarantine', 'tray')") + one(
        "SELECT count(*) FROM messaging_outboxitem WHERE state IN ('dead', 'rejected', 'held')"
    )
    wrong += [f"{aside} were set aside"] * bool(aside) + partner.faults[:3] + [f"refused: {one}" for one in partner.refused[:3]]
    sent_twice = sum(times - 1 for times in partner.got.values())
    return {"sums": sums, "handed over twice": sent_twice, "sending in the log": least, "wrong": wrong}


def report(outcome: dict[str, Any]) -> None:
    """One line of JSON; the process fails when something does not agree."""
    print(json.dumps(outcome, ensure_ascii=False), flush=True)
    if outcome["wrong"]:
        sys.exit(1)
