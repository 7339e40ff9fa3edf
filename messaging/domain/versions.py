"""Changes and cancellations of one document, in whatever order they came (HISD 1154).

A change is the whole document anew; a cancellation withdraws all that was sent before it. Every version keeps its own number and
stays readable: only which one stands differs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

CHANGED, CANCELLED = "changed", "cancelled"
_RANK = {"N": 0, "A": 0, "M": 1, "C": 2}


@dataclass(frozen=True)
class Version:
    """One message of a thread. ``status``: N new, M change, C cancellation; anything else stands by itself."""

    id: UUID
    status: str
    generated_at: datetime


def standing(versions: Iterable[Version]) -> dict[UUID, tuple[UUID, str]]:
    """Which versions no longer stand: id → (the version that took its place, how). Of one document from one sender."""
    order = sorted(versions, key=lambda one: (one.generated_at, _RANK.get(one.status, 0), one.id))
    gone: dict[UUID, tuple[UUID, str]] = {}
    for place, one in enumerate(order):
        later = [other for other in order[place + 1 :] if other.status in ("M", "C")]
        cancelled = next((other for other in later if other.status == "C"), None)
        if cancelled:
            gone[one.id] = (cancelled.id, CANCELLED)
        elif later:
            gone[one.id] = (later[-1].id, CHANGED)
    return gone


def thread_of(*, conversation: str, document_id: str, msg_id: str) -> str:
    """What stays the same through a document's versions. A number that refers to itself begins a thread like any other."""
    return conversation or document_id or msg_id
