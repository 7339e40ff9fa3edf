"""Whether a shift would leave somebody too little rest: asked before it is taken, given or saved (R56)."""

from datetime import datetime

from ops.domain.resolver import joined
from ops.domain.review import REST, short_rests
from ops.domain.rules import Segment
from ops.models import Party, Shift
from ops.words import hours_words


def rest_warning(party: Party, begins: datetime, ends: datetime) -> str:
    """How long the shortest rest beside the shift would be, «8 timer», or '' where it is long enough. For persons only: a firm's telephone does not sleep."""
    if party.user_id is None:
        return ""
    near = Shift.objects.filter(party=party, span__overlap=(begins - REST, ends + REST)).values_list("span", flat=True)
    lines = [[Segment(span.lower, span.upper, party.id)] for span in near] + [joined([Segment(begins, ends, party.id)])]
    spans = [span for _party, span in short_rests(lines) if span.ends == begins or span.begins == ends]
    shortest = min(spans, key=lambda span: span.hours, default=None)
    return hours_words(shortest.begins, shortest.ends) if shortest and shortest.hours > 0 else ""
