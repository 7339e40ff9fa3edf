"""Messages for the pages that show them: three in Anna's record, one that nobody knows whose is, one that was set aside, and a day's report."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection

from messaging.models import DailyReport, InboxItem, Message, Receipt
from messaging.simulator.letters import LETTERS, Occasion
from tests.cast import build_cast
from tests.messaging.engine.letters import FROM, TO_WARD, about, letter

REPORTED = "2026-01-05"


def lay_messages() -> dict[str, UUID]:
    """route → the message that its address names. As owner."""
    cast, now = build_cast(), datetime.now(UTC)
    entry = {
        "patient_id": cast.anna.id, "category_id": 7, "document_type_id": "msg_dialogue", "legal_entity_id": cast.entities["lms"],
        "author_id": cast["lms.sykepleier"].id, "event_at": now, "recorded_at": now,
    }  # fmt: skip
    filed = _message("filed", unit_id=cast.units["ward"], **entry)
    Receipt.objects.create(message=filed, recipient_her="202", state="ok", due_at=now + timedelta(hours=90), given_at=now)
    ready, epikrise = (_message("filed", kind, unit_id=cast.units["ward"], **entry) for kind in ("LOG_UTSKRIVNINGSKLAR", "EPIKRISE"))
    unsure, aside = _message("tray", unit_id=cast.units["ward"]), _message("quarantine", reason="Meldingens nummer er brukt før.")
    InboxItem.objects.create(
        message=unsure, state="tray", due_at=now, tray_reason="Nummeret tilhører en annen.", answer_due_at=now + timedelta(hours=90)
    )
    InboxItem.objects.create(message=aside, state="quarantine", due_at=now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate.report_rows(%s, %s)", [now - timedelta(days=1), now + timedelta(minutes=1)])
        DailyReport.objects.create(day=REPORTED, made_at=now, rows=json.loads(cursor.fetchone()[0]))
    return {
        "patient_message": filed.pk, "patient_message_mend": filed.pk, "reception_accept": ready.pk, "reception_decline": ready.pk,
        "message_carry": epikrise.pk, "message_tray_item": unsure.pk, "message_aside": aside.pk,
    }  # fmt: skip


def _message(state: str, kind: str = "DIALOG_HELSEFAGLIG", **values: Any) -> Message:
    patient, now = about(build_cast().anna), datetime.now(UTC)
    raw = LETTERS[kind](Occasion(FROM, TO_WARD, patient, now)) if kind in LETTERS else letter(patient)
    return Message.objects.create(
        direction="in", state=state, type=kind, standard="Dialogmelding", version="1.1", title="Helsefaglig dialog", msg_id=str(uuid4()),
        sender_her="102", sender_name="Enebakk kommune, Sykepleietjenesten", receiver_her="202", receiver_name="Follo LMS, Døgnenheten", raw=raw,
        sha256=b"", transport="double", transport_ref=str(uuid4()), generated_at=now, received_at=now, **values,
    )  # fmt: skip
