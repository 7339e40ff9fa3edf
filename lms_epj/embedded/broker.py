"""A Redis-compatible broker of our own, on a socket only."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from lms_epj.embedded.find import Broker
from lms_epj.embedded.folders import make_folder, socket_folder
from lms_epj.embedded.processes import myself, start, stop

START_SECONDS = 15


class BrokerError(Exception):
    """The broker did not start; the text names its log."""


@dataclass
class EmbeddedBroker:
    broker: Broker
    var: Path
    name: str
    durable: bool = True

    def __post_init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        # By program and version: the one does not always read the other's file.
        self.data = self.var / f"{self.name}-{self.broker.name}"
        self.socket = socket_folder(self.data, "mq", myself()) / "broker.sock"
        self.log = self.var / "log" / f"{self.name}-broker.log"

    @property
    def url(self) -> str:
        """For Celery."""
        return f"redis+socket://{self.socket}"

    def start(self) -> None:
        """Start it, and return when it listens.

        Raises:
            BrokerError: it did not come up.
        """
        make_folder(self.data, 0o700)
        make_folder(self.log.parent, 0o700)
        self.socket.unlink(missing_ok=True)
        options = {
            "--port": "0",
            "--unixsocket": str(self.socket),
            "--unixsocketperm": "700",
            "--dir": str(self.data),
            "--appendonly": "yes" if self.durable else "no",
            "--save": "",
            "--maxmemory-policy": "noeviction",
            "--daemonize": "no",
        }
        command = [self.broker.program, *(part for option in options.items() for part in option)]
        self.process = start(command, env=os.environ, log=self.log, death_signal=signal.SIGTERM)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            if self.socket.exists():
                return
            time.sleep(0.02)
        self.stop()
        raise BrokerError(f"The broker did not start; see {self.log}.")

    def stop(self) -> None:
        if self.process:
            stop(self.process)
