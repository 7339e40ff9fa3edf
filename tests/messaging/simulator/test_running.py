"""The partners at work on files and over HTTP, against our own file transport."""

import json
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from messaging.formats.read import read
from messaging.simulator.control import server
from messaging.simulator.partner import OHD
from messaging.simulator.run import Simulator
from messaging.transport import Dispatch
from messaging.transport.files import FileDrop
from tests.messaging.simulator.test_partners import ENEBAKK, NOW, question


@pytest.fixture
def play(tmp_path: Path) -> Simulator:
    return Simulator(tmp_path, seed=5)


@pytest.fixture
def ours(tmp_path: Path) -> FileDrop:
    return FileDrop(tmp_path)


def send(ours: FileDrop, raw: bytes, to: str = ENEBAKK) -> str:
    number = read(raw).message.header.message_id
    ours.send(Dispatch(number, raw, OHD, to))
    return number


def arrived(ours: FileDrop) -> list[Any]:
    got = list(ours.fetch(100))
    for one in got:
        ours.confirm(one)
    return [read(one.raw).message for one in got]


def test_a_message_that_is_sent_is_answered_when_it_is_due(play, ours):
    number = send(ours, question(ENEBAKK))
    play.conduct("enebakk", {"delay": 10, "answer_delay": 60})
    play.step(NOW)
    assert arrived(ours) == []
    play.step(NOW + 10)
    (receipt,) = arrived(ours)
    assert receipt.receipt.original_id == number
    play.step(NOW + 60)
    assert {one.header.type.value for one in arrived(ours)} == {"INNLEGGELSESRAPPORT", "DIALOG_SVAR"}


def test_a_second_copy_is_dropped_also_by_one_that_was_started_anew(play, ours, tmp_path):
    raw = question(ENEBAKK)
    send(ours, raw)
    play.step(NOW)
    play.step(NOW + 5)
    assert len(arrived(ours)) == 3
    send(ours, raw)
    again = Simulator(tmp_path)
    again.step(NOW + 10)
    again.step(NOW + 20)
    assert arrived(ours) == []
    assert list((tmp_path / "out").iterdir()) == []


def test_what_was_to_go_later_survives_that_the_process_is_killed(play, ours, tmp_path):
    send(ours, question(ENEBAKK))
    play.step(NOW)
    assert play.status()["pending"] == 2
    Simulator(tmp_path).step(NOW + 100)
    assert len(arrived(ours)) == 3


def test_one_that_is_deaf_never_saw_it_and_answers_the_next(play, ours):
    raw = question(ENEBAKK)
    play.conduct("enebakk", {"deaf": 1})
    send(ours, raw)
    play.step(NOW)
    play.conduct("enebakk", {"deaf": 0})
    send(ours, raw)
    play.step(NOW + 1)
    play.step(NOW + 9)
    assert len(arrived(ours)) == 3


@pytest.fixture
def call(play: Simulator) -> Iterator[Any]:
    control = server(play, 0)
    threading.Thread(target=control.serve_forever, daemon=True).start()

    def called(path: str, told: Any = None, *, host: str = "127.0.0.1", kind: str = "application/json") -> tuple[int, Any]:
        port = control.server_address[1]
        line = HTTPConnection("127.0.0.1", port, timeout=10)
        method, body = ("GET", None) if told is None else ("POST", json.dumps(told))
        line.request(method, path, body, {"Host": f"{host}:{port}", "Content-Type": kind})
        answer = line.getresponse()
        read_body = answer.read()
        line.close()
        return answer.status, json.loads(read_body) if answer.headers.get_content_type() == "application/json" else read_body.decode()

    yield called
    control.shutdown()
    control.server_close()


def test_the_control_sends_tells_and_shows(call, play, ours):
    assert call("/partners/enebakk/send", {"kind": "INNLEGGELSESRAPPORT", "patient": "per"}) == (200, {"sent": 1})
    play.step(4_000_000_000.0)
    assert [one.header.type.value for one in arrived(ours)] == ["INNLEGGELSESRAPPORT"]
    status, told = call("/partners/sykehus/conduct", {"refuse": "E35", "delay": 2})
    assert (status, told["refuse"], told["delay"]) == (200, "E35", 2.0)
    status, told = call("/status")
    assert [one["code"] for one in told["partners"]] == ["enebakk", "fastlege", "sykehus"]
    assert told["partners"][0]["events"][0]["what"] == "sendt"
    assert call("/partners/enebakk/answer", {}) == (200, {"sent": 0})
    assert "Samhandlingspartnere" in call("/")[1]


@pytest.mark.parametrize(
    ("path", "told", "status"),
    [
        ("/partners/enebakk/send", {"kind": "EPIKRISE"}, 404),
        ("/partners/nobody/send", {"kind": "EPIKRISE"}, 404),
        ("/partners/enebakk/send", {"kind": "INNLEGGELSESRAPPORT", "to": "1"}, 404),
        ("/partners/enebakk/send", {"kind": "INNLEGGELSESRAPPORT", "times": 100_000}, 400),
        ("/partners/enebakk/conduct", {"lose": 7}, 400),
        ("/partners/enebakk/fly", {}, 404),
        (f"/{UUID(int=4)}", None, 404),
    ],
)
def test_what_cannot_be_done_is_said(call, path, told, status):
    assert call(path, told)[0] == status


def test_only_this_machine_and_only_json_may_tell(call):
    assert call("/status", host="evil.example")[0] == 403
    assert call("/partners/enebakk/send", {"kind": "INNLEGGELSESRAPPORT"}, kind="text/plain")[0] == 415
