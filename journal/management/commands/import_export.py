from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from journal.services.imports import ImportFault, check_files, export_import


class Command(BaseCommand):
    help = "Reads the copy a municipality took along (see docs/operations.md) into an empty installation, and compares it row by row. As owner."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="the folder with manifest.json")
        parser.add_argument("--check", action="store_true", help="only hold the files against the manifest; write nothing")

    def handle(self, *args: Any, folder: Path, check: bool, **options: Any) -> None:
        try:
            if check:
                manifest = check_files(folder)
                self.stdout.write(f"Whole: {len(manifest['files'])} files, {manifest['totals']['patients']} patients.")
                return
            outcome = export_import(folder=folder, using=settings.DATABASE_OWNER_ALIAS, told=self.stderr.write)
        except ImportFault as fault:
            raise CommandError(f"{fault} Nothing was written.") from None
        self.stdout.write(f"Read in and compared: {outcome.written['access_patient']} patients, {outcome.compared} rows, all as in the copy.")
