"""The way out: queued by a person, handed to a transport by the engine, followed until the network and the recipient have answered."""

import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from access.domain.codes import Category
from access.gate import Gate, call, rows
from journal.services.checks import refuse
from lms_epj.core.ids import uuid7
from messaging.domain.retry import MOST_FAILURES, REST_AFTER, next_wait, rest
from messaging.formats.model.message import Message as Composed
from messaging.formats.write import Unwritable, write
from messaging.selectors.parties import parties_in_use
from messaging.services.inbox import BATCH, work_through
from messaging.services.intake import head_of
from messaging.services.runtime import LEASE_SECONDS, Engine
from messaging.transport import Delivery, Dispatch, State, TransportFault

ASK_AGAIN = 60.0  # seconds between questions to a transport that has not said that a message arrived
ORDINARY, URGENT = 5, 2


def message_send(
    *, gate: Gate, message: Composed, patient: UUID, category: Category, document_type: str, event_at: datetime, stay: UUID | None = None,
    origin: UUID | None = None, priority: int = ORDINARY, key: UUID | None = None,
) -> UUID:  # fmt: skip
    """Queues a message in the transaction of what it tells of. Goes to its receiver and each copy recipient, under the acting unit's address.

    ``key``: what the row is to be called; IntegrityError when there is one already. Raises JournalError when it cannot be written as its standard says; the database refuses what may not be sent from here.
    """
    try:
        raw = write(message)
    except Unwritable as error:
        raise refuse("unwritable", _("Meldingen kan ikke sendes slik den er: %(why)s") % {"why": error}) from error
    head = head_of(message)
    _require_in_use(message, gate.now)
    head["generated_at"] = head["generated_at"] or gate.now.isoformat()
    recipients = list(dict.fromkeys(one.her_id for one in (message.header.receiver, *message.header.copies) if one and one.her_id))
    values = head | {
        "message": str(key or uuid7()), "patient": str(patient), "category": int(category), "document_type": document_type, "event_at": event_at.isoformat(),
        "stay": str(stay) if stay else None, "origin": str(origin) if origin else None, "recipients": recipients, "priority": priority,
    }  # fmt: skip
    return call("message_compose", json.dumps(values), raw)


def _require_in_use(message: Composed, at: datetime) -> None:
    """The register may have changed since the receiver was chosen. The database refuses it too, without words for a person."""
    wanted = {one.her_id: one.shown for one in (message.header.receiver, *message.header.copies) if one and one.her_id}
    in_use = set(parties_in_use(at).filter(her_id__in=wanted).values_list("her_id", flat=True))
    gone = [name for her, name in wanted.items() if her not in in_use]
    if gone:
        raise refuse(
            "retired",
            _("%(who)s er ikke lenger i adresseregisteret. Ingenting er sendt. Velg en annen mottaker.") % {"who": ", ".join(gone)},
            "receiver",
        )


def outbox_work(engine: Engine, *, seconds: float = 20.0) -> int:
    """Sends what is due, receipts first. Returns how many were handed over."""

    def claim() -> list[UUID]:
        return call("outbox_claim", engine.secret, engine.worker, BATCH, LEASE_SECONDS)

    return work_through(engine, claim, item_send, "outbox_release", seconds)


def item_send(engine: Engine, item: UUID) -> bool:
    """Hands one message over. Between two transactions: what is sent cannot be rolled back, so it is logged and committed before it is sent.

    A worker that dies in between sends it again, under the same number, and the receiver drops it.
    """
    with transaction.atomic():
        found = rows("outbox_open", engine.secret, item, engine.worker)
    if not found:
        return False
    row = found[0]
    answers = json.loads(row["answers"]) if isinstance(row["answers"], str) else row["answers"] or {}
    dispatch = Dispatch(row["msg_id"], bytes(row["raw"]), row["sender_her"], row["recipient_her"], answers)
    try:
        transport = engine.transports.get(row["transport"])
        if transport is None:
            raise TransportFault(f"Transporten «{row['transport']}» er ikke satt opp.")
        delivery = transport.send(dispatch)
    except TransportFault as fault:
        outcome = "rejected" if fault.final else "retry"
        _tried(engine, item, outcome, Delivery(State.REJECTED, error=str(fault)), row["failures"] + 1, row["party_failures"] + 1)
        return False
    _tried(engine, item, delivery.state.value, delivery)
    return delivery.state is not State.REJECTED


def outbox_ask(engine: Engine) -> int:
    """Asks the transports what became of what they have not confirmed. Returns how many were settled."""
    with transaction.atomic():
        waiting: Sequence[dict[str, object]] = rows("outbox_unconfirmed", engine.secret, engine.worker, 100, ASK_AGAIN)
    settled = 0
    for one in waiting:
        transport = engine.transports.get(str(one["transport"]))
        if transport is None:
            continue
        try:
            delivery = transport.ask(str(one["ref"]), str(one["recipient"]))
        except TransportFault:
            continue  # asked again after the wait
        if delivery.state is not State.UNCONFIRMED:
            _tried(engine, one["item"], delivery.state.value, delivery)
            settled += 1
    return settled


def messages_sweep(engine: Engine) -> int:
    """Receipts that did not come in time. Returns how many."""
    with transaction.atomic():
        return call("messages_sweep", engine.secret)


def _tried(engine: Engine, item: object, outcome: str, delivery: Delivery, failures: int = 0, party_failures: int = 0) -> None:
    """Writes what a try came to. ``failures`` in a row, of this message and of its recipient: how long to wait before the next."""
    wait = next_wait(failures, engine.chance).total_seconds() if outcome == "retry" else ASK_AGAIN
    pause = rest(party_failures, engine.chance).total_seconds()
    with transaction.atomic():
        call("outbox_tried", engine.secret, item, engine.worker, outcome, delivery.ref, delivery.error, wait, MOST_FAILURES, REST_AFTER, pause)
