"""The kill test on servers of its own, begun on an empty database each time."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

from lms_epj.bench.storm import Storm, kill_postgres
from lms_epj.embedded.demo import free_port
from lms_epj.embedded.services import Services

WORKERS = 4  # processes that take in and send: more than cores, since each also waits for the disk


@contextmanager
def own_servers(root: Path, var: Path, options: dict[str, Any]) -> Iterator[tuple[Storm, Services]]:
    """PostgreSQL (fsync on) with an empty database, and a broker; nothing else is started yet."""
    services = Services(var, "storm")
    for folder in (services.embedded_postgres().data, var / "messages"):
        shutil.rmtree(folder, ignore_errors=True)
    services.start_postgres()
    services.start_broker()
    if services.postgres is None or services.broker is None:
        raise SystemExit("The kill test kills its own servers only: unset DATABASE_URL and REDIS_URL.")
    served = {name: value for name, value in services.addresses().items() if name != "DATABASE_SEALER_URL"}
    env = {**os.environ, **served, **services.secrets(), "EPJ_VAR_DIR": str(var)}
    storm = Storm(root, var, env, services.broker, Random(options["seed"]), workers=WORKERS, port=free_port(options["port"]))
    for name in ("in", "out"):
        (var / "messages" / name).mkdir(parents=True, exist_ok=True)
    try:
        for step in (["migrate", "--database", "owner", "--verbosity", "0"], ["apply_settings"], ["collectstatic", "--no-input", "--verbosity", "0"]):
            subprocess.run([sys.executable, "manage.py", *step], env=storm.environment("manage"), cwd=root, check=True, stdout=subprocess.DEVNULL)
        yield storm, services
    finally:
        storm.end()
        services.stop()


def whole_storm(root: Path, var: Path, options: dict[str, Any]) -> dict[str, Any]:
    """Worker, web server, broker (also with its data) and PostgreSQL are killed ``options["kills"]`` times. The outcome of `Storm.blow`."""
    with own_servers(root, var, options) as (storm, services):
        server = services.postgres
        storm.begin(options["count"])
        kills = {
            "worker": storm.kill_worker, "web server": storm.kill_web, "broker": storm.kill_broker, "broker and its data": storm.lose_broker,
            "database": lambda: kill_postgres(server) if server else None,
        }  # fmt: skip
        return storm.blow(kills, times=options["kills"], **{name: options[name] for name in ("count", "seconds", "patience")})
