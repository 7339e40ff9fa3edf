"""Feeds the storm and reckons up afterwards: every message once in the record, once receipted, once in the access log."""

import json
import sys
import time
from collections.abc import Callable
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
from lms_epj.bench.storm_nurse import Nurse
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

AHEAD = 400  # messages without a receipt before the feeder waits: more would only be sent again and again
OF_THE_WEB = 4  # patients about whom only the nurse at the web server writes


def feed(folder: Path, nurse_secret: str, *, count: int, seconds: float, patience: float, seed: int, web: str = "") -> dict[str, Any]:
    """``count`` messages each way over ``seconds``, or as many as go through in that time, then up to ``patience`` seconds until all is settled.

    ``web``: where the web server answers; there a nurse writes too. What came of it.
    """
    chance = Random(seed)
    partner = Partner(folder, chance)
    partner.start()
    using = settings.DATABASE_OWNER_ALIAS
    parties = {one.her_id: party_of(one) for one in CommunicationParty.objects.using(using).select_related("parent")}
    numbers = dict(PatientIdentity.objects.using(using).values_list("patient_id", "value"))
    people = list(Patient.objects.using(using).order_by("id"))
    hers, people = [one.id for one in people[:OF_THE_WEB]], people[OF_THE_WEB:]
    nurse = Nurse(web, nurse_secret, hers, sent_about)
    print("begun", flush=True)
    if web:
        nurse.start()
    started, sent_in, sent_out = time.monotonic(), [], []
    for place in range(count):
        while len(partner.unanswered) > AHEAD and time.monotonic() - started < seconds:
            time.sleep(0.05)
        if time.monotonic() - started > seconds:
            break
        person = people[place % len(people)]
        about = described(person, numbers[person.id])
        incoming = dialogue(about, parties[THEIRS], parties[WARD], place)
        partner.send(incoming.header.message_id, write(incoming))
        sent_in.append(incoming.header.message_id)
        outgoing = dialogue(about, parties[WARD], parties[THEIRS], place)
        compose(nurse_secret, person.id, outgoing)
        sent_out.append(outgoing.header.message_id)
        time.sleep(max(0.0, started + seconds * (place + 1) / count - time.monotonic()))
    fed = time.monotonic()
    nurse.done.set()
    if web:
        nurse.join(patience)
    written = asked(numbers_about, hers) if web else []
    while time.monotonic() - fed < patience and not asked(settled, partner, len(sent_out) + nurse.acts):
        time.sleep(1)
    took = time.monotonic() - started
    partner.done.set()
    partner.join()
    told = {
        "in": len(sent_in), "out": len(sent_out) + nurse.acts, "of these at the web server": nurse.acts, "requests without an answer": nurse.unanswered,
        "seconds": round(took, 1), "seconds of sending": round(fed - started, 1), "lost": partner.lost, "doubled": partner.doubled,
        "sent again": partner.again,
    }  # fmt: skip
    sums = asked(reckon, partner, sent_in, sent_out + written)
    if nurse.is_alive() or len(written) != nurse.acts:
        sums["wrong"].append(f"{len(written)} messages of the nurse's, who sent {nurse.acts}")
    return told | sums


def described(person: Patient, number: str) -> Person:
    """As a sender names one."""
    identifiers = (Identifier(number, Code("FNR", "Fødselsnummer", PERSONS)),)
    return Person(family=person.family_name, given=person.given_name, identifiers=identifiers)


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


def asked(question: Callable[..., Any], *values: Any) -> Any:
    """Put to the database as owner until it is there to answer."""
    while True:
        try:
            return question(*values)
        except (OperationalError, InterfaceError):
            connections[settings.DATABASE_OWNER_ALIAS].close()
            time.sleep(0.3)


def sent_about(patient: UUID) -> int:
    return asked(one, "SELECT count(*) FROM messaging_message WHERE direction = 'out' AND patient_id = %s", patient)


def numbers_about(patients: list[UUID]) -> list[str]:
    with connections[settings.DATABASE_OWNER_ALIAS].cursor() as cursor:
        cursor.execute("SELECT msg_id FROM messaging_message WHERE direction = 'out' AND patient_id = ANY (%s)", [patients])
        return [row[0] for row in cursor.fetchall()]


def already(number: str) -> bool:
    return one("SELECT count(*) FROM messaging_message WHERE direction = 'out' AND msg_id = %s", number) > 0


def settled(partner: Partner, out: int) -> bool:
    return (
        not partner.unanswered
        and one("SELECT count(*) FROM messaging_inboxitem WHERE state = 'waiting'") == 0
        and one("SELECT count(*) FROM messaging_outboxitem WHERE state = 'waiting'") == 0
        and one("SELECT count(*) FROM messaging_receipt r JOIN messaging_message m ON m.id = r.message_id WHERE r.state = 'ok' AND " + OURS) == out
    )


def one(statement: str, *values: Any) -> int:
    with connections[settings.DATABASE_OWNER_ALIAS].cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.fetchone()[0])


# Rows of the log about messages, and how many messages they are about: one missing must not make up for one too many.
LOG = "SELECT {} FROM auditlog_entry a JOIN messaging_message m ON m.id = a.request_id WHERE a.action = %s AND {}"
ROWS, MESSAGES = "count(*)", "count(DISTINCT a.request_id)"
FILED, OURS = "m.direction = 'in' AND m.state = 'filed'", "m.direction = 'out' AND m.type <> 'APPREC'"
OF_PATIENT = " AND a.patient_id = m.patient_id"


def reckon(partner: Partner, sent_in: list[str], sent_out: list[str]) -> dict[str, Any]:
    """The sums, and in words what does not agree."""
    came, went = len(sent_in), len(sent_out)
    receipts = "SELECT count(*) FROM messaging_receipt r JOIN messaging_message m ON m.id = r.message_id WHERE r.state = 'ok' AND "
    sums = {
        "filed": (one("SELECT count(*) FROM messaging_message m WHERE " + FILED), came),
        "filed numbers": (one("SELECT count(DISTINCT msg_id) FROM messaging_message m WHERE msg_id = ANY (%s) AND " + FILED, sent_in), came),
        "tasks": (one("SELECT count(*) FROM journal_task WHERE kind = 'message'"), came),
        "messages with a task": (one("SELECT count(DISTINCT t.origin_id) FROM journal_task t JOIN messaging_message m ON m.id = t.origin_id WHERE " + FILED), came),
        "our receipts": (one(receipts + FILED), came),
        "answered once at the partner": (sum(1 for number in sent_in if len(partner.receipts.get(number, ())) == 1), came),
        "sent": (one("SELECT count(*) FROM messaging_message m WHERE m.state = 'sent' AND m.msg_id = ANY (%s)", sent_out), went),
        "ours in all": (one("SELECT count(*) FROM messaging_message m WHERE " + OURS), went),
        "at the partner": (sum(1 for number in sent_out if number in partner.got), went),
        "their receipts": (one(receipts + OURS), went),
    }  # fmt: skip
    for action, which, number in (("message_filed", FILED, came), ("message_queued", OURS, went), ("receipt_taken", OURS, went)):
        sums[f"log: {action}"] = (one(LOG.format(ROWS, which) + OF_PATIENT, action), number)
        sums[f"log: messages with {action}"] = (one(LOG.format(MESSAGES, which) + OF_PATIENT, action), number)
    sums["log: messages with message_send"] = (one(LOG.format(MESSAGES, OURS) + OF_PATIENT, "message_send"), went)
    stored = one("SELECT count(*) FROM messaging_message WHERE direction = 'in'")
    sums["log: message_arrived"] = (one("SELECT count(*) FROM auditlog_entry WHERE action = 'message_arrived'"), stored)
    wrong = [f"{name}: {value}, not {right}" for name, (value, right) in sums.items() if value != right]
    aside = one("SELECT count(*) FROM messaging_inboxitem WHERE state IN ('quarantine', 'tray')") + one(
        "SELECT count(*) FROM messaging_outboxitem WHERE state IN ('dead', 'rejected', 'held')"
    )
    wrong += [f"{aside} were set aside"] * bool(aside) + partner.faults[:3] + [f"refused: {one}" for one in partner.refused[:3]]
    sent_twice = sum(times - 1 for times in partner.got.values())
    return {"stored": stored, "handed over twice": sent_twice, "sums": {name: value for name, (value, _) in sums.items()}, "wrong": wrong}


def report(outcome: dict[str, Any]) -> None:
    """One line of JSON; the process fails when something does not agree."""
    print(json.dumps(outcome, ensure_ascii=False), flush=True)
    if outcome["wrong"]:
        sys.exit(1)
