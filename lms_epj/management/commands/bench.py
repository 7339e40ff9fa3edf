import json
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import get_commands
from django.core.management.base import BaseCommand, CommandError

from lms_epj.bench.servers import BenchServers, folder_of
from lms_epj.embedded.demo import DemoError
from lms_epj.embedded.find import NotFoundError
from lms_epj.embedded.postgres import PostgresError

SIZES = ("ward", "follo")


class Command(BaseCommand):
    help = "Measures the everyday requests on servers of its own, or sends messages while everything is killed. The data are kept in var."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "what",
            nargs="?",
            choices=("pages", "messages", "record"),
            default="pages",
            help="messages: the kill test; record: a long record against a short one",
        )
        parser.add_argument("--count", type=int, default=1000, help="messages each way")
        parser.add_argument("--kills", type=int, default=50)
        parser.add_argument("--seconds", type=float, default=600, help="over how long they are sent")
        parser.add_argument("--patience", type=float, default=300, help="seconds until all must be settled after that")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--part", choices=("storm", "throughput"), default="storm", help="of messages: the kill test, or how fast they go")
        parser.add_argument("--step", help="one step of a part, for the servers that the environment names")
        parser.add_argument("--since", default="", help="of a step: what came after this time")
        parser.add_argument("--size", choices=SIZES, help="only this size; without it both")
        parser.add_argument("--requests", type=int, default=200, help="of each kind, one at a time and eight at a time")
        parser.add_argument("--port", type=int, default=8010)
        parser.add_argument("--out", type=Path, help="Markdown file whose section of this size is written anew, as docs/benchmarks.md")
        parser.add_argument("--url", help="measure this running server of a demo; DATABASE_URL and DATABASE_OWNER_URL name its database")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["what"] == "messages":
            self._messages(options)
            return
        if options["url"] and options["what"] == "record":
            from lms_epj.bench import long_record, messages_report

            text = long_record.measure(options["url"], settings.DATABASE_OWNER_ALIAS, options["requests"], options["size"] or SIZES[0])
            self.stdout.write(text)
            if options["out"]:
                messages_report.put(options["out"], text)
            return
        if options["url"]:
            from lms_epj.bench.run import measure

            measure(options["url"], options["size"] or SIZES[0], options["requests"], options["out"])
            return
        sizes = [options["size"]] if options["size"] else SIZES[:1] if options["what"] == "record" else SIZES
        for size in sizes:
            self._on_own_servers(size, options)

    def _on_own_servers(self, size: str, options: dict[str, Any]) -> None:
        servers = BenchServers(
            settings.BASE_DIR,
            folder_of(settings.EPJ_VAR_DIR, size),
            port=options["port"],
            size=size,
            user_table=apps.get_model(settings.AUTH_USER_MODEL)._meta.db_table,
            commands=set(get_commands()),
        )
        passed_on = ["--requests", str(options["requests"]), *(["--out", str(options["out"].resolve())] if options["out"] else [])]
        try:
            servers.measure([options["what"], *passed_on])
        except (DemoError, NotFoundError, PostgresError) as error:
            raise CommandError(str(error)) from None

    def _messages(self, options: dict[str, Any]) -> None:
        """The whole kill test, or the part of it that runs on servers already there."""
        if options["step"]:
            from lms_epj.bench import storm_feed, storm_ground

            token, nurse = os.environ["EPJ_MESSAGING_TOKEN"], os.environ["EPJ_STORM_NURSE"]
            if options["step"] == "ground":
                storm_ground.lay_ground(settings.DATABASE_OWNER_ALIAS, token, nurse, messages=options["count"])
                return
            if options["step"] != "feed":
                from lms_epj.bench import flow_steps

                self.stdout.write(json.dumps(flow_steps.run(options["step"], Path(settings.EPJ_MESSAGING_DIR), nurse, options)))
                return
            timing = {name: options[name] for name in ("count", "seconds", "patience", "seed")}
            storm_feed.report(storm_feed.feed(Path(settings.EPJ_MESSAGING_DIR), nurse, web=options["url"] or "", **timing))
            return
        from lms_epj.bench import flow, messages_report, storm_servers

        load, var = os.getloadavg()[0], settings.EPJ_VAR_DIR / "bench-messages"
        if options["part"] == "throughput":
            figures = flow.whole_flow(settings.BASE_DIR, var, options)
            text = messages_report.throughput(figures, load)
            self.stdout.write(text)
        else:
            outcome = storm_servers.whole_storm(settings.BASE_DIR, var, options)
            text = messages_report.storm(outcome, load)
            self.stdout.write(json.dumps(outcome, ensure_ascii=False, indent=1))
        if options["out"]:
            messages_report.put(options["out"], text)
        if options["part"] == "throughput":
            return
        if outcome["wrong"]:
            raise CommandError("Not everything agrees.")
