"""Tells whoever is on call. The steps are the truth: one that is due is taken under a lease, sent, and written down, by whatever process comes first.

Run by a thread of every worker, whatever becomes of the broker, and by a task that beat and those who report wake.
"""

import json
import logging
import threading
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from access.gate import call, rows
from lms_epj.core.formatting import format_time
from ops.services.acting import DutyError, acting, must_name_nobody
from ops.services.messages import message_send
from ops.services.sending import by_every_address

log = logging.getLogger(__name__)
EVERY = 5.0  # seconds
STOP = threading.Event()


def incident_report(*, system: UUID, severity: str, title: str, detail: str) -> UUID:
    """Somebody says that a system does not work; whoever is on call is told at once."""
    if not title.strip():
        raise DutyError(_("Skriv kort hva som er galt."))
    must_name_nobody(title, detail)
    with acting():
        made = call("incident_report", system, severity, title[:200], detail[:2000])
    wake_at_commit()
    return made


def incident_act(*, incident: UUID, act: str, text: str = "") -> None:
    """acknowledge, note, close or review."""
    if act in ("note", "review") and not text.strip():
        raise DutyError(_("Skriv noe først."))
    must_name_nobody(text)
    with acting():
        if not call("incident_act", incident, act, text[:4000]):
            raise DutyError(_("En annen var først. Se hva som står i hendelsen nå."))


def due_send(most: int = 50) -> int:
    """Pages, and then words about shifts, one at a time: a slow gateway must not hold up an alarm. Returns how many were told."""
    told = pages_send()
    while told < most and message_send():
        told += 1 + pages_send()
    return told


def pages_send(most: int = 50) -> int:
    """Everything that is due. Returns how many steps were told."""
    told = 0
    while told < most and step_send():
        told += 1
    return told


def step_send() -> bool:
    """One step: claimed and committed, handed over, written down. A process that dies between leaves it to another, which says that it is a repetition."""
    with transaction.atomic():
        found = rows("step_claim")
    if not found:
        return False
    notices = []
    for row in found:
        notices += by_every_address(str(row["step"]), row["phone"], row["email"], *words(row))
    with transaction.atomic():
        call("step_told", found[0]["step"], found[0]["repeated"], json.dumps(notices))
    return True


def words(row: dict[str, Any]) -> tuple[str, str]:
    """(subject, text): what is wrong, since when, and where to acknowledge. No patient is ever in it."""
    link = settings.EPJ_PUBLIC_URL + reverse("duty_page", args=[row["step"], row["party"], row["proof"]])
    lead = _("GJENTATT: ") if row["repeated"] else ""
    nobody = _("Ingen har vakt nå. ") if row["nobody"] else ""
    subject = f"{lead}{row['system']}: {row['title']}"
    text = _("%(lead)s%(system)s: %(title)s (kl. %(clock)s, varsel %(number)s). %(nobody)sKvitter: %(link)s") % {
        "lead": lead, "system": row["system"], "title": row["title"], "clock": format_time(row["opened_at"]), "number": row["number"], "nobody": nobody, "link": link,
    }  # fmt: skip
    return subject, text


def wake_at_commit() -> None:
    """The workers are called when the transaction is done. A call that is lost is made up for within EVERY seconds."""
    if settings.REDIS_URL:
        transaction.on_commit(lambda: threading.Thread(target=_wake, name="wake-pages", daemon=True).start(), robust=True)


def _wake() -> None:
    from ops.tasks import send_pages

    try:
        send_pages.apply_async(expires=30, retry=False)
    except Exception as error:
        log.warning("the workers could not be woken (%s); they find the step by themselves", type(error).__name__)


def keep(stop: threading.Event) -> None:
    """Rounds until told to stop, without a broker. Returns at once."""
    threading.Thread(target=rounds, args=(stop,), name="pages", daemon=True).start()


def rounds(stop: threading.Event) -> None:
    """What is due, every EVERY seconds, whatever becomes of a round."""
    while not stop.wait(EVERY):
        try:
            due_send()
        except DatabaseError:
            log.warning("the pages could not be looked after")
            connection.close()
        except Exception:
            log.exception("the pages could not be looked after")
    connection.close()
