"""Emergency access under way, for the red strip of the patient's pages. Asks nothing: the facts of the request have it."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.domain.codes import Category
from access.gate import Gate

WORDS = {int(Category.CRITICAL): gettext_noop("CAVE og kritisk info"), int(Category.MEDICATION): gettext_noop("legemidler")}


def active(gate: Gate, patient: Any) -> dict[str, Any] | None:
    """{until, scope, end_url, patient_id, actor_id} for templates/epj/emergency_strip.html, or None when none of one's own runs now."""
    if gate.known is None:
        return None
    running = [m for m in gate.known.measures if m.template.code == "EMERGENCY" and m.ends_at and m.starts_at <= gate.now < m.ends_at]
    if not running:
        return None
    return {
        "until": max(m.ends_at for m in running if m.ends_at),
        "scope": ", ".join(dict.fromkeys(_scope(m) for m in running)),
        "end_url": reverse("emergency_end", args=[patient]),
        "patient_id": patient,
        "actor_id": gate.user_id,
    }


def _scope(measure: Any) -> str:
    if measure.scope_categories is not None:
        return ", ".join(_(WORDS[category]) for category in sorted(measure.scope_categories) if category in WORDS)
    return _("siste 30 dager") if measure.scope_since else _("hele journalen")
