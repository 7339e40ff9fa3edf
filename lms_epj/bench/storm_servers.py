"""The kill test on servers of its own, begun on an empty database each time."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

from lms_epj.bench.storm import Storm, kill_postgres
from lms_epj.embedded.services import Services


def whole_storm(root: Path, var: Path, options: dict[str, Any]) -> dict[str, Any]:
    """Worker, broker and PostgreSQL (fsync on) are killed ``options["kills"]`` times. The outcome of `Storm.blow`."""
    services = Services(var, "storm")
    shutil.rmtree(services.embedded_postgres().data, ignore_errors=True)
    shutil.rmtree(var / "messages", ignore_errors=True)
    services.start_postgres()
    services.start_broker()
    if services.postgres is None or services.broker is None:
        raise SystemExit("The kill test kills its own servers only: unset DATABASE_URL and REDIS_URL.")
    addresses = services.addresses()
    served = {name: value for name, value in addresses.items() if name != "DATABASE_SEALER_URL"}
    env = {**os.environ, **served, **services.secrets(), "EPJ_VAR_DIR": str(var)}
    storm = Storm(root, var, env, services.broker, Random(options["seed"]))
    (var / "messages" / "in").mkdir(parents=True, exist_ok=True)
    (var / "messages" / "out").mkdir(parents=True, exist_ok=True)
    try:
        for step in (["migrate", "--database", "owner", "--verbosity", "0"], ["apply_settings"]):
            subprocess.run([sys.executable, "manage.py", *step], env=storm.environment("manage"), cwd=root, check=True, stdout=subprocess.DEVNULL)
        storm.begin()
        server = services.postgres
        kills = {"worker": storm.kill_worker, "broker": storm.kill_broker, "database": lambda: kill_postgres(server)}
        timing = {name: options[name] for name in ("count", "seconds", "patience")}
        return storm.blow(kills, times=options["kills"], **timing)
    finally:
        storm.end()
        services.stop()
