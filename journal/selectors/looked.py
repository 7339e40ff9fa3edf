"""What is new of one patient since this person had the record open the last time (the log knows when)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from access.gate import Gate, call
from journal.selectors import shift_report

SHIFT, NEVER = "vakt", timedelta(hours=24)


def last_look(patient: UUID) -> datetime | None:
    """The end of this person's last time with the record; None where there is none within thirty days."""
    return call("last_look", patient)


def since(gate: Gate, patient: UUID, wanted: str) -> tuple[datetime, str, bool]:
    """(from when, the choice it is, whether the record was open before): the last look, «vakt» for the end of one's last shift in the unit, or hours."""
    if wanted == SHIFT or (wanted.isdecimal() and int(wanted) in shift_report.HOURS):
        start, _chosen = shift_report.since(gate, "" if wanted == SHIFT else wanted)
        return start, wanted, True
    looked = last_look(patient)
    return looked or gate.now - NEVER, "", looked is not None


def choices(here: str, chosen: str) -> list[dict[str, Any]]:
    """The spans of time as chips."""
    spans = [
        ("", _("Siden du så sist")),
        (SHIFT, _("Siden forrige vakt")),
        *((str(n), _("Siste %(n)s timer") % {"n": n}) for n in shift_report.HOURS),
    ]
    return [{"label": label, "url": f"{here}?timer={code}" if code else here, "active": code == chosen} for code, label in spans]
