"""Everything of the product on one machine: `manage.py demo` prepares it, keeps it running and takes it down."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import psycopg
from django.conf import settings
from psycopg import sql

from lms_epj.embedded.folders import make_folder
from lms_epj.embedded.gateway import Gateway, NoTokenError
from lms_epj.embedded.keys import sealing_key_files
from lms_epj.embedded.processes import start, stop
from lms_epj.embedded.services import Services

HOST = "127.0.0.1"
WEB_WORKERS = 2
READY_SECONDS = 120
RESTARTS, RESTARTS_WITHIN = 3, 300  # so many restarts of one process in so many seconds; then everything stops


class DemoError(Exception):
    """The demo cannot start or go on; the text says why and what to do."""


class StopRequested(Exception):
    """Ctrl-C or a request to end: raised in the main thread by the signal handler, so that any step may be left."""


@dataclass
class Program:
    name: str
    command: list[str]
    env: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    restarts: list[float] = field(default_factory=list)


class Demo:
    with_broker = True

    def __init__(self, root: Path, var: Path, *, port: int, size: str, user_table: str, commands: set[str]) -> None:
        self.root, self.var, self.port, self.size = root, var, port, size
        self.user_table, self.commands = user_table, commands
        self.address = f"http://{HOST}:{port}"
        self.programs: list[Program] = []
        self.gateway = Gateway(var)
        self.step_process: subprocess.Popen[bytes] | None = None
        self.partner_port = 0

    @cached_property
    def services(self) -> Services:
        return Services(self.var, "demo")

    def run(self, *, reset: bool, describe_logins: Callable[[], object] | None) -> None:
        """Prepare, serve until told to stop, and take everything down.

        Raises:
            DemoError: it cannot start here, or a process keeps dying.
        """
        make_folder(self.var, 0o711 if os.geteuid() == 0 else 0o700)
        with RunLock(self.var / "demo.lock", self.address):
            self.check_port()
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, self.request_stop)
            try:
                self.prepare(reset=reset)
                self.serve()
                if describe_logins:
                    print(f"\n{describe_logins()}\n")
                if self.partner_port:
                    print(f"  Partners outside (Enebakk, GPs, hospital): http://{HOST}:{self.partner_port}/\n")
                print(f"READY {self.address}", flush=True)
                self.watch()
            except StopRequested:
                say("Stopping ...")
            finally:
                for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                    signal.signal(number, signal.SIG_IGN)
                self.take_down()

    def request_stop(self, *_: object) -> None:
        raise StopRequested

    def check_port(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, self.port))
            except OSError:
                raise DemoError(f"Port {self.port} is taken by another program. Choose another: --port {self.port + 1}") from None

    def prepare(self, *, reset: bool) -> None:
        if reset:
            self.reset()
        say(self.services.start_postgres())
        if self.with_broker:
            say(self.services.start_broker())
        addresses = self.services.addresses()
        if "DATABASE_OWNER_URL" not in addresses:
            raise DemoError("DATABASE_URL is set; set DATABASE_OWNER_URL too, the owner who migrates.")
        with_owner = {**self.environment("manage"), "DATABASE_OWNER_URL": addresses["DATABASE_OWNER_URL"]}
        self.step("Migrations", ["migrate", "--database", "owner", "--verbosity", "0"], with_owner)
        if "apply_settings" in self.commands:
            self.step("Settings of the gate", ["apply_settings"], with_owner)
        self.seed(addresses["DATABASE_OWNER_URL"], with_owner)
        if self.with_broker:
            self.give_token(with_owner)
        self.step("Static files", ["collectstatic", "--no-input", "--clear", "--verbosity", "0"], with_owner)

    def reset(self) -> None:
        """Throw away what an embedded demo has stored; a database of somebody else's is never emptied from here."""
        if os.environ.get("DATABASE_URL"):
            raise DemoError("--reset throws away the embedded database only. Empty the one of DATABASE_URL yourself.")
        for folder in (self.services.embedded_postgres().data, *self.var.glob("demo-*"), self.var / "sealing" / "copies"):
            shutil.rmtree(folder, ignore_errors=True)
        self.gateway.reset()
        self.marker.unlink(missing_ok=True)
        say("The stored data are thrown away.")

    @property
    def marker(self) -> Path:
        """Says that the demo data in the database are whole."""
        return self.var / "demo-data.json"

    def seed(self, owner_url: str, env: dict[str, str]) -> None:
        if "seed_demo" not in self.commands:
            return
        if self.has_users(owner_url):
            whole = json.loads(self.marker.read_text()) if self.marker.exists() else None
            if whole is None and self.services.postgres:
                raise DemoError("An earlier start was stopped while the demo data were made. Start with --reset.")
            if whole and whole["size"] != self.size:
                say(f"The data of size {whole['size']} are kept; --reset makes them anew with --size {self.size}.")
            return
        self.step(f"Demo data ({self.size})", ["seed_demo", "--size", self.size], env)
        self.marker.write_text(json.dumps({"size": self.size}))

    def give_token(self, env: dict[str, str]) -> None:
        try:
            self.gateway.prepare(self.root, env)
        except NoTokenError as error:
            raise DemoError(f"The message service got no token: {error} Data from before there were messages? Start with --reset.") from None

    def has_users(self, owner_url: str) -> bool:
        with psycopg.connect(owner_url) as connection:
            query = sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(self.user_table))
            row = connection.execute(query).fetchone()
        return bool(row and row[0])

    def serve(self) -> None:
        log_folder = self.var / "log"
        celery = [sys.executable, "-m", "celery", "-A", "lms_epj"]
        pool = "prefork" if os.access("/dev/shm", os.W_OK) else "threads"  # noqa: S108
        worker = [*celery, "worker", "--pool", pool, "--without-mingle", "--without-gossip", "--loglevel", "INFO"]
        ordinary = [*worker, "--concurrency", "2", "--hostname", "worker@%h"]
        messages = [*worker, "--concurrency", "2", "--hostname", "messages@%h", "--queues", "messages"]
        beat_file = self.var / "beat" / "schedule"
        make_folder(beat_file.parent, 0o700)
        self.programs = [
            self.web(),
            Program("worker", ordinary, self.environment("worker")),
            Program("messages", messages, {**self.environment("worker"), **self.gateway.environment()}),
            Program("beat", [*celery, "beat", "--schedule", str(beat_file), "--loglevel", "INFO"], self.environment("beat")),
            *self.sealer(),
            *self.partners(),
        ]
        with Timed(f"{', '.join(program.name for program in self.programs)} (logs in {log_folder})"):
            for program in self.programs:
                self.start_program(program)
            self.wait_until_ready()

    def web(self) -> Program:
        return Program("web", web_command(self.port), self.environment("web"))

    def sealer(self) -> list[Program]:
        """The process that seals the access log, as its own role and alone with the private key."""
        role = self.services.addresses().get("DATABASE_SEALER_URL")
        if "seal_auditlog" not in self.commands:
            return []
        if not role:
            say("DATABASE_SEALER_URL is not set: the access log is written but not sealed.")
            return []
        private, _ = sealing_key_files(self.var)
        env = {**self.environment("sealer"), "DATABASE_URL": role, "EPJ_SEALING_KEY_FILE": str(private)}
        return [Program("sealer", [sys.executable, "manage.py", "seal_auditlog", "--loop"], env)]

    def partners(self) -> list[Program]:
        """The partners outside the community, played on the folder that messages leave by and come to."""
        if "partner_simulator" not in self.commands:
            return []
        self.partner_port = free_port(self.port + 1)
        command = [sys.executable, "manage.py", "partner_simulator", "--port", str(self.partner_port), "--dir", str(self.gateway.folder)]
        served = ("DATABASE_URL", "REDIS_URL")
        return [Program("partners", command, {name: value for name, value in self.environment("partners").items() if name not in served})]

    def environment(self, process: str) -> dict[str, str]:
        """For one kind of process: the address of the role that serves, never the owner's."""
        secret = ("DATABASE_OWNER_URL", "DATABASE_SEALER_URL", "EPJ_SEALING_KEY_FILE")
        inherited = {name: value for name, value in os.environ.items() if name not in secret}
        served = {name: value for name, value in self.services.addresses().items() if name in ("DATABASE_URL", "REDIS_URL")}
        ours = {
            "EPJ_DEMO": "1",
            "EPJ_PROCESS": process,
            "EPJ_VAR_DIR": str(self.var),
            "EPJ_PUBLIC_URL": self.address,
            "EPJ_HEALTH_URL": f"{self.address}/logg-inn/",
            "PYTHONUNBUFFERED": "1",
        }
        alarms = {"EPJ_ALARM_TO": "sms:+4790000001", "EPJ_ALARM_ON_CALL": "sms:+4790000002", "EPJ_ALARM_SMS_DIR": str(self.var / "alarms")}
        return {**alarms, **inherited, **served, **self.services.secrets(), **ours}

    def step(self, text: str, arguments: list[str], env: dict[str, str]) -> None:
        """One command of manage.py, run to its end."""
        with Timed(text):
            self.step_process = start([sys.executable, "manage.py", *arguments], env=env, cwd=self.root)
            if self.step_process.wait():
                raise DemoError(f"This step failed: manage.py {' '.join(arguments)}")
            self.step_process = None

    def start_program(self, program: Program) -> None:
        log = self.var / "log" / f"{program.name}.log"
        program.process = start(program.command, env=program.env, log=log, cwd=self.root)

    def wait_until_ready(self) -> None:
        """Until the web server answers and the worker takes tasks."""
        from celery import Celery

        tasks = Celery(broker=self.services.addresses().get("REDIS_URL"))
        deadline = time.monotonic() + READY_SECONDS
        waiting_for: list[tuple[str, Callable[[], bool]]] = [
            ("web", lambda: answers(self.address)),
            ("worker", lambda: len(tasks.control.ping(timeout=1, limit=2)) == 2),
        ]
        for name, is_ready in waiting_for:
            while not is_ready():
                dead = next((program for program in self.programs if program.process and program.process.poll() is not None), None)
                if dead or time.monotonic() > deadline:
                    late = dead.name if dead else name
                    raise DemoError(f"The process {late} did not come up; see {self.var / 'log' / f'{late}.log'}.")
                time.sleep(0.1)

    def watch(self) -> None:
        """Until told to stop: a process that died is started again, unless it dies again and again."""
        while True:
            time.sleep(0.5)
            self.check_services()
            for program in self.programs:
                if program.process and program.process.poll() is not None:
                    self.restart(program, program.process.returncode)

    def check_services(self) -> None:
        for service in (self.services.postgres, self.services.broker):
            if service and service.process and service.process.poll() is not None:
                raise DemoError(f"A server that holds data ended by itself; see {service.log}. Start again: nothing stored is lost.")

    def restart(self, program: Program, code: int) -> None:
        now = time.monotonic()
        program.restarts = [moment for moment in program.restarts if now - moment < RESTARTS_WITHIN]
        log = self.var / "log" / f"{program.name}.log"
        if len(program.restarts) >= RESTARTS:
            raise DemoError(f"The process {program.name} keeps ending (code {code}); see {log}.")
        say(f"The process {program.name} ended (code {code}) and is started again; see {log}.")
        program.restarts.append(now)
        self.start_program(program)

    def take_down(self) -> None:
        """First what takes new work, then what holds the data."""
        if self.step_process:
            stop(self.step_process, seconds=10)
        for program in self.programs:
            if program.process and program.process.poll() is None:
                program.process.terminate()
        for program in self.programs:
            if program.process:
                stop(program.process, seconds=15)
        self.services.stop()


class RunLock:
    """One demo per folder: held while it runs, and read by the one who comes second."""

    def __init__(self, path: Path, address: str) -> None:
        self.path, self.address = path, address

    def __enter__(self) -> None:
        self.file = self.path.open("a+")
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.file.seek(0)
            running = json.loads(self.file.read() or "{}")
            where, pid = running.get("address", "an unknown address"), running.get("pid", "?")
            raise DemoError(f"It is running already: {where} (process {pid}). Stop that one first (Ctrl-C there, or kill {pid}).") from None
        self.file.truncate(0)
        self.file.write(json.dumps({"address": self.address, "pid": os.getpid()}))
        self.file.flush()

    def __exit__(self, *_: object) -> None:
        self.file.close()


class Timed:
    """One line on stderr: what was done, and how long it took."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __enter__(self) -> None:
        self.start = time.monotonic()

    def __exit__(self, kind: object, *_: object) -> None:
        say(f"{self.text}: {'not finished after ' if kind else ''}{time.monotonic() - self.start:.1f} s")


def web_command(port: int) -> list[str]:
    """The web server, as it runs everywhere on one machine."""
    serve = [sys.executable, "-m", "granian", "--interface", "wsgi", "lms_epj.wsgi:application", "--host", HOST, "--port", str(port)]
    workers = ["--workers", str(WEB_WORKERS), "--blocking-threads", str(settings.EPJ_WEB_THREADS)]
    return [*serve, *workers, "--respawn-failed-workers", "--workers-kill-timeout", "10"]


def free_port(wanted: int) -> int:
    """The port wanted, or any that is free."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise DemoError("No port is free.")


def answers(address: str) -> bool:
    """Whether a web server is there; any page will do, also a refusal."""
    try:
        urllib.request.urlopen(address, timeout=5).close()  # noqa: S310
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False
    return True


def say(text: str) -> None:
    print(f"  {text}", file=sys.stderr, flush=True)
