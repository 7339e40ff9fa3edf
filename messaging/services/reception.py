"""A patient whom the hospital says is ready to leave it is taken in by the ward, or not; the hospital is told which (R7)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from access.domain.codes import Action, Category
from access.gate import Gate, call
from access.models import OrgUnit
from journal.models import Bed, Stay
from journal.services.checks import refuse, require_text
from journal.services.stays import stay_expect
from messaging.composing.kinds import FALLBACK
from messaging.models import Message
from messaging.selectors.parties import parties_in_use
from messaging.services.compose import Draft, letter_compose, letter_send
from messaging.services.handling import message_acknowledge

READY, NOT_READY = "LOG_UTSKRIVNINGSKLAR", "LOG_AVMELDING"
_ANSWER = "7"  # 7322: feedback on receiving a patient who is ready for discharge


def may_answer(gate: Gate, message: Message) -> bool:
    """Whether the acting person may say if the ward takes the patient in."""
    return (
        message.type == READY
        and message.direction == Message.Direction.IN
        and not message.superseded
        and gate.unit["kind"] == OrgUnit.Kind.OBSERVATION_WARD
        and gate.may(Action.WRITE, Category.LOGISTICS)
        and gate.may(Action.SEND, None)
    )


def expected_here(gate: Gate, message: Message) -> Stay | None:
    """The stay that is expected here of one whom the hospital has said will not come after all."""
    if message.type != NOT_READY or message.direction != Message.Direction.IN or message.superseded:
        return None
    return Stay.objects.filter(patient=message.patient_id, ward=gate.unit_id, status=Stay.Status.EXPECTED).first()


def reception_accept(*, gate: Gate, message: Message, answer: str, cause: str, expected_at: datetime | None, bed: Bed | None) -> UUID:
    """The patient is expected in the ward, and the sender is told. All of it or nothing. Returns the answer's id."""
    with transaction.atomic():
        _begin(message)
        stay_expect(gate=gate, patient=message.patient_id, cause=cause, expected_at=expected_at, referrer=message.sender_name, bed=bed)
        sent = _tell(gate, message, answer)
        message_acknowledge(gate=gate, message=message, remark="Tatt imot")
    return sent


def reception_decline(*, gate: Gate, message: Message, answer: str) -> UUID:
    """The sender is told why not, and what the notification opened to the ward is closed. Returns the answer's id."""
    with transaction.atomic():
        _begin(message)
        sent = _tell(gate, message, answer)
        call("reception_declined", message.pk)
        message_acknowledge(gate=gate, message=message, remark="Ikke tatt imot")
    return sent


def _begin(message: Message) -> None:
    """Two who answer at once do so one after the other, and the second is told."""
    if not call("reception_begin", message.pk):
        raise refuse("answered", _("Noen på posten har vurdert eller besvart meldingen. Se den på nytt før du gjør noe mer."))


def _tell(gate: Gate, message: Message, text: str) -> UUID:
    text = require_text(text, "answer", _("Skriv svaret som avsenderen får."))
    sender = parties_in_use(gate.now).filter(her_id=message.sender_her).first()
    if sender is None:
        raise refuse("no_sender", _("Avsenderen står ikke i adresseregisteret. Ring dem. Ingenting er sendt eller lagret."))
    theme = next(one for one in FALLBACK.options if one.value == _ANSWER)
    draft = Draft(FALLBACK, sender, {"text": text}, theme, answers=message)
    return letter_send(gate=gate, patient=message.patient_id, letter=letter_compose(gate=gate, patient=message.patient_id, draft=draft))
