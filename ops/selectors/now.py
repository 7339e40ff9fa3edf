"""Who answers now, also where nobody is logged in: on the log-in page and on every page that tells of a fault."""

import json
import logging
import threading
import time
from datetime import datetime
from typing import Any

from django.db import DatabaseError, connection, transaction

log = logging.getLogger(__name__)
FRESH = 20.0  # seconds


class Known:
    """The last answer. A page that tells that the database is gone still has the number to call."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rows: list[dict[str, Any]] = []
        self._asked = float("-inf")

    def rows(self) -> list[dict[str, Any]]:
        with self._lock:
            if time.monotonic() - self._asked > FRESH:
                self._asked = time.monotonic()
                self._rows = asked() or self._rows
            return self._rows

    def forget(self) -> None:
        """After a change made here; other processes find it within FRESH."""
        self._asked = float("-inf")


KNOWN = Known()


def asked() -> list[dict[str, Any]] | None:
    """[{code, name, icon, roster, phone, party?, of?, until?}] from the database; None when it cannot answer."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT gate.duty_now()")
            found = json.loads(cursor.fetchone()[0])
    except DatabaseError:
        log.warning("who is on call could not be asked for")
        return None
    return [row | {"until": row["until"] and datetime.fromisoformat(row["until"])} for row in found]


def duty_now() -> list[dict[str, Any]]:
    """As asked() gives it, at most FRESH seconds old."""
    return KNOWN.rows()


def duty_addresses(system: str) -> list[str]:
    """«sms:…» and «mailto:…» of who answers for a system now; see lms_epj.core.on_call."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate.duty_addresses(%s)", [system])
        return cursor.fetchone()[0]
