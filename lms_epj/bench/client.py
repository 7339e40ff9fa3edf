"""A browser for measuring: one connection that is kept, cookies, and a clock around the bytes."""

import http.client
import re
from dataclasses import dataclass
from http.cookies import SimpleCookie
from time import perf_counter
from urllib.parse import urlencode, urlsplit

DEVICE = "lms-epj-bench"


class UnexpectedAnswer(RuntimeError):
    """The server answered otherwise than the measured act would: its figure would mean nothing."""


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    ms: float
    location: str


class Browser:
    """One person at one PC. Not for several threads."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        return self._send("GET", path, "")

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        """A form; its token is the cookie's, as the pages' own scripts send it."""
        return self._send("POST", path, urlencode(fields))

    def log_in(self, username: str, password: str) -> Answer:
        """Raises UnexpectedAnswer when not let in."""
        self.get("/logg-inn/")
        answer = self.post("/logg-inn/", {"username": username, "password": password})
        if answer.status != 302:
            raise UnexpectedAnswer(f"log-in of {username}: {answer.status}")
        return answer

    def expect(self, answer: Answer, status: int = 200) -> Answer:
        if answer.status != status:
            words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))[:300]
            raise UnexpectedAnswer(f"{answer.status} instead of {status}: {words}")
        return answer

    def _send(self, method: str, path: str, body: str) -> Answer:
        headers = {"User-Agent": DEVICE, "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": self.cookies.get("csrftoken", "")}
        started = perf_counter()
        self.connection.request(method, path, body or None, headers)
        response = self.connection.getresponse()
        content = response.read()
        ms = (perf_counter() - started) * 1000
        for line in response.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return Answer(response.status, content.decode("utf-8", "replace"), ms, response.headers.get("Location", ""))
