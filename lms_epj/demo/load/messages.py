"""A day and a half of the ward's post, made by the engine itself: what came, what went, who answered for it, what is refused and what waits.

After everything else is committed, since the engine and the people it is for act through the gate and not as owner. Their clock is set back meanwhile.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from django.db import connection, connections, transaction

from access.domain.codes import Action
from access.gate import Gate, Request, call, enter
from access.models import AccessAuthorisation, PatientIdentity, Session
from access.services.secrets import new_secret
from journal.models import Stay
from lms_epj.demo.load.letters import ADMISSION, DIALOGUES
from messaging.composing.kinds import KINDS
from messaging.formats.model.facts import Note
from messaging.formats.model.message import Content, Conversation
from messaging.formats.model.parties import Person
from messaging.formats.read import read
from messaging.formats.write import write
from messaging.models import CommunicationParty, Message
from messaging.services import handling
from messaging.services.alarms import reports_write
from messaging.services.compose import Draft, letter_compose, letter_send
from messaging.services.first import USERNAME
from messaging.services.inbox import inbox_work, messages_fetch
from messaging.services.outbox import outbox_work
from messaging.services.runtime import Engine
from messaging.simulator import records
from messaging.simulator.addresses import addresses
from messaging.simulator.laboratory import laboratory_report
from messaging.simulator.letters import ENQUIRY, LETTERS, NEW, Occasion, composed
from messaging.simulator.partner import Partner
from messaging.simulator.people import person
from messaging.transport.double import End, Network

WARD, NURSES, DOCTOR, HOSPITAL, LABORATORY = "8200011", "8100101", "8100201", "8100301", "8100302"
NURSE, PHYSICIAN = "lms.sykepleier", "lms.lege"
PARTNERS = {NURSES: "enebakk", DOCTOR: "fastlege"}


@dataclass
class Post:
    """Both ends of a network in memory, and those who write on the ward."""

    using: str
    now: datetime
    network: Network
    engine: Engine
    secrets: dict[str, str]

    def at(self, **before: float) -> datetime:
        """The moment that everything from here on happens: so long before now."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('epj.demo_back', %s, false)", [f"{timedelta(**before).total_seconds()} seconds"])
        return self.now - timedelta(**before)

    def work(self) -> None:
        messages_fetch(self.engine)
        inbox_work(self.engine)
        outbox_work(self.engine)

    def comes(self, raw: bytes) -> Message:
        self.network.carry(WARD, raw)
        self.work()
        return Message.objects.using(self.using).get(direction="in", msg_id=read(raw).message.header.message_id)

    def about(self, sender: str, patient: Person, at: datetime, thread: Conversation | None = None, text: str = "") -> Occasion:
        return Occasion(addresses()[sender].party, addresses()[WARD].party, patient, at, thread, text)

    @contextmanager
    def acting(self, user: str, patient: UUID, action: Action = Action.READ) -> Iterator[Gate]:
        """As in a request of that person, about that patient."""
        with (
            transaction.atomic(),
            enter(self.secrets[user], Request(action=action.name.lower(), route="demo"), patient=patient, action=action) as gate,
        ):
            yield gate

    def goes(self, patient: UUID, to: str, kind: str, text: str, option: int = 0) -> Message:
        """The nurse writes and sends."""
        receiver = CommunicationParty.objects.select_related("parent").get(her_id=to)
        with self.acting(NURSE, patient, Action.SEND) as gate:
            draft = Draft(KINDS[kind], receiver, {"text": text}, KINDS[kind].options[option])
            sent = letter_send(gate=gate, patient=patient, letter=letter_compose(gate=gate, patient=patient, draft=draft))
        self.work()
        return Message.objects.using(self.using).get(pk=sent)

    def answered(self, sent: Message, at: datetime, refuse: str = "") -> None:
        """The partner's receipt, as the simulated partner gives it."""
        partner = Partner(PARTNERS[sent.receiver_her], Random(1))
        partner.conduct = replace(partner.conduct, refuse=refuse, hold=True)
        for one in partner.take(bytes(sent.raw), sent.receiver_her, at.timestamp()):
            self.network.carry(WARD, one.raw)
        self.work()

    def read_by(self, user: str, message: Message) -> None:
        with self.acting(user, message.patient_id):
            call("message_seen", message.pk)

    def assessed_by(self, user: str, message: Message, remark: str) -> None:
        with self.acting(user, message.patient_id) as gate:
            call("message_seen", message.pk)
            handling.message_acknowledge(gate=gate, message=message, remark=remark)


def load_messages(using: str, now: datetime) -> None:
    """Writes the post of those in the beds. Nobody of the two stories is written about: theirs begin when they are told."""
    secrets = {name: _log_in(using, name, now) for name in (USERNAME, NURSE, PHYSICIAN)}
    network = Network(Random(1))
    engine = Engine(secrets[USERNAME], {"files": End(network, frozenset((WARD,)), "files")}, worker="demo")
    with _clock_set_back(using):
        _days_post(Post(using, now, network, engine, secrets))
    reports_write()
    Session.objects.using(using).filter(device_name="demo").update(ended_at=now)


def _days_post(post: Post) -> None:
    marit, marit_id = _known(post.using, "Marit", "Aas")
    thi, _ = _known(post.using, "Thi Lan", "Nguyen")
    solveig, solveig_id = _known(post.using, "Solveig", "Berg")
    bjorn, _ = _known(post.using, "Bjørn Arvid", "Olsen")

    _letter(post, HOSPITAL, replace(bjorn, given="Arne", family="Olsson"), "EPIKRISE", hours=30)
    post.at(hours=20, minutes=20)
    question = post.goes(marit_id, NURSES, "foresporsel", DIALOGUES["question"])
    post.answered(question, post.at(hours=20, minutes=19))
    at = post.at(hours=19, minutes=32)
    thread = Conversation(question.msg_id, question.conversation or question.msg_id)
    content = replace(ADMISSION, contacts=(records.admission(at).contacts[0],), status=NEW, is_answer=True)
    report = post.comes(write(composed("INNLEGGELSESRAPPORT", content, post.about(NURSES, marit, at, thread))))
    post.at(hours=19, minutes=10)
    post.assessed_by(NURSE, report, "Lest sammen med datteren. Syn og hørsel lagt inn i tiltaksplanen.")

    at = post.at(hours=5, minutes=15)
    talk = post.comes(_dialogue(post.about(NURSES, marit, at), DIALOGUES["talk"]))
    post.at(hours=4, minutes=50)
    post.assessed_by(NURSE, talk, "Ringt. Hjelpemidlene kommer med drosje.")
    post.answered(post.goes(marit_id, NURSES, "dialog", DIALOGUES["reply"]), post.at(hours=4, minutes=49))
    at = post.at(hours=3, minutes=5)
    samples = post.comes(laboratory_report(addresses()[LABORATORY].party, addresses()[WARD].party, solveig, at))
    post.at(hours=2, minutes=30)
    post.read_by(PHYSICIAN, samples)
    post.at(hours=2)
    post.answered(post.goes(solveig_id, DOCTOR, "dialog", DIALOGUES["weight"]), post.at(hours=1, minutes=59), refuse="E35")
    at = post.at(minutes=42)
    post.comes(_dialogue(post.about(DOCTOR, marit, at), DIALOGUES["doctor"]))
    at = post.at(minutes=24)
    post.comes(laboratory_report(addresses()[LABORATORY].party, addresses()[WARD].party, thi, at))
    post.at(minutes=12)
    post.goes(marit_id, NURSES, "foresporsel", DIALOGUES["plan"], option=2)


def _letter(post: Post, sender: str, patient: Person, kind: str, **before: float) -> Message:
    at = post.at(**before)
    return post.comes(LETTERS[kind](post.about(sender, patient, at)))


def _dialogue(about: Occasion, text: str) -> bytes:
    return write(composed("DIALOG_HELSEFAGLIG", Content(notes=(Note(theme=ENQUIRY, text=text),), contacts=records.dialogue_contacts()), about))


def _known(using: str, given: str, family: str) -> tuple[Person, UUID]:
    stays = Stay.objects.using(using).filter(status__in=("admitted", "discharge_ready")).select_related("patient")
    row = stays.get(patient__given_name=given, patient__family_name=family).patient
    number = PatientIdentity.objects.using(using).filter(patient=row, kind="FNR", valid_to=None).values_list("value", flat=True)[0]
    return person(given, family, row.birth_date, row.sex, number), row.pk


def _log_in(using: str, username: str, now: datetime) -> str:
    """A log-in of this person's that ends with the loading."""
    held = AccessAuthorisation.objects.using(using).filter(user__username=username, valid_to=None)[0]
    secret = new_secret()
    Session.objects.using(using).create(
        user_id=held.user_id, authorisation=held, secret_hash=hashlib.sha256(secret.encode()).digest(), device_hash=b"", device_name="demo",
        purpose="messaging" if username == USERNAME else "", second_factor=True, created_at=now - timedelta(days=3), last_seen_at=now,
        expires_at=now + timedelta(hours=1),
    )  # fmt: skip
    return secret


@contextmanager
def _clock_set_back(using: str) -> Iterator[None]:
    """The database's clock follows `epj.demo_back` of the connection, and is afterwards what it was."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('gate.clock()'::regprocedure)")
        as_it_was = cursor.fetchone()[0]
        set_back = "transaction_timestamp() - coalesce(nullif(current_setting('epj.demo_back', true), ''), '0')::interval"
        cursor.execute(f"CREATE OR REPLACE FUNCTION gate.clock() RETURNS timestamptz LANGUAGE sql STABLE AS $$ SELECT {set_back} $$")
        try:
            yield
        finally:
            cursor.execute(as_it_was)
