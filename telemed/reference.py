"""What this app needs of the classification: the notes that are written of a session."""

from collections.abc import Callable
from typing import Any

from access.domain.codes import Category

SECTIONS = [
    {"key": "present", "label": "Til stede", "hint": "", "rows": 2, "required": False},
    {"key": "assessment", "label": "Vurdering", "hint": "", "rows": 4, "required": True},
    {"key": "agreed", "label": "Avtalt", "hint": "", "rows": 3, "required": True},
]
# code, name, category, roles that write it
DOCUMENT_TYPES = [
    ("video_medical", "Videokonsultasjon, lege", Category.MEDICAL, ["lms_doctor"]),
    ("video_nursing", "Videokonsultasjon, sykepleie", Category.NURSING, ["lms_nurse", "home_nurse", "health_worker"]),
    ("video_therapy", "Videokonsultasjon, terapi", Category.THERAPY, ["physiotherapist", "occupational_therapist"]),
]
FIRST_ORDER = 100


def load_reference(rows: Callable[[str], Any]) -> None:
    """Existing rows keep what administrators made of them."""
    for order, (code, name, category, writers) in enumerate(DOCUMENT_TYPES, FIRST_ORDER):
        rows("DocumentType").get_or_create(code=code, defaults={
            "name": name, "category_id": int(category), "written_by": writers, "sections": SECTIONS, "order": order})  # fmt: skip
