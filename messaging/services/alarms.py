"""Tells people of what is wrong with the exchange: to the meldingsansvarlig at once, on to on-call when nobody has acknowledged it.

The rows are the truth: an incident is told once to each address, whoever finds it. The round is run by the message workers beside their tasks (the
broker may be gone), and by a task of the other workers (the message workers may be).
"""

import json
import logging
import threading

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from access.gate import call, rows
from lms_epj.core.formatting import format_moment
from messaging.domain.alarms import addresses_of, notice
from messaging.transport.notices import CHANNELS, NoticeFault

log = logging.getLogger(__name__)
EVERY = 30.0  # seconds
WAITS = (30.0, 60.0, 300.0, 900.0)  # before the next try, the last one from then on
DAYS = 7  # so far back are reports made up for


def round_once() -> int:
    """Finds what is wrong, queues what is to be told, and tells it. Returns how many notices left."""
    receivers = {1: addresses_of(settings.EPJ_ALARM_TO), 2: addresses_of(settings.EPJ_ALARM_ON_CALL)}
    with transaction.atomic():
        for due in rows("alarms_round", json.dumps(settings.EPJ_ALARM_LIMITS), settings.EPJ_ALARM_ESCALATE_MINUTES):
            for one in receivers[due["step"]]:
                call("alarm_queue", due["incident"], due["step"], one.channel, one.place)
    told = 0
    while _tell_one():
        told += 1
    return told


def _tell_one() -> bool:
    """One notice: claimed, handed over, written down. A worker that dies between sends it again under the same key."""
    with transaction.atomic():
        found = rows("alarm_claim")
    if not found:
        return False
    row = found[0]
    subject, text = notice(row, row["since"], format_moment(row["since"]) if row["since"] else "")
    error, wait = "", 0.0
    try:
        CHANNELS[row["channel"]](str(row["notice"]), row["address"], subject, text)
    except NoticeFault as fault:
        error, wait = str(fault), WAITS[min(row["failures"], len(WAITS) - 1)]
        log.error("an alarm could not be told by %s: %s", row["channel"], fault)
    with transaction.atomic():
        call("alarm_told", row["notice"], error, wait)
    return True


def reports_write() -> int:
    """One row for each day that is over and has none. Returns how many were written."""
    with transaction.atomic():
        return call("reports_make", DAYS)


def keep(stop: threading.Event) -> None:
    """Rounds until it is told to stop, whatever becomes of the broker. Returns at once."""
    threading.Thread(target=_rounds, args=(stop,), name="alarms", daemon=True).start()


def _rounds(stop: threading.Event) -> None:
    while not stop.wait(EVERY):
        try:
            round_once()
        except DatabaseError:
            log.warning("the alarms could not be looked after")
            connection.close()
        except Exception:
            log.exception("the alarms could not be looked after")
    connection.close()
