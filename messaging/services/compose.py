"""A message from the record: put together, shown as it will be, sent. What is blocked for the receiver does not go, and the sender is told."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from access.domain.codes import Action, Category
from access.gate import Gate, call
from journal.models import Task
from journal.services.checks import refuse
from journal.services.tasks import task_done
from messaging.composing.contents import Incomplete, Written, content_of, dialogue_of, in_words, with_reader
from messaging.composing.heads import READERS, message_of
from messaging.composing.kinds import FALLBACK, Kind
from messaging.composing.pieces import Material, Piece
from messaging.composing.versions import CANCELLED_TOO, CHANGED_TOO, as_change, thread
from messaging.formats.model.message import Content, Conversation
from messaging.formats.model.message import Message as Composed
from messaging.formats.model.parties import Professional
from messaging.formats.model.values import Code
from messaging.formats.read import read
from messaging.formats.showing.blocks import Block, Facts, Section, Table, Text
from messaging.formats.showing.document import as_document
from messaging.models import CommunicationParty, Message
from messaging.selectors.parties import our_address, takes
from messaging.selectors.record import material_of, withheld_from
from messaging.services.authors import author_of
from messaging.services.outbox import ORDINARY, URGENT, message_send
from messaging.services.versions import message_cancel

OWED = "owed_message"
_HURRIED = ("DIALOG_FORESPORSEL", "LOG_UTSKREVET", "LOG_UTSKRIVNINGSKLAR", "LOG_AVMELDING", "LOG_INNLAGT")
_ENQUIRY = Code("6", "Henvendelse om pasient", "2.16.578.1.12.4.1.1.7322")


@dataclass(frozen=True)
class Draft:
    """What the sender wrote and chose. ``left_out``: pieces they took away themselves. ``answers``: the message that is answered, ``changes``: the one
    of ours that this takes the place of."""

    kind: Kind
    receiver: CommunicationParty
    texts: Mapping[str, str] = field(default_factory=dict)
    choice: Code | None = None
    at: datetime | None = None
    left_out: frozenset[UUID] = frozenset()
    phone: str = ""
    answers: Message | None = None
    changes: Message | None = None
    stay: UUID | None = None


@dataclass(frozen=True)
class Letter:
    """A message ready to go. ``withheld``: what does not go because the patient has blocked it for the receiver."""

    message: Composed
    kind: Kind
    category: Category
    material: Material
    withheld: tuple[Piece, ...]
    origin: UUID | None
    event_at: datetime
    in_words: bool = False
    changes: Message | None = None

    @property
    def sections(self) -> list[Section]:
        """As the receiver will read it, without the envelope's numbers and times."""
        return [one for one in as_document(self.message) if one.title not in ("Melding", "Pasient")]

    @property
    def digest(self) -> str:
        """What is looked over is what is sent: the same as long as the content is."""
        told = replace(self.message.content, issued=None, document_id="", stop=None)
        ends = (self.message.header.type, self.message.header.receiver)
        lines = repr((ends, [replace(one, document_id="") for one in told.questions], replace(told, questions=(), events=())))
        return hashlib.sha256(lines.encode()).hexdigest()[:32]


def sending_category(gate: Gate, kind: Kind) -> Category | None:
    """Where this sender files it; None when they may not send it."""
    if kind.units and gate.unit["kind"] not in kind.units:
        return None
    return next((one for one in kind.categories if gate.may(Action.SEND, one)), None)


def letter_compose(*, gate: Gate, patient: UUID, draft: Draft) -> Letter:
    """Puts a message together. Writes nothing. Raises JournalError with what is missing or stops it."""
    category = sending_category(gate, draft.kind)
    sender = our_address(gate.unit_id, gate.now)
    if category is None:
        raise refuse("not_yours", _("Denne meldingen sendes ikke fra rollen du har nå."))
    if sender is None:
        raise refuse("no_address", _("Enheten har ingen adresse i adresseregisteret. Meld fra til den som svarer for meldingene."))
    if draft.kind.type != "DIALOG_AVVIK":
        require_exchange(patient)
    material = material_of(patient, draft.stay)
    if draft.kind.needs_course and (material.course is None or material.course.admitted_at is None):
        raise refuse("no_stay", _("Pasienten har ikke vært innlagt her. Meldingen gjelder et opphold."))
    hidden = withheld_from(gate, patient, draft.receiver.her_id, material)
    withheld = tuple(one for one in material.pieces if one.id in hidden and one.part in (*draft.kind.parts, "note"))
    going = material.without(hidden | draft.left_out)
    author = author_of(gate, draft.phone)
    answered = read(bytes(draft.answers.raw)).message if draft.answers else None
    written = Written(draft.texts, draft.choice, draft.at, answered.content.questions if answered else ())
    try:
        content = content_of(draft.kind, going, written, author, gate.now)
    except Incomplete as error:
        raise refuse("incomplete", str(error), error.field) from error
    if draft.changes and draft.changes.type in CHANGED_TOO:
        content = as_change(content, read(bytes(draft.changes.raw)).message)
    ends = {"sender": sender, "receiver": draft.receiver, "subject": going.subject, "now": gate.now, "conversation": _conversation(draft)}
    told = (
        with_reader(content, READERS.get(_service(draft.receiver)))
        if draft.kind.type == FALLBACK.type and not (draft.answers or draft.changes)
        else content
    )
    message = message_of(draft.kind.type, told, **ends)
    spoken = not takes(draft.receiver, draft.kind.type)
    if spoken:
        message = message_of(FALLBACK.type, _spoken(message, draft, author, gate.now), **ends)
    about_stay = draft.stay or (
        material.course.id if material.course and (draft.kind.needs_course or material.course.discharged_at is None) else None
    )
    return Letter(
        message, draft.kind, category, replace(going, course=replace(material.course, id=about_stay) if material.course and about_stay else None),
        withheld, _origin(draft, going), draft.at or gate.now if draft.kind.event is None else gate.now, spoken,
        draft.changes,
    )  # fmt: skip


def letter_send(*, gate: Gate, patient: UUID, letter: Letter, key: UUID | None = None) -> UUID:
    """Queues it as it was shown, closes the task that it was owed by, and puts aside what it takes the place of.

    Where the standard has no changed version the old one is cancelled, and this is a new one. IntegrityError when ``key`` has been sent already.
    """
    changed = letter.changes
    with transaction.atomic():
        if changed and _is_cancelled_first(changed):
            message_cancel(gate=gate, message=changed, reason="Erstattet av en ny melding.")
        sent = message_send(
            gate=gate, message=letter.message, patient=patient, category=letter.category, document_type=letter.kind.document_type(letter.category),
            event_at=letter.event_at, stay=letter.material.course.id if letter.material.course else None, origin=letter.origin,
            priority=URGENT if letter.kind.type in _HURRIED else ORDINARY, key=key,
        )  # fmt: skip
        for task in owed_tasks(patient, letter.kind):
            if gate.unit_id in (task.for_unit_id, task.unit_id):
                task_done(gate=gate, task=task, lock_version=task.lock_version, outcome="Sendt")
        if changed and not _is_cancelled_first(changed):
            call("message_replaced", changed.pk, sent, "changed", "")
    return sent


def _is_cancelled_first(changed: Message) -> bool:
    return changed.type in CANCELLED_TOO - CHANGED_TOO


def owed_tasks(patient: UUID, kind: Kind) -> list[Task]:
    """The task that says that this is owed; the oldest, since one message pays one."""
    return list(Task.objects.filter(patient=patient, kind=OWED, title__contains=kind.title, done_at=None, cancelled_at=None).order_by("due_at")[:1])


def require_exchange(patient: UUID) -> None:
    if call("exchange_stopped", patient):
        raise refuse(
            "refused",
            _(
                "Pasienten har motsatt seg at opplysninger sendes i meldinger. Ingenting er sendt. Snakk med pasienten, eller gi beskjed på annen måte."
            ),
        )


def _conversation(draft: Draft) -> Conversation | None:
    before = draft.answers or (draft.changes if draft.changes and not _is_cancelled_first(draft.changes) else None)
    return thread(before.msg_id, before.conversation) if before else None


def _service(party: CommunicationParty) -> str:
    return "KA01" if party.kind == CommunicationParty.Kind.PERSON else party.service_type


def _origin(draft: Draft, material: Material) -> UUID | None:
    """The note that the message is taken from: a block on it later holds the message back too."""
    for one in draft.kind.fields:
        text, note = material.text(one.sources)
        if note and text and draft.texts.get(one.key, "").strip() == text:
            return note
    return None


def _spoken(message: Composed, draft: Draft, author: Professional, now: datetime) -> Content:
    """For a receiver that does not take the type: the same in words, as a professional dialogue."""
    sections = [one for one in as_document(message) if not one.detail and one.title not in ("Melding", "Pasient")]
    text = in_words(draft.kind.title, ((one.title, "\n".join(_lines(one.blocks))) for one in sections))
    content = dialogue_of(_ENQUIRY, text, author, now)
    return with_reader(content, READERS.get(_service(draft.receiver)))


def _lines(blocks: Iterable[Block]) -> Iterator[str]:
    for one in blocks:
        if isinstance(one, Text):
            yield f"{one.label}: {one.text}" if one.label else one.text
        elif isinstance(one, Facts):
            yield from (f"{label}: {value}" for label, value in one.rows)
        elif isinstance(one, Table):
            yield from (", ".join(filter(None, row)) for row in one.rows)
        elif isinstance(one, Section):
            yield f"{one.title}:"
            yield from _lines(one.blocks)
