"""How fast messages go both ways, on servers of its own (`manage.py bench messages --part throughput`)."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg

from lms_epj.bench.storm import Storm, children_of
from lms_epj.bench.storm_servers import WORKERS, own_servers
from lms_epj.embedded.demo import HOST, answers
from lms_epj.embedded.postgres import SUPERUSER
from lms_epj.embedded.processes import stop
from lms_epj.embedded.services import DATABASE, Services


def whole_flow(root: Path, var: Path, options: dict[str, Any]) -> dict[str, Any]:
    """Every part in turn, the calm one first: its list of messages is short as on a ward. Figures by part."""
    with own_servers(root, var, options) as (storm, services):
        storm.manage("ground", "--count", str(options["count"]))
        figures = {"where": _where(storm, services)}
        for name in ("web", "worker", "beat"):
            storm.start(name)
        address = f"http://{HOST}:{storm.port}"
        while not answers(address):
            time.sleep(0.1)
        figures["paced"] = _step(storm, "paced", "--seconds", str(options["seconds"]), "--url", address)
        stop(storm.running["web"], seconds=20)
        memory = {"start": _memory(storm)}
        for way in ("in", "out"):
            figures[way] = _full_speed(storm, way, options["count"])
            memory[way] = _memory(storm)
        return figures | {"memory": memory, "workers": WORKERS, "count": options["count"]}


def _full_speed(storm: Storm, way: str, count: int) -> dict[str, Any]:
    """All of it waits before the workers, held still meanwhile, go on."""
    group = storm.running["worker"].pid
    os.killpg(group, signal.SIGSTOP)
    try:
        began = _step(storm, f"letters-{way}", "--count", str(count))
    finally:
        os.killpg(group, signal.SIGCONT)
    return _step(storm, f"drain-{way}", "--count", str(count), "--since", began["at"])


def _where(storm: Storm, services: Services) -> dict[str, Any]:
    """The share of each kind of work, with the server counting what its functions take."""
    if services.postgres is None:
        raise RuntimeError("own servers have a PostgreSQL of their own")
    url = services.postgres.url(SUPERUSER, services.keys.superuser, DATABASE)
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"ALTER DATABASE {DATABASE} SET track_functions = 'pl'")
        figures = _step(storm, "where", "--count", "1000")
        server.execute(f"ALTER DATABASE {DATABASE} RESET track_functions")
        return figures


def _step(storm: Storm, step: str, *arguments: str) -> dict[str, Any]:
    """One step as a process of its own; the last line it prints is what came of it."""
    command = [sys.executable, "manage.py", "bench", "messages", "--step", step, *arguments]
    said = subprocess.run(command, env=storm.environment("manage"), cwd=storm.root, check=True, stdout=subprocess.PIPE, text=True).stdout
    return dict(json.loads(said.splitlines()[-1]))


def _memory(storm: Storm) -> list[float]:
    """MB in memory of each process that takes in and sends."""
    return sorted(_resident(pid) for pid in children_of(storm.running["worker"].pid))


def _resident(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return round(int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024, 1)
