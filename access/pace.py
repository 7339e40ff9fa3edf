"""How fast one session may ask: far above what a person does, far below what a program that leafs through records does (ASVS 2.4.1).

Counted in each web process by itself, so a session may reach the limit times the number of processes. That needs no store that could be away,
and costs nothing worth measuring. What was asked within the limit stands in the log, where the statistics look for many patients in short time.
"""

from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock
from time import monotonic

KEPT = 20_000  # sessions remembered; the one that has been quiet longest is forgotten first


@dataclass
class _Allowance:
    left: float
    at: float
    refused: bool = False


class Pace:
    """A bucket per session, filled evenly. Safe for threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._sessions: OrderedDict[bytes, _Allowance] = OrderedDict()

    def take(self, secret: str, per_minute: int, at: float | None = None) -> tuple[bool, bool]:
        """(may go on, is the first refusal since it last might): one request of a session, ``at`` seconds on a steady clock."""
        if not secret or per_minute <= 0:
            return True, False
        at = monotonic() if at is None else at
        key = sha256(secret.encode()).digest()
        with self._lock:
            mine = self._sessions.pop(key, None) or _Allowance(float(per_minute), at)
            self._sessions[key] = mine
            while len(self._sessions) > KEPT:
                self._sessions.popitem(last=False)
            mine.left = min(float(per_minute), mine.left + (at - mine.at) * per_minute / 60)
            mine.at = at
            if mine.left >= 1:
                mine.left, mine.refused = mine.left - 1, False
                return True, False
            first, mine.refused = not mine.refused, True
            return False, first


pace = Pace()
