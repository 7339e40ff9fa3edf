"""Servers of a size for measuring: as the demo has them, on data that are kept from run to run."""

import json
import os
import time
from pathlib import Path

from lms_epj.embedded.demo import READY_SECONDS, Demo, DemoError, RunLock, answers
from lms_epj.embedded.folders import make_folder


class BenchServers(Demo):
    """The demo's PostgreSQL (fsync on) and web server, without worker, beat and sealer: nothing else runs while it is measured."""

    with_broker = False

    def measure(self, arguments: list[str]) -> None:
        """Prepares, serves, and lets ``manage.py bench --url`` measure.

        Raises:
            DemoError: it cannot start here, or the measuring failed.
        """
        make_folder(self.var, 0o711 if os.geteuid() == 0 else 0o700)
        with RunLock(self.var / "bench.lock", self.address):
            self.check_port()
            try:
                self.prepare(reset=self.unfinished())
                self.programs = [self.web()]
                self.start_program(self.programs[0])
                self.wait_for_web()
                addresses = self.services.addresses()
                # As the web: its connections keep their plans, and the requests counted in process must cost what they cost there.
                env = {**self.environment("web"), "DATABASE_OWNER_URL": addresses["DATABASE_OWNER_URL"]}
                self.step("Measurements", ["bench", "--url", self.address, "--size", self.size, *arguments], env)
            finally:
                self.take_down()

    def unfinished(self) -> bool:
        """Whether data lie here that were not made whole, or are of another size: they are our own, and made anew."""
        if self.marker.exists():
            return bool(json.loads(self.marker.read_text())["size"] != self.size)
        return self.services.embedded_postgres().data.exists()

    def wait_for_web(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not answers(self.address):
            if time.monotonic() > deadline:
                raise DemoError(f"The web server did not come up; see {self.var / 'log' / 'web.log'}.")
            time.sleep(0.1)


def folder_of(var: Path, size: str) -> Path:
    """Where a size keeps its data."""
    return var / f"bench-{size}"
