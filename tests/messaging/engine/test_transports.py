"""The transports: a file is whole or not there, and the national service is spoken to as it is described."""

import base64
import json
import os
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from messaging.transport import Dispatch, State, Transport, TransportFault
from messaging.transport.files import FORGOTTEN, FileDrop
from messaging.transport.rest import MessageService

LETTER = Dispatch("5f0c3c2e-6c0b-4c0e-9d6e-0c9a2a6f1b11", b"<a>\xc3\xb8</a>", "202", "102")


# --- Files ---


@pytest.fixture
def drop(tmp_path: Path) -> FileDrop:
    return FileDrop(tmp_path)


def test_a_sent_file_has_its_name_last(drop, tmp_path):
    assert drop.send(LETTER).state is State.ACKNOWLEDGED
    (one,) = (tmp_path / "out").iterdir()
    assert one.suffix == ".xml" and one.read_bytes() == LETTER.raw
    drop.send(LETTER)
    assert len(list((tmp_path / "out").iterdir())) == 1, "sent again after a crash it is the same file"


def test_a_number_never_becomes_a_path(drop, tmp_path):
    drop.send(Dispatch("../../etc/x", b"x", "1", "2"))
    (one,) = (tmp_path / "out").iterdir()
    assert one.parent == tmp_path / "out" and ".." not in one.name


def test_what_cannot_be_written_is_tried_again(drop, tmp_path):
    (tmp_path / "out").rmdir()
    with pytest.raises(TransportFault) as fault:
        drop.send(LETTER)
    assert not fault.value.final


def test_files_are_taken_once_and_not_before_they_are_whole(drop, tmp_path):
    for name in ("a.xml", "b.xml", "c.xml.part", ".d.xml"):
        (tmp_path / "in" / name).write_bytes(name.encode())
    first = list(drop.fetch(10))
    assert [one.raw for one in first] == [b"a.xml", b"b.xml"]
    assert list(drop.fetch(10)) == [], "another worker gets none of them"
    for one in first:
        drop.confirm(one)
        drop.confirm(one)
    assert sorted(path.name for path in (tmp_path / "done").iterdir()) == ["a.xml", "b.xml"]


def test_what_a_dead_worker_took_is_offered_again_under_the_same_reference(drop, tmp_path):
    (tmp_path / "in" / "a.xml").write_bytes(b"x")
    (first,) = drop.fetch(10)
    past = time.time() - FORGOTTEN - 1
    os.utime(tmp_path / "working" / "a.xml", (past, past))
    (again,) = drop.fetch(10)
    assert again.ref == first.ref


def test_one_name_with_another_content_is_another_message(drop, tmp_path):
    (tmp_path / "in" / "a.xml").write_bytes(b"x")
    (first,) = drop.fetch(10)
    drop.confirm(first)
    (tmp_path / "in" / "a.xml").write_bytes(b"y")
    (second,) = drop.fetch(10)
    assert second.ref != first.ref


# --- The national message service, version 2 ---


class Service(BaseHTTPRequestHandler):
    """A small one: answers as described, and remembers what it was asked."""

    def _answer(self, method: str) -> None:
        server: Any = self.server
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        server.asked.append((method, self.path, dict(self.headers), body))
        status, told = server.answers.get((method, self.path.partition("?")[0]), (404, {"error": "no such thing", "requestId": "1"}))
        data = b"" if told is None else json.dumps(told).encode()
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def do_PUT(self) -> None:
        self._answer("PUT")

    def log_message(self, *arguments: Any) -> None:
        """Quiet."""


@pytest.fixture
def service() -> Iterator[Any]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    server.asked, server.answers = [], {}
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def rest(service: Any) -> MessageService:
    return MessageService(f"http://127.0.0.1:{service.server_port}", ["202"], "LMS EPJ", lambda method, address: "DPoP secret")


ID = "3d924740-9f7b-4c33-93af-ff72e118d1e6"


def test_a_message_is_handed_over_and_followed(service, rest):
    service.answers[("POST", "/Messages")] = (201, ID)
    delivery = rest.send(LETTER)
    assert (delivery.state, delivery.ref) == (State.UNCONFIRMED, ID)
    ((_, _, headers, body),) = service.asked
    assert base64.b64decode(body["businessDocument"]) == LETTER.raw
    assert (body["contentType"], body["contentTransferEncoding"]) == ("application/xml", "base64")
    assert {"api-version": "2", "nhn-source-system": "LMS EPJ", "authorization": "DPoP secret"}.items() <= {
        k.lower(): v for k, v in headers.items()
    }.items()
    told = [("Unconfirmed", State.UNCONFIRMED), ("Acknowledged", State.ACKNOWLEDGED), ("Rejected", State.REJECTED), ("Unheard", State.UNCONFIRMED)]
    for word, state in told:
        service.answers[("GET", f"/Messages/{ID}/status")] = (200, [{"receiverHerId": 102, "transportDeliveryState": word, "new": 1}])
        assert rest.ask(ID, "102").state is state


def test_a_receipt_is_told_as_a_receipt(service, rest):
    service.answers[("POST", f"/Messages/{ID}/apprec/202")] = (201, ID)
    errors = [{"code": "E36", "text": "Utilstrekkelig", "detail": "Navn mangler"}]
    rest.send(Dispatch("n", b"<AppRec/>", "202", "102", {"ref": ID, "recipient": "202", "state": "refused", "errors": errors}))
    assert service.asked[0][3] == {"appRecStatus": "Rejected", "appRecErrorList": [{"errorCode": "E36", "details": "Navn mangler"}]}


def test_what_waits_is_fetched_and_marked_as_read_when_it_is_stored(service, rest):
    service.answers[("GET", "/Messages")] = (200, [{"id": ID, "receiverHerId": 202, "unknown": True}])
    document = {"businessDocument": base64.b64encode(b"<a/>").decode(), "contentType": "application/xml", "contentTransferEncoding": "base64"}
    service.answers[("GET", f"/Messages/{ID}/business-document")] = (200, document)
    service.answers[("PUT", f"/Messages/{ID}/read/202")] = (204, None)
    (arrival,) = rest.fetch(10)
    assert (arrival.ref, arrival.raw) == (ID, b"<a/>") and not [one for one in service.asked if one[0] == "PUT"]
    rest.confirm(arrival)
    assert service.asked[-1][:2] == ("PUT", f"/Messages/{ID}/read/202")
    assert "ReceiverHerIds=202" in service.asked[0][1]


@pytest.mark.parametrize(
    ("status", "final"), [(400, True), (404, True), (302, True), (401, False), (403, False), (423, False), (429, False), (500, False)]
)
def test_a_refusal_for_good_is_told_from_one_for_now(service, rest, status, final):
    service.answers[("POST", "/Messages")] = (status, {"error": "why", "requestId": "1"})
    with pytest.raises(TransportFault) as fault:
        rest.send(LETTER)
    assert fault.value.final is final and str(status) in str(fault.value)
    assert len(service.asked) == 1, "it goes to no other address"


def test_a_service_that_is_gone_is_tried_again():
    gone: Transport = MessageService("http://127.0.0.1:9", ["202"], "LMS EPJ", lambda method, address: "x")
    with pytest.raises(TransportFault) as fault:
        gone.send(LETTER)
    assert not fault.value.final


def test_nothing_leaves_in_the_clear():
    with pytest.raises(ValueError):
        MessageService("http://example.org", ["202"], "LMS EPJ", lambda method, address: "x")
