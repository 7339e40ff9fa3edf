"""What the worker does about prints: sets what was read. It opens sealed sheaves, never the record."""

import json
import logging
import time
import zlib
from typing import Any

from django.db import transaction

from access.gate import call, rows
from access.services.secrets import seal_bytes, unseal_bytes
from journal.services.prints import TEMPLATE
from lms_epj.core.pdf import typeset_apart

SLICE_SECONDS = 60  # then another print may come in between; the rest goes on in the next run
logger = logging.getLogger("journal.prints")


def print_work(seconds: float = SLICE_SECONDS) -> str | None:
    """Works on the oldest print that waits, sheaf by sheaf. Returns its id, or None when none waits.

    A sheaf that is made stays made: after a worker's death another goes on from there when the lease is over. A fault stops the print, and its maker
    may try again.
    """
    with transaction.atomic():
        job = call("print_take")
    if job is None:
        return None
    try:
        state = _make(job, time.monotonic() + seconds)
    except Exception as error:
        logger.error("print %s stopped: %s", job, type(error).__name__)  # the error's own words could be the record's
        state = "failed"
    with transaction.atomic():
        call("print_end", job, state)
    return str(job)


def _make(job: Any, deadline: float) -> str:
    while True:
        with transaction.atomic():
            found = rows("print_next", job)
        if not found:
            return "done"
        file = seal_bytes(typeset_apart(TEMPLATE, _sheets(**found[0])))
        with transaction.atomic():
            if not call("print_made", job, found[0]["number"], file):
                return "done"  # taken back meanwhile: there is nothing to end
        if time.monotonic() > deadline:
            return "waiting"


def _sheets(number: int, total: int, spool: bytes) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(zlib.decompress(unseal_bytes(spool)))
    if total > 1:
        data["part"] = f"Del {number} av {total}"
        data["closing"] = data["closing"] if number == total else f"Fortsetter i del {number + 1}."
    return data
