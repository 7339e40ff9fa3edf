"""What a leader does with drafts that their authors will never sign (3.7)."""

from uuid import UUID

from django.utils.translation import gettext as _

from access.gate import call
from journal.services.errors import Conflict, JournalError


def left_draft_settle(*, note: UUID, reason: str) -> str:
    """Makes the draft of one who left visible, unsigned, for a colleague to take over; an empty one, or one of a correction, is thrown away.

    Returns ``synlig`` or ``forkastet``. Raises JournalError when a reason lacks or the draft is gone. For leaders only; logged on the patient.
    """
    if not reason.strip():
        raise JournalError("reason", _("Skriv hvorfor. Begrunnelsen står i pasientens logg."))
    done = call("left_draft_settle", note, reason.strip())
    if done is None:
        raise Conflict(_("Kladden er allerede tatt hånd om."), None)
    return {"shown": "synlig", "thrown_away": "forkastet"}[done]
