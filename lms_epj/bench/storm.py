"""Messages both ways while worker, web server, broker and database are killed with -9 at random moments (`manage.py bench messages`)."""

from __future__ import annotations

import json
import math
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from lms_epj.embedded.broker import EmbeddedBroker
from lms_epj.embedded.demo import HOST, web_command
from lms_epj.embedded.postgres import EmbeddedPostgres
from lms_epj.embedded.processes import start, stop

LEASE = 4  # seconds: what a killed worker held is another's soon


@dataclass
class Storm:
    """``env``: how processes reach database and broker (DATABASE_URL as the application, DATABASE_OWNER_URL as owner, REDIS_URL).

    ``port``: where the web server answers; without one there is none, and nobody writes through it.
    """

    root: Path
    folder: Path
    env: dict[str, str]
    broker: EmbeddedBroker
    chance: Random
    workers: int = 2
    port: int = 0
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    nurse: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    killed: dict[str, int] = field(default_factory=dict)
    ended: dict[str, int] = field(default_factory=dict)

    def environment(self, process: str) -> dict[str, str]:
        mine = {
            "EPJ_PROCESS": process, "EPJ_MESSAGING_TOKEN": self.token, "EPJ_MESSAGING_DIR": str(self.folder / "messages"), "EPJ_DEMO": "1",
            "EPJ_MESSAGING_LEASE_SECONDS": str(LEASE), "EPJ_STORM_NURSE": self.nurse, "EPJ_IDLE_LOCK_SECONDS": "86400", "PYTHONUNBUFFERED": "1",
            "EPJ_STATIC_ROOT": str(self.folder / "static"),
        }  # fmt: skip
        env = {**self.env, **mine}
        if process != "manage":
            env.pop("DATABASE_OWNER_URL", None)
        return env

    def begin(self, count: int) -> None:
        self.manage("ground", "--count", str(count))
        for name in ("worker", "beat", "web") if self.port else ("worker", "beat"):
            self.start(name)

    def manage(self, step: str, *arguments: str) -> None:
        subprocess.run(
            [sys.executable, "manage.py", "bench", "messages", "--step", step, *arguments], env=self.environment("manage"), cwd=self.root, check=True
        )

    def start(self, name: str) -> None:
        celery = [sys.executable, "-m", "celery", "-A", "lms_epj"]
        commands = {
            "worker": [*celery, "worker", "--queues", "messages", "--concurrency", str(self.workers), "--without-mingle", "--without-gossip"],
            "beat": [*celery, "beat", "--schedule", str(self.folder / "schedule")],
            "web": web_command(self.port),
        }
        self.running[name] = start(commands[name], env=self.environment(name), cwd=self.root, log=self.folder / f"{name}.log")

    def blow(self, kills: dict[str, Callable[[], None]], *, count: int, times: int, seconds: float, patience: float) -> dict[str, Any]:
        """Feeds and kills. ``kills``: name → kills it with -9 and starts it again. Returns what the reckoning said, with how often each was killed."""
        feed = [
            sys.executable, "manage.py", "bench", "messages", "--step", "feed", "--count", str(count), "--seconds", str(seconds), "--patience", str(patience),
            *(["--url", f"http://{HOST}:{self.port}"] if self.port else []),
        ]  # fmt: skip
        feeding = subprocess.Popen(feed, env=self.environment("manage"), cwd=self.root, stdout=subprocess.PIPE, text=True)
        # It has read what it needs and begins.
        feeding.stdout.readline()  # type: ignore[union-attr]
        began, due = time.monotonic(), list[str]()  # each kind once before any comes again
        for at in sorted(self.chance.uniform(0.05, 0.95) * seconds for _ in range(times)):
            if not self._supervise(feeding, until=began + at):
                break
            due = due or self.chance.sample(sorted(kills), len(kills))
            name = due.pop()
            kills[name]()
            self.killed[name] = self.killed.get(name, 0) + 1
        self._supervise(feeding, until=math.inf)
        said, _ = feeding.communicate()
        return {
            "killed": self.killed,
            "ended by themselves": self.ended,
            **(json.loads(said.splitlines()[-1]) if said.strip() else {"wrong": [f"the feeder ended with {feeding.returncode}"]}),
        }

    def _supervise(self, feeding: subprocess.Popen[str], *, until: float) -> bool:
        """Starts again what ends by itself, as whoever runs the product does: Celery may give up when the broker goes while it reconnects.

        False when the feeder is done before ``until`` (monotonic).
        """
        while time.monotonic() < until:
            if feeding.poll() is not None:
                return False
            for name, process in list(self.running.items()):
                if process.poll() is not None:
                    self.ended[name] = self.ended.get(name, 0) + 1
                    self.start(name)
            time.sleep(min(1.0, max(0.0, until - time.monotonic())))
        return True

    def kill_worker(self) -> None:
        """The whole group: the main process and those that work."""
        kill_group(self.running["worker"])
        self.start("worker")

    def kill_web(self) -> None:
        """The whole group, in the middle of whatever it answers."""
        kill_group(self.running["web"])
        self.start("web")

    def kill_broker(self) -> None:
        if self.broker.process:
            kill_group(self.broker.process)
        self.broker.start()

    def lose_broker(self) -> None:
        """Killed, and what it had on disk is gone too."""
        if self.broker.process:
            kill_group(self.broker.process)
        shutil.rmtree(self.broker.data)
        self.broker.start()

    def end(self) -> None:
        for process in self.running.values():
            stop(process, seconds=10)


def kill_group(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def kill_postgres(server: EmbeddedPostgres) -> None:
    """The postmaster and every process it has started: nothing writes what was in memory."""
    if server.process is None:
        return
    children = children_of(server.process.pid)
    os.kill(server.process.pid, signal.SIGKILL)
    for pid in children:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    server.process.wait()
    server.start()


def children_of(pid: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError):
                continue
            found += [int(entry.name)] if parent == pid else []
    return found
