"""A nurse who writes messages through the web server while it is killed, and presses again when she got no answer and nothing was sent."""

import http.client
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from itertools import cycle
from urllib.parse import urlencode, urlsplit
from uuid import UUID

_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
_RECEIVER = re.compile(r'name="receiver".*?<option value="([0-9a-f-]{36})"', re.DOTALL)
BETWEEN = 1.0  # seconds


@dataclass
class Nurse(threading.Thread):
    """``sent_about(patient)``: how many messages stand in the record as sent about one of her patients. She alone sends about them."""

    address: str
    secret: str
    patients: list[UUID]
    sent_about: Callable[[UUID], int]
    acts: int = 0
    unanswered: int = 0

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self.done = threading.Event()

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        for patient in cycle(self.patients):
            if self.done.is_set():
                return
            before = self.sent_about(patient)
            while not self._written(patient):
                self.done.wait(BETWEEN)
                if self.sent_about(patient) > before:
                    break
            self.acts += 1
            self.done.wait(BETWEEN)

    def _written(self, patient: UUID) -> bool:
        """Form, look, send. False when the server did not say that it is sent."""
        path, text = f"/pasient/{patient}/meldinger/ny/dialog/", f"Fra skjemaet, nummer {self.acts}"
        try:
            form = self._ask("GET", path)[1]
            found = _RECEIVER.search(form)
            fields = {"receiver": unescape(found.group(1)) if found else "", "choice": "6", "text": text}
            look = self._ask("POST", path, dict(_HIDDEN.findall(form)) | fields | {"look": "1"})[1]
            return self._ask("POST", path, dict(_HIDDEN.findall(look)) | fields | {"send": "1"})[0] == 302
        except (OSError, http.client.HTTPException):
            self.unanswered += 1
            return False

    def _ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        return ask(self.address, self.secret, method, path, fields)


def ask(address: str, secret: str, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
    """Status and text of a page, over a connection of its own."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    try:
        headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/x-www-form-urlencoded"}
        connection.request(method, path, urlencode(fields) if fields else None, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")
    finally:
        connection.close()
