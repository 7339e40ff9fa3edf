"""What messages add to the record's own pages: what waits to be assessed, and words in documents that came."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from access.gate import Gate
from journal.domain.searching import excerpt
from lms_epj.core.addresses import path_to
from messaging.formats.wire import mime
from messaging.formats.wire.parse import salvage
from messaging.models import Message, OutboxItem, Reading, Receipt

# The newest that came to a patient; each is read through for the words.
SEARCHED = 200
HITS = 8
MOST = 5


def waiting(gate: Gate, patient: UUID) -> list[dict[str, Any]]:
    """Documents and results that came to the unit and nobody there has assessed, and what it sent that did not get through."""
    handled = Reading.objects.filter(message=OuterRef("pk"), unit=gate.unit_id, acknowledged_at__isnull=False)
    refused = Receipt.objects.filter(message=OuterRef("pk"), state__in=[Receipt.State.REFUSED, Receipt.State.MISSING])
    stuck = OutboxItem.objects.filter(message=OuterRef("pk"), state__in=["dead", "rejected", "held"])
    unread = Q(direction=Message.Direction.IN, state=Message.State.FILED)
    failed = Q(direction=Message.Direction.OUT) & (Exists(refused) | Exists(stuck))
    found = Message.objects.filter(unread | failed, ~Exists(handled), patient=patient, unit=gate.unit_id, superseded="").defer("raw", "sha256")
    return [
        {"text": (_("Ikke vurdert: %(title)s") if one.direction == Message.Direction.IN else _("Ikke kommet fram: %(title)s")) % {"title": one.title or one.standard},
         "at": one.event_at, "url": path_to("patient_message", patient, one.pk), "state": "overdue" if one.direction == Message.Direction.OUT else "planned"}
        for one in found.order_by("-event_at")[:MOST]
    ]  # fmt: skip


def found(patient: UUID, stems: Sequence[str]) -> list[dict[str, Any]]:
    """Documents and results that came, with the words in them. Only those that are shown are loaded as rows, and so logged."""
    came = Message.objects.filter(patient=patient, direction=Message.Direction.IN, state=Message.State.FILED, superseded="").order_by(
        "-event_at", "-id"
    )
    texts = {}
    for key, title, sender, raw in came.values_list("pk", "title", "sender_name", "raw")[:SEARCHED].iterator(chunk_size=20):
        text = f"{title} {sender} {' '.join(words_in(bytes(raw)))}"
        if all(stem in text.lower() for stem in stems):
            texts[key] = text
        if len(texts) > HITS:
            break
    shown = Message.objects.filter(pk__in=list(texts)[:HITS]).defer("raw", "sha256").order_by("-event_at", "-id") if texts else []
    rows = [
        {"at": one.event_at, "title": one.title or one.standard, "pieces": excerpt(texts[one.pk], stems, before=40, after=160), "url": path_to("patient_message", patient, one.pk)}
        for one in shown
    ]  # fmt: skip
    return (
        [{"title": _("Mottatte dokumenter og svar"), "rows": rows, "more_url": path_to("patient_messages", patient) if len(texts) > HITS else ""}]
        if rows
        else []
    )


def words_in(raw: bytes) -> Iterator[str]:
    """The texts of a message, without its marks."""
    for part in mime.split(raw).xml if mime.is_mime(raw) else (raw,):
        root = salvage(part)
        if root is not None:
            yield from (text.strip() for text in root.itertext() if text.strip())
