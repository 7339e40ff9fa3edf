"""Tells people what became of shifts: who is asked, who has answered, who was put in or relieved. The rows are the truth; any worker takes them."""

import json
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.gate import call, rows
from ops.services.sending import by_every_address
from ops.words import span_words

SAID = {
    "asked": gettext_noop("%(lead)s%(roster)s: %(by)s spør om du kan ta vakten %(when)s. Svar: %(link)s"),
    "put_in": gettext_noop("%(lead)s%(roster)s: %(by)s har satt deg på vakt %(when)s. Se: %(link)s"),
    "taken_over": gettext_noop("%(lead)s%(roster)s: Du har ikke lenger vakten %(when)s. %(by)s endret den. Se: %(link)s"),
}
ANSWERS = {
    "accepted": gettext_noop("%(lead)s%(roster)s: %(by)s sa ja. Byttet av vakten %(when)s er gjort. Se: %(link)s"),
    "declined": gettext_noop("%(lead)s%(roster)s: %(by)s sa nei til vakten %(when)s. Den er uendret. Se: %(link)s"),
}


def message_send() -> bool:
    """One that waits: claimed and committed, handed over, written down, as a step of an incident is. False when none waits."""
    with transaction.atomic():
        found = rows("duty_message_claim")
    if not found:
        return False
    row = found[0]
    subject, text = words(row)
    notices = by_every_address(str(row["message"]), row["phone"], row["email"], subject, text)
    with transaction.atomic():
        call("duty_message_sent", row["message"], row["repeated"], json.dumps(notices))
    return True


def words(row: dict[str, Any]) -> tuple[str, str]:
    """(subject, text)"""
    said = SAID.get(row["kind"]) or ANSWERS.get(row["answer"]) or ANSWERS["declined"]
    page = "duty_swaps" if row["kind"] in ("asked", "answered") else "duty_mine"
    roster = f"{row['roster']}, {row['level']}" if row["level"] else row["roster"]
    text = _(said) % {
        "lead": _("GJENTATT: ") if row["repeated"] else "", "roster": roster, "by": row["actor"], "when": span_words(row["begins"], row["ends"]),
        "link": settings.EPJ_PUBLIC_URL + reverse(page),
    }  # fmt: skip
    return _("Vakt: %(roster)s") % {"roster": roster}, text + (f" «{row['note']}»" if row["note"] else "")
