"""What a person does with a message: answers for it, sends it again as it was, or mends it and sends it anew."""

from contextlib import suppress
from dataclasses import replace
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from access.domain.codes import Category
from access.gate import Gate, call
from access.models import PatientIdentity
from journal.models import Task
from journal.services.checks import refuse, require_text
from journal.services.errors import Conflict
from journal.services.tasks import task_done
from messaging.formats.model.message import Message as Composed
from messaging.formats.model.parties import Identifier, Organisation, Party, Person, Professional
from messaging.formats.model.values import Code, Moment
from messaging.formats.read import read
from messaging.models import CommunicationParty, Message
from messaging.services.outbox import message_send

HER = Code("HER", "HER-id", "2.16.578.1.12.4.1.1.9051")
NUMBER_KINDS = {"FNR": "Fødselsnummer", "DNR": "D-nummer", "FHN": "Felles hjelpenummer"}
PERSONS = "2.16.578.1.12.4.1.1.8116"


def message_acknowledge(*, gate: Gate, message: Message, remark: str = "") -> None:
    """The acting person has assessed it, or followed it up. The unit's task about it is done with that."""
    with transaction.atomic():
        call("message_acknowledge", message.pk, remark.strip(), None)
        for task in Task.objects.filter(patient=message.patient_id, origin_id=message.pk, for_unit=gate.unit_id, done_at=None, cancelled_at=None):
            with suppress(Conflict):  # somebody else closed it this very moment; both have answered for the message
                task_done(gate=gate, task=task, lock_version=task.lock_version, outcome=remark.strip() or "Vurdert")


def message_again(*, message: Message) -> None:
    """Hands over once more what the transport gave up, under the same number."""
    with transaction.atomic():
        if not call("message_again", message.pk):
            raise refuse("sent", _("Meldingen er sendt på nytt allerede."))


def message_mend(*, gate: Gate, message: Message, receiver: CommunicationParty | None, remark: str) -> UUID:
    """Sends what was refused anew: another number, today's date, the receiver chosen and the patient's numbers as they are now.

    ``receiver`` None keeps the one it had. The old one stays as it was, and says that it was sent again. Raises JournalError.
    """
    said = require_text(remark, "remark", _("Skriv hva du har rettet."))
    if message.direction != Message.Direction.OUT or message.unit_id != gate.unit_id or message.superseded or not message.raw:
        raise refuse("not_ours", _("Meldingen kan ikke sendes på nytt herfra."))
    old = read(bytes(message.raw)).message
    number = str(uuid4())
    header = replace(
        old.header, message_id=number, generated=Moment(gate.now.isoformat(timespec="seconds")), copies=(),
        receiver=party_of(receiver) if receiver else old.header.receiver, patient=numbered(old.header.patient, message.patient_id),
    )  # fmt: skip
    mended: Composed = replace(old, header=header, source=None)
    try:
        with transaction.atomic():
            sent = message_send(
                gate=gate, message=mended, patient=message.patient_id, category=Category(message.category_id), document_type=message.document_type_id,
                event_at=message.event_at, stay=message.stay_id, origin=message.origin_id,
            )  # fmt: skip
            call("message_acknowledge", message.pk, said, sent)
    except IntegrityError as error:
        raise refuse("sent", _("Meldingen er rettet og sendt på nytt allerede.")) from error
    return sent


def party_of(address: CommunicationParty) -> Party:
    """An address of the register as a message names it: legal entity, and in it the service or the person."""
    own = (Identifier(address.her_id, HER),)
    entity = address.parent
    if entity is None:
        return Party(Organisation(name=address.name, identifiers=own))
    inner = (
        {"professionals": (Professional(Person(name=address.name, identifiers=own)),)}
        if address.kind == CommunicationParty.Kind.PERSON
        else {"units": (Organisation(name=address.name, identifiers=own),)}
    )
    return Party(Organisation(name=entity.name, identifiers=(Identifier(entity.her_id, HER),), **inner))


def numbered(person: Person | None, patient: UUID) -> Person | None:
    """The patient with the numbers that count today: an old D-number is a common reason for a refusal."""
    if person is None:
        return None
    rows = PatientIdentity.objects.filter(patient=patient, valid_to=None, kind__in=NUMBER_KINDS)
    numbers = tuple(Identifier(row.value, Code(row.kind, NUMBER_KINDS[row.kind], PERSONS)) for row in rows)
    return replace(person, identifiers=numbers) if numbers else person
