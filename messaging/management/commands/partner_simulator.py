"""The partners of the demo: Enebakk's care system, GPs and the hospital, as a process of their own. Needs no database."""

import signal
import threading
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Spiller tre samhandlingspartnere mot katalogen filtransporten deler med sin meldingstjener. Bare for demo og test."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, required=True, help="port på 127.0.0.1 for styresiden")
        parser.add_argument("--dir", type=Path, required=True, help="katalogen (EPJ_MESSAGING_DIR)")
        parser.add_argument("--seed", type=int, help="samme tall gir samme tilfeldigheter")

    def handle(self, *args: Any, **options: Any) -> None:
        from messaging.simulator.control import server
        from messaging.simulator.run import Simulator

        if not (settings.EPJ_DEMO or settings.EPJ_TEST):
            raise CommandError("The partners write about made-up people: only for demo and test (EPJ_DEMO=1).")
        simulator = Simulator(options["dir"], options["seed"])
        control = server(simulator, options["port"])
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: simulator.stop.set())
        threading.Thread(target=control.serve_forever, daemon=True).start()
        self.stderr.write(f"Partners on http://127.0.0.1:{control.server_address[1]}/, files in {options['dir']}")
        simulator.run()
        control.shutdown()
