"""The partners' control: a page for people, JSON for programs. On the loopback address, and only from there.

GET  /status                     what each partner does, waits with and has seen
POST /partners/<code>/conduct    {delay, answer_delay, refuse, lose, duplicate, garble, deaf, hold}
POST /partners/<code>/send       {kind, patient, to, text, times}: about Per, results and epikriser about Kari, when nobody is named
POST /partners/<code>/answer     {}
"""

import json
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from messaging.simulator.run import Simulator

HOST = "127.0.0.1"
LARGEST = 100_000
PAGE = Path(__file__).with_name("page.html")


def server(simulator: Simulator, port: int) -> ThreadingHTTPServer:
    """Not yet serving. Port 0 takes a free one."""

    class Handler(Control):
        play = simulator

    return ThreadingHTTPServer((HOST, port), Handler)


class Control(BaseHTTPRequestHandler):
    play: Simulator

    def do_GET(self) -> None:
        if not self._local():
            return
        if self.path == "/":
            self._answer(HTTPStatus.OK, PAGE.read_bytes(), "text/html; charset=utf-8")
        elif self.path == "/status":
            self._json(HTTPStatus.OK, self.play.status())
        else:
            self._json(HTTPStatus.NOT_FOUND, {"error": "no such page"})

    def do_POST(self) -> None:
        """JSON only: a form on another site cannot send that without asking first."""
        parts = self.path.strip("/").split("/")
        acts = {"conduct": self.play.conduct, "send": self.play.send, "answer": self.play.answer}
        if not self._local():
            return
        if len(parts) != 3 or parts[0] != "partners" or parts[2] not in acts:
            self._json(HTTPStatus.NOT_FOUND, {"error": "no such act"})
            return
        if self.headers.get_content_type() != "application/json":
            self._json(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, {"error": "application/json is needed"})
            return
        try:
            told = json.loads(self.rfile.read(min(int(self.headers.get("Content-Length", 0)), LARGEST)) or b"{}")
            self._json(HTTPStatus.OK, acts[parts[2]](parts[1], told))
        except KeyError as error:
            self._json(HTTPStatus.NOT_FOUND, {"error": f"unknown: {error.args[0]}"})
        except ValueError as error:
            self._json(HTTPStatus.BAD_REQUEST, {"error": str(error)})

    def _local(self) -> bool:
        """Whether the page asked for is this one: a name that was pointed here by somebody else is refused."""
        host = (self.headers.get("Host") or "").rpartition(":")[0]
        if host in (HOST, "localhost"):
            return True
        self._json(HTTPStatus.FORBIDDEN, {"error": "only on this machine"})
        return False

    def _json(self, status: HTTPStatus, told: Any) -> None:
        self._answer(status, json.dumps(told, ensure_ascii=False).encode(), "application/json")

    def _answer(self, status: HTTPStatus, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the page asks every few seconds."""
