"""What a message file is, and whether it would be taken in: one JSON line per file on stdout. Needs no database."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Leser meldingsfiler og skriver én JSON-linje for hver: type, versjon, avsender, mottaker, pasient, utfall, kode og grunn."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FIL")

    def handle(self, *args: Any, **options: Any) -> None:
        from messaging.formats.inspect import inspect_file

        for name in options["files"]:
            self.stdout.write(as_line(inspect_file(name), getattr(self.stdout, "encoding", None) or "utf-8"))
            self.stdout.flush()


def as_line(facts: dict[str, Any], encoding: str) -> str:
    """Letters as they are where the terminal can show them; names of files may hold what no encoding can."""
    line = json.dumps(facts, ensure_ascii=False)
    try:
        line.encode(encoding)
    except UnicodeEncodeError:
        return json.dumps(facts)
    return line
