from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from lms_epj.core.clock import now
from messaging.domain.register_rows import COLUMNS, RowsFault
from messaging.services.addresses import addresses_import


class Command(BaseCommand):
    help = f"Brings the address register up to date from a file (JSON, or CSV with {';'.join(COLUMNS)}). Runs as owner."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--whole", action="store_true", help="the file is the whole register: retire others that it does not name")

    def handle(self, *args: Any, file: Path, whole: bool, **options: Any) -> None:
        try:
            done = addresses_import(text=file.read_text(encoding="utf-8-sig"), using=settings.DATABASE_OWNER_ALIAS, at=now(), whole=whole)
        except (OSError, UnicodeDecodeError, RowsFault) as error:
            raise CommandError(f"Nothing was written. {error}") from error
        self.stdout.write(str(done))
