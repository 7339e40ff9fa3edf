"""What the engine needs of the classification: its role, and a document type for each kind of message."""

from collections.abc import Callable
from typing import Any

from messaging.composing.kinds import document_types
from messaging.domain.filing import OTHER, PLACES

ROLE = "message_service"
WATCHER = "message_watch"
PURPOSE = "messaging"
FIRST_ORDER = 200  # after what people write


def load_reference(rows: Callable[[str], Any]) -> None:
    """Existing rows keep what administrators made of them. The role has no right to any record: it decides the two measures a message opens."""
    rows("RoleTemplate").get_or_create(code=ROLE, defaults={
        "name": "Meldingstjeneste", "mark": "", "may_chart": False, "required_profession": "", "needs_cosign": False,
        "decides": ["NOTIFIED", "TASK"], "reviews_log": False, "administers_access": False, "is_custodian": False})  # fmt: skip
    rows("RoleTemplate").get_or_create(code=WATCHER, defaults={
        "name": "Meldingsansvarlig", "mark": "", "may_chart": False, "required_profession": "", "needs_cosign": False, "decides": [],
        "reviews_log": False, "administers_access": False, "is_custodian": False, "watches_messages": True})  # fmt: skip
    for order, place in enumerate((*PLACES.values(), OTHER), FIRST_ORDER):
        rows("DocumentType").get_or_create(code=place.document_type, defaults={
            "name": place.name, "category_id": int(place.category), "written_by": [], "sections": [], "order": order})  # fmt: skip
    for order, (code, name, category) in enumerate(document_types(), FIRST_ORDER + len(PLACES) + 1):
        rows("DocumentType").get_or_create(code=code, defaults={
            "name": name, "category_id": int(category), "written_by": [], "sections": [], "order": order})  # fmt: skip
