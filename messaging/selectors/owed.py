"""Which of the messages that a discharge owes have been sent."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from access.gate import Gate
from journal.models import Stay
from journal.services.discharge import EPIKRISE, REPORT
from lms_epj.core.folding import fold
from messaging.composing.kinds import KINDS
from messaging.models import Message
from messaging.services.compose import sending_category

_SLUGS = {EPIKRISE: "epikrise", REPORT: "utskrivningsrapport"}


def with_sent(gate: Gate, stay: Stay, owed: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each with ``sent_at`` from the message that paid it, and ``url`` to write it where the acting person may."""
    if not owed:
        return []
    types = {slug: KINDS[slug].document_type(KINDS[slug].categories[0]) for slug in _SLUGS.values()}
    left = list(
        Message.objects.filter(patient=stay.patient_id, stay=stay.pk, direction="out", document_type__in=types.values(), superseded="")
        .exclude(state__in=["held", "refused"])
        .defer("raw")
        .order_by("recorded_at")
    )
    found = []
    for one in owed:
        slug = _SLUGS.get(one["kind"], "")
        paid = _payment(left, types.get(slug, ""), one, alone=sum(other["kind"] == one["kind"] for other in owed) == 1)
        if paid:
            left.remove(paid)
        url = reverse("message_compose", args=[stay.patient_id, slug]) if slug and not paid and sending_category(gate, KINDS[slug]) else ""
        found.append(one | {"sent_at": paid.recorded_at if paid else None, "url": url})
    return found


def _payment(sent: list[Message], document_type: str, one: dict[str, Any], *, alone: bool) -> Message | None:
    """The message to the one it is owed to, by name; where only one of its kind is owed, any of that kind."""
    fitting = [each for each in sent if each.document_type_id == document_type]
    named = next((each for each in fitting if _names(each.receiver_name, one["to"])), None)
    return named or (fitting[0] if alone and fitting else None)


def _names(receiver: str, wanted: str) -> bool:
    words = [word for word in fold(wanted).split() if word not in ("fastlege", "lege", "legevakt")]
    return bool(words) and all(word in fold(receiver) for word in words)
